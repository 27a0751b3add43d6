using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary><c>oarsub -I</c> and <c>oarsub -C</c> with somebody at the terminal.</summary>
public class OarInteractiveTests
{
    static Task<TestbedGrid> OpenAsync() => TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });

    static OarJob LastJob(TestbedGrid grid) => grid.World.Parts.OfType<OarPart>().Single().Servers["nancy"].Jobs.Values.Last();

    [Fact]
    public async Task The_shell_of_an_interactive_job_ends_the_job()
    {
        await using TestbedGrid grid = await OpenAsync();
        var terminal = new ScriptedTerminal("echo job=$OAR_JOB_ID nodes=$(sort -u $OAR_NODE_FILE|wc -l)", "hostname", "exit");
        int status = await grid.GetFrontend("nancy")
            .RunInteractiveAsync(new CommandRequest("oarsub", "-I", "-l", "{cluster='gros'}/nodes=2,walltime=0:05"), terminal);
        OarJob job = LastJob(grid);
        string node = job.Nodes[0].Name, prompt = $"jdoe@{job.Nodes[0].ShortName}:~$ ";
        Assert.Equal(0, status);
        Assert.EndsWith($"""
            OAR_JOB_ID={job.Id}
            Interactive mode: waiting...
            Starting...
            Connect to OAR job {job.Id} via the node {node}
            {prompt}echo job=$OAR_JOB_ID nodes=$(sort -u $OAR_NODE_FILE|wc -l)
            job={job.Id} nodes=2
            {prompt}hostname
            {node}
            {prompt}exit
            logout
            Disconnected from OAR job {job.Id}.

            """, terminal.Screen, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(30), grid.Time);
        Assert.Equal("Error", job.State);
        Assert.Equal(["FRAG_JOB_REQUEST", "SEND_KILL_JOB", "SWITCH_INTO_ERROR_STATE"], job.Progress.Events.Select(e => e.Type));
    }

    [Fact]
    public async Task A_shell_in_a_running_job_leaves_it_running()
    {
        await using TestbedGrid grid = await OpenAsync();
        IFrontend nancy = grid.GetFrontend("nancy");
        await nancy.RunAsync(new CommandRequest("oarsub", "-l", "nodes=1,walltime=1", "sleep 3000"));
        OarJob job = LastJob(grid);
        string id = $"{job.Id}";
        var early = new ScriptedTerminal();
        Assert.Equal(20, await nancy.RunInteractiveAsync(new CommandRequest("oarsub", "-C", id), early));
        Assert.Equal($"[ERROR] the job {id} is not running. Its current state is Waiting.\n", early.Screen);
        await Task.Delay(TimeSpan.FromSeconds(60), grid.Time);
        var terminal = new ScriptedTerminal("whoami");
        Assert.Equal(0, await nancy.RunInteractiveAsync(new CommandRequest("oarsub", "-C", id), terminal));
        Assert.StartsWith($"Connect to OAR job {id} via the node {job.Nodes[0].Name}\n", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains("whoami\njdoe\n", terminal.Screen, StringComparison.Ordinal);
        Assert.EndsWith($"Disconnected from OAR job {id}.\n", terminal.Screen, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(30), grid.Time);
        Assert.Equal("Running", job.State);
    }

    [Fact]
    public async Task The_end_of_the_job_cuts_its_shell_off()
    {
        await using TestbedGrid grid = await OpenAsync();
        var terminal = new ScriptedTerminal("sleep 4000") { ThinksForEver = true };
        int status = await grid.GetFrontend("nancy").RunInteractiveAsync(new CommandRequest("oarsub", "-I", "-l", "nodes=1,walltime=0:10"), terminal);
        Assert.Equal(0, status);
        Assert.Contains("closed by remote host.\nDisconnected from OAR job", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains(LastJob(grid).Progress.Events, e => e.Description.EndsWith("(Elapsed)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_while_it_talks_deletes_the_job()
    {
        await using TestbedGrid grid = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var terminal = new ScriptedTerminal { ThinksForEver = true };
        Task<int> talk = grid.GetFrontend("nancy")
            .RunInteractiveAsync(new CommandRequest("oarsub", "-I", "-l", "nodes=1,walltime=0:10"), terminal, stop.Token);
        for (int i = 0; i < 500 && !terminal.Screen.EndsWith("$ ", StringComparison.Ordinal); i++) await Task.Delay(10);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => talk);
        Assert.True(LastJob(grid).Progress.Fragged);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_begun()
    {
        await using TestbedGrid grid = await OpenAsync();
        G5kException error = await Assert.ThrowsAsync<G5kException>(() =>
            grid.GetFrontend("nancy").RunInteractiveAsync(new CommandRequest("oarsub", "-I"), new ScriptedTerminal { IsInteractive = false }));
        Assert.Equal("NoTerminal", error.Code);
    }

    [Fact]
    public async Task Somebody_in_another_process_can_talk_too()
    {
        using var folder = new TemporaryFolder();
        await using TestbedGrid owner = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 1000, StatePath = folder.Path });
        await using TestbedGrid joined = await TestbedGrid.OpenAsync(new TestbedOptions { StatePath = folder.Path });
        Assert.True(joined.IsJoined);
        var terminal = new ScriptedTerminal("echo $OAR_JOB_WALLTIME");
        Assert.Equal(0, await joined.GetFrontend("nancy")
            .RunInteractiveAsync(new CommandRequest("oarsub", "-I", "-l", "nodes=1,walltime=2"), terminal));
        Assert.Contains("\n2:0:0\n", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains("\nDisconnected from OAR job ", terminal.Screen, StringComparison.Ordinal);
        Assert.True(LastJob(owner).Progress.Fragged);
    }
}
