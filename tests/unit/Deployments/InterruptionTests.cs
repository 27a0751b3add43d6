using WaltG5k.Core;
using WaltG5k.Core.Deployments;

namespace WaltG5k.Tests.Deployments;

/// <summary>Ctrl-C in every step, and the death of the process at every line of its journal.</summary>
public class InterruptionTests
{
    public static TheoryData<string> StepNames =>
        [.. DeploymentGraph.Build(new DeploymentRequest(), ["nancy", "rennes"], "nancy", "nancy").Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(StepNames))]
    public async Task Cancelling_in_a_step_leaves_no_job(string step)
    {
        await using Platform platform = await Platform.OpenAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DeploymentRun run = await platform.StartAsync(Platform.TwoSites(), beforeAppend: entry =>
        {
            if (entry.Step is { State: StepState.Running } running && running.Name == step) reached.TrySetResult();
        });
        await reached.Task.WaitAsync(platform.Limit);
        await run.CancelAsync().WaitAsync(platform.Limit);

        Assert.Equal(DeploymentState.Released, platform.Service.Get(run.Id).State);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task Whatever_line_of_the_journal_the_process_dies_at_the_deployment_can_be_resumed()
    {
        int writes;
        await using (Platform platform = await Platform.OpenAsync())
        {
            var power = new PowerSwitch(platform.Grid);
            DeploymentRun run = await platform.StartAsync(Platform.TwoSites(), power, power.OnAppend);
            Assert.Equal(DeploymentState.Ready, (await run.Completion.WaitAsync(platform.Limit)).State);
            writes = power.Writes;
        }
        Assert.InRange(writes, 50, 200);
        IEnumerable<int> cuts = Enumerable.Range(2, writes - 1);   // without its first line there is no deployment yet
        await Parallel.ForEachAsync(cuts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (cut, _) => await AssertResumableAsync(cut));
    }

    static async Task AssertResumableAsync(int cut)
    {
        await using Platform platform = await Platform.OpenAsync();
        string id = await DieAsync(platform, cut);
        Assert.Equal(DeploymentState.Interrupted, platform.Service.Get(id).State);
        DeploymentRun resumed = await platform.Service.ResumeAsync(id, cancellationToken: platform.Limit);
        DeploymentInfo info = await resumed.Completion.WaitAsync(platform.Limit);
        string outcome = $"cut at line {cut}: {info.State}, {string.Join("; ", info.Findings)}";
        Assert.True(info.State == DeploymentState.Ready && info.NodesReady == 4, outcome);
        Assert.Equal(2, platform.LiveJobs.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(30)]
    public async Task A_deployment_whose_process_died_can_be_released(int cut)
    {
        await using Platform platform = await Platform.OpenAsync();
        string id = await DieAsync(platform, cut);
        DeploymentInfo released = await platform.Service.ReleaseAsync(id, platform.Limit);
        Platform.AssertState(DeploymentState.Released, released);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_wait_for_a_deployment_that_nobody_drives_says_how_to_go_on()
    {
        await using Platform platform = await Platform.OpenAsync();
        string id = await DieAsync(platform, 20);
        Task Wait() => platform.Service.WaitAsync(id, TimeSpan.FromHours(1), cancellationToken: platform.Limit);
        G5kException e = await Assert.ThrowsAsync<G5kException>(Wait);
        Assert.Equal("DeploymentInterrupted", e.Code);
        Assert.Contains("Resume-WaltDeployment", e.Recommendation, StringComparison.Ordinal);
    }

    static async Task<string> DieAsync(Platform platform, int cut)
    {
        var power = new PowerSwitch(platform.Grid) { CutAtWrite = cut };
        DeploymentRun run = await platform.StartAsync(Platform.TwoSites(), power, power.OnAppend);
        await ((Task)run.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(power.IsOff);
        return run.Id;
    }
}
