using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>Shells in jobs, over a pseudo-terminal.</summary>
[Collection(LabCollection.Name)]
public class InteractiveTests(OarLab lab)
{
    [LabFact]
    public async Task A_new_job_opens_a_shell_and_ends_with_it()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        CommandRequest command = OarClient.GetInteractiveCommand(OarTest.Job("shell", command: null));
        CommandResult result = await test.Frontend.RunAsync(command with { Timeout = OarTest.Soon, Input = "echo inside-$OAR_JOB_NAME; exit\n" },
            null, test.Limit);
        Assert.Contains("inside-shell", result.Output, StringComparison.Ordinal);
        Assert.Contains("Disconnected from OAR job", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitStatus);
    }

    [LabFact]
    public async Task A_shell_in_a_running_job_leaves_it_running()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("host", command: null) with { Start = DateTimeOffset.UtcNow.AddSeconds(5) });
        CommandResult result = await test.Frontend.RunAsync(
            OarClient.GetConnectCommand(running.Id) with { Timeout = OarTest.Soon, Input = "echo in-$OAR_JOB_ID; exit\n" }, null, test.Limit);
        Assert.Contains($"in-{running.Id}", result.Output, StringComparison.Ordinal);
        Assert.Equal(OarJobState.Running, (await test.GetAsync(running.Id)).State);
    }

    [LabFact]
    public async Task A_job_that_does_not_run_has_no_shell()
    {
        await using OarTest test = await lab.OpenOarAsync();
        CommandResult result = await test.Frontend.RunAsync(OarClient.GetConnectCommand(99_999) with { Timeout = OarTest.Soon }, null, test.Limit);
        Assert.Equal(20, result.ExitStatus);
    }
}
