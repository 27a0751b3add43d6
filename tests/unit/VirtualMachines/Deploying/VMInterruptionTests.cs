using WaltG5k.Core.Deployments;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.VirtualMachines.Deploying;

/// <summary>Ctrl-C in every step, and the death of the process at lines of its journal.</summary>
public class VMInterruptionTests
{
    static readonly VMDeploymentRequest s_request = VMPlatform.Count(4) with { Program = "true" };

    public static TheoryData<string> StepNames => [.. VMGraph.Build(s_request, ["nancy"]).Select(s => s.Name).Where(n => n != "images")];

    [Theory]
    [MemberData(nameof(StepNames))]
    public async Task Cancelling_in_a_step_leaves_neither_job_nor_machine(string step)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VMDeploymentRun run = await platform.StartAsync(s_request, beforeAppend: entry =>
        {
            if (entry.Step is { State: StepState.Running } running && running.Name == step) reached.TrySetResult();
        });
        await reached.Task.WaitAsync(platform.Limit);
        await run.CancelAsync().WaitAsync(platform.Limit);

        Assert.Equal(DeploymentState.Released, platform.Service.Get(run.Id).State);
        Assert.Empty(platform.LiveJobs);
        Assert.Empty(platform.Guests);
    }

    [Fact]
    public async Task Whatever_line_of_the_journal_the_process_dies_at_the_deployment_can_be_resumed()
    {
        int writes;
        await using (VMPlatform platform = await VMPlatform.OpenAsync())
        {
            var power = new PowerSwitch(platform.Grid);
            VMDeploymentRun run = await platform.StartAsync(s_request, power, power.OnAppend);
            VMPlatform.AssertReady(await run.Completion.WaitAsync(platform.Limit), 4);
            writes = power.Writes;
        }
        Assert.InRange(writes, 50, 150);
        // Every eighth line, the last ones included: without its first line there is no deployment yet.
        IEnumerable<int> cuts = Enumerable.Range(2, writes - 2).Where(n => n % 8 == writes % 8);
        await Parallel.ForEachAsync(cuts, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (cut, _) => await AssertResumableAsync(cut));
    }

    static async Task AssertResumableAsync(int cut)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        string id = await DieAsync(platform, cut);
        Assert.Equal(DeploymentState.Interrupted, platform.Service.Get(id).State);
        VMDeploymentRun resumed = await platform.Service.ResumeAsync(id, platform.Limit);
        VMDeploymentInfo info = await resumed.Completion.WaitAsync(platform.Limit);
        Assert.True(info.State == DeploymentState.Ready && info.MachinesReady == 4 && info.ProgramStatus == 0,
            $"cut at line {cut}: {VMPlatform.Story(info)}");
        Assert.Single(platform.LiveJobs);
        Assert.Equal(4, platform.Guests.Count);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    public async Task A_deployment_whose_process_died_can_be_released(int cut)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        string id = await DieAsync(platform, cut);
        Assert.Equal(DeploymentState.Released, (await platform.Service.ReleaseAsync(id, cancellationToken: platform.Limit)).State);
        Assert.Empty(platform.LiveJobs);
        Assert.Empty(platform.Guests);
    }

    static async Task<string> DieAsync(VMPlatform platform, int cut)
    {
        var power = new PowerSwitch(platform.Grid) { CutAtWrite = cut };
        try
        {
            VMDeploymentRun run = await platform.StartAsync(s_request, power, power.OnAppend);
            await run.Completion.WaitAsync(platform.Limit);
        }
        catch (PowerLostException) { /* as after kill -9 */ }
        return platform.Service.GetAll()[0].Id;
    }
}
