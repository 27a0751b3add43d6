using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core.Execution;

namespace WaltG5k.IntegrationTests.Execution;

/// <summary>Commands on many targets, all of them this machine, through a real ssh and a real sshd.</summary>
public sealed class NodeExecutorTests : IAsyncLifetime
{
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

    Task<IReadOnlyList<NodeCommandResult>> RunAsync(NodeTarget[] targets, NodeCommand command, NodeExecutionOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Executor.RunAllAsync(targets, command, options, null, cancellationToken);

    async Task<NodeCommandResult> RunAsync(string script) => Assert.Single(await RunAsync(LoopbackSshd.Targets(1), NodeCommand.Script(script)));

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task What_a_command_prints_and_its_status_arrive_to_the_byte_cold_and_warm()
    {
        for (int run = 0; run < 2; run++)
        {
            NodeCommandResult result = await RunAsync("printf 'a\\nb'; printf 'e é' >&2; exit 7");
            Assert.Equal((NodeCommandState.Failed, 7, "a\nb", "e é", run == 1),
                (result.State, result.ExitStatus, result.Output, result.Error, result.IsWarm));
            Assert.Equal(("the command ended with status 7", 1), (result.Reason, result.Attempts));
        }
        Assert.Equal(1, Sshd.CountLogins());
    }

    [RequiresProgramsTheory(LoopbackSshd.Program)]
    [InlineData("exit 255", 255, null)]
    [InlineData("kill -KILL $$", 137, "KILL")]
    [InlineData("/nonexistent", 127, null)]
    [InlineData("if", 2, null)]
    public async Task A_status_of_the_command_is_never_one_of_ssh(string script, int status, string? signal)
    {
        // In a shell of its own, as kill needs one.
        NodeCommandResult cold = await RunAsync(script == "if" ? script : $"exec /bin/sh -c '{script}'"),
            warm = await RunAsync(script == "if" ? script : $"exec /bin/sh -c '{script}'");
        Assert.All((NodeCommandResult[])[cold, warm],
            r => Assert.Equal((NodeCommandState.Failed, status, signal), (r.State, r.ExitStatus, r.Signal)));
        Assert.True(warm.IsWarm);
        Assert.Equal("ok\n", (await RunAsync("echo ok")).Output);
        Assert.Equal(1, Sshd.CountLogins());
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task Words_input_environment_and_substitution_arrive_as_they_are()
    {
        string input = "1é\\n\n{{host}} '" + new string('x', 200_000);
        NodeCommand command = NodeCommand.Program("/bin/sh", "-c", "printf '<%s>' \"$@\" \"$WALT_TEST\"; cat", "sh", "a b", "",
            "it's {{index}} of {{count}}", "$HOME") with
        {
            Input = input,
            IsTemplate = true,
            Environment = new Dictionary<string, string> { ["WALT_TEST"] = "c 'd'" },
        };
        for (int run = 0; run < 2; run++)
        {
            IReadOnlyList<NodeCommandResult> results = await RunAsync(LoopbackSshd.Targets(2), command);
            Assert.All(results, r => Assert.Equal(("", NodeCommandState.Succeeded), (r.Error, r.State)));
            for (int i = 0; i < 2; i++)
                Assert.Equal($"<a b><><it's {i} of 2><$HOME><c 'd'>" + input.Replace("{{host}}", LoopbackSshd.Name(i + 1), StringComparison.Ordinal),
                    results[i].Output);
        }
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task Without_input_a_command_reads_an_empty_one_and_cannot_read_the_next_command()
    {
        Assert.Equal("[]", (await RunAsync("printf '[%s]' \"$(cat)\"")).Output);
        Assert.Equal("[]", (await RunAsync("printf '[%s]' \"$(cat)\"")).Output);
        Assert.Equal("ok\n", (await RunAsync("echo ok")).Output);
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task Output_beyond_the_limit_is_counted_and_dropped()
    {
        NodeCommandResult result = Assert.Single(
            await RunAsync(LoopbackSshd.Targets(1), NodeCommand.Script("head -c 300000 /dev/zero | tr '\\0' x"),
            new NodeExecutionOptions { OutputLimit = 1000 }));
        Assert.Equal((1000, 299_000L, true, NodeCommandState.Succeeded),
            (result.Output.Length, result.DroppedBytes, result.IsTruncated, result.State));
    }

    [RequiresProgramsTheory(LoopbackSshd.Program)]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("trap '' INT TERM; ", false)]
    [InlineData("trap '' INT TERM; ", true)]
    public async Task A_cancelled_command_is_ended_on_the_target_within_a_second(string trap, bool isWarm)
    {
        if (isWarm) await RunAsync("true");
        string marker = TestProcesses.NewMarker();
        using var stop = new CancellationTokenSource();
        var results = new List<NodeCommandResult>();
        Task run = Task.Run(async () =>
        {
            await foreach (NodeCommandResult result in Executor.RunAsync(LoopbackSshd.Targets(3), NodeCommand.Script($"{trap}sleep {marker}; true"),
                new NodeExecutionOptions { ThrottleLimit = 2 }, null, stop.Token))
                results.Add(result);
        });
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 2));
        long start = Stopwatch.GetTimestamp();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 0));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(3, results.Count);
        // A target that lets nobody in for a second gives its place away: on a busy machine the third may have been on its way.
        Assert.All(results, r => Assert.True(r.State is NodeCommandState.Cancelled or NodeCommandState.Skipped, $"{r.State}"));
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task Ending_a_later_command_spares_the_connection_and_what_an_earlier_one_left()
    {
        string left = TestProcesses.NewMarker(), ended = TestProcesses.NewMarker();
        await RunAsync($"sleep {left} >/dev/null 2>&1 &");
        NodeCommandResult result = Assert.Single(
            await RunAsync(LoopbackSshd.Targets(1), NodeCommand.Script($"echo begun; sleep {ended}"),
            new NodeExecutionOptions { Timeout = TimeSpan.FromMilliseconds(300) }));
        Assert.Equal((NodeCommandState.TimedOut, "begun\n", "the command did not end within 0.3 s and was ended"),
            (result.State, result.Output, result.Reason));
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(ended) == 0));
        Assert.Equal(1, TestProcesses.Count(left));
        Assert.True((await RunAsync($"pkill -f 'sleep {left}'; true")).IsWarm);
        Assert.Equal(1, Sshd.CountLogins());
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task A_dead_and_a_hanging_target_do_not_hold_up_the_others()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0); // lets us connect, and says nothing
        hanging.Start();
        NodeTarget[] targets =
        [
            new("dead-1", "nancy") { Address = "127.0.0.1", Port = 1 },
            new("hanging-1", "nancy") { Address = "127.0.0.1", Port = ((IPEndPoint)hanging.LocalEndpoint).Port },
            .. LoopbackSshd.Targets(48),
        ];
        var order = new List<NodeCommandResult>();
        await foreach (NodeCommandResult result in Executor.RunAsync(targets, NodeCommand.Script("echo ok"),
            new NodeExecutionOptions { ConnectTimeout = TimeSpan.FromSeconds(3), ThrottleLimit = 1 })) order.Add(result);
        Assert.Equal(50, order.Count);
        Assert.Equal(48, order.Count(r => r is { IsSuccess: true, Output: "ok\n" }));
        NodeCommandResult dead = order.Single(r => r.Name == "dead-1"), hung = order.Single(r => r.Name == "hanging-1");
        Assert.Equal((NodeCommandState.Unreachable, "it refuses connections"), (dead.State, dead.Reason));
        Assert.Equal(NodeCommandState.Unreachable, hung.State);
        Assert.True(order.IndexOf(hung) > 1, "A target that does not answer has kept the only place.");
        Assert.All((NodeCommandResult[])[dead, hung], r => Assert.Null(r.ExitStatus));
        Assert.Equal(["gros-[1-48].nancy.grid5000.fr: ok", "dead-1: Unreachable: it refuses connections"],
            NodeCommandFold.Fold(order).Take(2).Select(f => f.ToString()));
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task A_refused_key_is_told_apart()
    {
        await using var executor = new NodeExecutor(_ =>
            new GatedFrontend(new Core.Frontends.LocalFrontend("nancy"),
            ["ssh", "-F", Sshd.ClientConfig, "-o", "IdentityFile=/dev/null", "-o", "PubkeyAuthentication=no"]));
        NodeCommandResult result = Assert.Single(
            await executor.RunAllAsync(LoopbackSshd.Targets(1), NodeCommand.Script("true"), new NodeExecutionOptions { ConnectRetries = 3 }));
        Assert.Equal((NodeCommandState.AuthenticationFailed, 1), (result.State, result.Attempts));
        Assert.NotNull(result.Recommendation);
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task An_unknown_host_key_is_a_problem_where_keys_are_checked()
    {
        NodeCommandResult result = Assert.Single(
            await RunAsync(LoopbackSshd.Targets(1), NodeCommand.Script("true"), new NodeExecutionOptions { ChecksHostKeys = true }));
        Assert.Equal(NodeCommandState.HostKeyProblem, result.State);
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task Connections_are_used_again_and_none_is_left()
    {
        NodeTarget[] targets = LoopbackSshd.Targets(20);
        for (int run = 0; run < 3; run++) Assert.All(await RunAsync(targets, NodeCommand.Script("true")),
            r => Assert.Equal((true, run > 0), (r.IsSuccess, r.IsWarm)));
        Assert.Equal((20, 20), (Sshd.CountLogins(), Executor.WarmConnections));
        await Executor.DisposeAsync();
        Assert.True(await TestProcesses.BecomesAsync(() => Sshd.CountSessions() == 0));
        Assert.Equal(0, TestProcesses.Count(Sshd.ClientConfig));
    }

    [RequiresProgramsTheory(LoopbackSshd.Program)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_breaks_under_a_command_is_told_and_replaced(bool isWarm)
    {
        if (isWarm) await RunAsync("true");
        string marker = TestProcesses.NewMarker();
        Task<NodeCommandResult> run = RunAsync($"echo begun; sleep {marker}");
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 1));
        Sshd.KillSessions();
        NodeCommandResult broken = await run;
        Assert.Equal((NodeCommandState.Unreachable, null, "the connection broke while the command ran", 1, isWarm),
            (broken.State, broken.ExitStatus, broken.Reason, broken.Attempts, broken.IsWarm));
        Assert.Equal("begun\n", broken.Output);
        Assert.True(await TestProcesses.BecomesAsync(() => TestProcesses.Count(marker) == 0));
        NodeCommandResult next = await RunAsync("echo ok");
        Assert.Equal(("ok\n", NodeCommandState.Succeeded, false), (next.Output, next.State, next.IsWarm));
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task A_connection_that_has_died_unseen_is_replaced()
    {
        await RunAsync("true");
        Sshd.KillSessions();
        Assert.True(await TestProcesses.BecomesAsync(() => Sshd.CountSessions() == 0));
        NodeCommandResult next = await RunAsync("echo ok");
        Assert.Equal(("ok\n", NodeCommandState.Succeeded, 1, false), (next.Output, next.State, next.Attempts, next.IsWarm));
        Assert.Equal(2, Sshd.CountLogins());
    }

    [RequiresProgramsFact(LoopbackSshd.Program)]
    public async Task A_server_that_drops_connections_is_given_time()
    {
        await using LoopbackSshd busy = await LoopbackSshd.StartAsync("MaxStartups 4:100:4");
        await using NodeExecutor executor = busy.OpenExecutor();
        var strangers = new List<TcpClient>(); // they never log in
        for (int i = 0; i < 4; i++) strangers.Add(await busy.OccupyAsync());
        Task<IReadOnlyList<NodeCommandResult>> run = executor.RunAllAsync(LoopbackSshd.Targets(4), NodeCommand.Script("true"));
        Assert.True(await TestProcesses.BecomesAsync(() => busy.HasDroppedConnections));
        foreach (TcpClient stranger in strangers) stranger.Dispose();
        IReadOnlyList<NodeCommandResult> results = await run;
        Assert.All(results, r => Assert.True(r.IsSuccess, $"{r}: {r.Reason}, {r.Attempts} attempts"));
        Assert.Contains(results, r => r.Attempts > 1);
    }
}
