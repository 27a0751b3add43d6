using WaltG5k.Core;
using WaltG5k.Core.Execution;

namespace WaltG5k.IntegrationTests.Execution;

/// <summary>Commands that a real TakTuk carries to many targets, all of them this machine.</summary>
public sealed class TakTukTests : IAsyncLifetime
{
    const string TakTuk = "/usr/bin/taktuk";

    static readonly NodeExecutionOptions s_flat = new() { Spread = NodeSpread.TakTuk, ConnectTimeout = TimeSpan.FromSeconds(20) };

    LoopbackSshd? _sshd;
    NodeExecutor? _executor;

    LoopbackSshd Sshd => _sshd!;
    NodeExecutor Executor => _executor!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(LoopbackSshd.Program)) return;
        _sshd = await LoopbackSshd.StartAsync();
        _executor = Sshd.OpenExecutor();
    }

    public async Task DisposeAsync()
    {
        if (_executor is not null) await _executor.DisposeAsync();
        if (_sshd is not null) await _sshd.DisposeAsync();
    }

    [RequiresProgramsTheory(LoopbackSshd.Program, TakTuk)]
    [InlineData(NodeSpread.TakTuk)]
    [InlineData(NodeSpread.TakTukTree)]
    public async Task Each_target_has_its_own_outputs_to_the_byte_and_its_true_status(NodeSpread spread)
    {
        string input = "1é\r\n{{host}} 'x' %41\t\n";
        NodeCommand command = NodeCommand.Script("cat; printf '%s' \"$TAKTUK_POSITION ]\"; printf 'e é' >&2; [ $TAKTUK_POSITION != 2 ] || exit 255; [ $TAKTUK_POSITION != 3 ] || kill -KILL $$") with
        {
            Input = input,
            Environment = new Dictionary<string, string> { ["WALT_TEST"] = "c 'd'" },
        };
        IReadOnlyList<NodeCommandResult> results = await Executor.RunAllAsync(LoopbackSshd.Targets(5), command, s_flat with { Spread = spread });
        Assert.Equal([0, 255, 137, 0, 0], results.Select(r => r.ExitStatus));
        Assert.Equal([null, null, "KILL", null, null], results.Select(r => r.Signal));
        for (int i = 0; i < 5; i++)
            Assert.Equal(($"{input}{i + 1} ]", i == 2 ? "e éKilled\n" : "e é", 1), (results[i].Output, results[i].Error, results[i].Attempts)); // its shell's word
        Assert.Equal(0, Executor.WarmConnections);
        Assert.Equal(5, Sshd.CountLogins());
    }

    [RequiresProgramsFact(LoopbackSshd.Program, TakTuk)]
    public async Task Targets_that_cannot_be_reached_say_why_and_do_not_spoil_the_others()
    {
        NodeTarget[] targets = [.. LoopbackSshd.Targets(3), new("nohost", "nancy") { Address = "no-such-host.invalid" }, new("dead", "nancy") { Port = 1, Address = "127.0.0.1" }];
        IReadOnlyList<NodeCommandResult> results = await Executor.RunAllAsync(targets, NodeCommand.Script("echo ok"), s_flat);
        Assert.Equal(["ok\n", "ok\n", "ok\n", "", ""], results.Select(r => r.Output));
        Assert.Equal(["there is no host of that name", "it refuses connections"], results.Skip(3).Select(r => r.Reason));
        Assert.All(results.Skip(3), r => Assert.Equal((NodeCommandState.Unreachable, null, 1), (r.State, r.ExitStatus, r.Attempts)));
    }

    [RequiresProgramsFact(LoopbackSshd.Program, TakTuk)]
    public async Task A_command_that_has_no_time_left_ends_there_and_the_quick_ones_are_told_before()
    {
        string marker = TestProcesses.NewMarker();
        var order = new List<NodeCommandResult>();
        NodeCommand command = NodeCommand.Script($"echo begun; [ $TAKTUK_POSITION != 1 ] || sleep {marker}");
        await foreach (NodeCommandResult result in Executor.RunAsync(LoopbackSshd.Targets(3), command, s_flat with { Timeout = TimeSpan.FromSeconds(1) })) order.Add(result);
        Assert.Equal([NodeCommandState.Succeeded, NodeCommandState.Succeeded, NodeCommandState.TimedOut], order.Select(r => r.State));
        Assert.Equal("begun\n", order[2].Output);
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 0));
    }

    [RequiresProgramsTheory(LoopbackSshd.Program, TakTuk)]
    [InlineData("")]
    [InlineData("trap '' INT TERM; ")]
    public async Task Cancelling_ends_what_runs_on_the_targets(string trap)
    {
        string marker = TestProcesses.NewMarker();
        using var stop = new CancellationTokenSource();
        var results = new List<NodeCommandResult>();
        Task run = Task.Run(async () =>
        {
            await foreach (NodeCommandResult result in Executor.RunAsync(LoopbackSshd.Targets(4), NodeCommand.Script($"{trap}sleep {marker}; true"), s_flat, null, stop.Token)) results.Add(result);
        });
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 4));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 0));
        Assert.All(results, r => Assert.Equal(NodeCommandState.Cancelled, r.State));
        Assert.Equal(4, results.Count);
        Assert.True(await TestProcesses.BecomesAsync(() => Sshd.CountSessions() == 0));
    }

    [RequiresProgramsFact(LoopbackSshd.Program, TakTuk)]
    public async Task A_connection_that_breaks_is_told_and_its_command_not_repeated()
    {
        string marker = TestProcesses.NewMarker();
        Task<IReadOnlyList<NodeCommandResult>> run = Executor.RunAllAsync(LoopbackSshd.Targets(2), NodeCommand.Script($"sleep {marker}"), s_flat);
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 2));
        Sshd.KillSessions();
        Assert.All(await run, r => Assert.Equal((NodeCommandState.Unreachable, "the connection broke while the command ran", 1), (r.State, r.Reason, r.Attempts)));
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 0));
    }

    [RequiresProgramsFact(LoopbackSshd.Program, TakTuk)]
    public async Task A_command_that_it_cannot_carry_is_refused_where_it_was_asked_for()
    {
        foreach (NodeCommand command in (NodeCommand[])[NodeCommand.Script("echo {{host}}") with { IsTemplate = true }, NodeCommand.Script("cat") with { Input = new string('x', 100_000) }])
            Assert.Equal("TakTukUnsuitable", (await Assert.ThrowsAsync<G5kException>(() => Executor.RunAllAsync(LoopbackSshd.Targets(1), command, s_flat))).Code);
    }
}
