using System.Collections.Concurrent;
using WaltG5k.Core;
using WaltG5k.Core.Execution;

namespace WaltG5k.Tests.Execution;

/// <summary>How a command is spread, without any ssh: each target answers as the test says.</summary>
public sealed class NodeExecutionTests
{
    static readonly NodeFailure s_refused = NodeFailure.Read("ssh: connect to host a port 22: Connection refused", 255, new NodeTarget("a", "nancy"));
    static readonly NodeFailure s_busy = NodeFailure.Read("kex_exchange_identification: Connection closed by remote host", 255,
        new NodeTarget("a", "nancy"));

    readonly ManualTime _time = new();

    static NodeTarget[] Targets(int count, string site = "nancy") => [.. Enumerable.Range(1, count).Select(i => new NodeTarget($"gros-{i}", site))];

    sealed class Answers(Func<NodeJob, int, CancellationToken, Task<NodeAttempt>> answer) : INodeTransport
    {
        readonly ConcurrentDictionary<string, int> _attempts = [];
        int _now;
        public int Most { get; private set; }
        public ConcurrentQueue<string> Order { get; } = [];

        public async Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken)
        {
            lock (Order) Most = Math.Max(Most, ++_now);
            Order.Enqueue(job.Target.Name);
            try { return await answer(job, _attempts.AddOrUpdate(job.Target.Name, 1, (_, n) => n + 1), cancellationToken); }
            finally { lock (Order) _now--; }
        }
    }

    static Answers Answer(Func<NodeJob, int, NodeAttempt> answer) => new((job, attempt, _) => Task.FromResult(answer(job, attempt)));

    Task<List<NodeCommandResult>> RunAsync(INodeTransport transport, NodeTarget[] targets, NodeExecutionOptions? options = null,
        Action<NodeProgress>? onProgress = null, CancellationToken cancellationToken = default) =>
        _time.RunAsync(async () =>
        {
            await using var execution = new NodeExecution(transport, targets, NodeCommand.Script("true"), options ?? new NodeExecutionOptions(),
                _time, onProgress, cancellationToken);
            return await execution.Results.ToListAsync(CancellationToken.None);
        });

    [Fact]
    public async Task A_failed_connection_is_tried_again_as_often_as_asked_and_a_command_never()
    {
        List<NodeCommandResult> results = await RunAsync(
            Answer((job, attempt) => job.Target.Name == "gros-1"
            ? NodeAttempt.Ended(3)
            : attempt < 3 ? NodeAttempt.Without(s_refused) : NodeAttempt.Ended(0)),
            Targets(2), new NodeExecutionOptions { ConnectRetries = 2 });
        Assert.Equal([("gros-1", NodeCommandState.Failed, 1), ("gros-2", NodeCommandState.Succeeded, 3)],
            results.OrderBy(r => r.Name).Select(r => (r.Name, r.State, r.Attempts)));
        results = await RunAsync(Answer((_, _) => NodeAttempt.Without(s_refused)), Targets(1));
        Assert.Equal((NodeCommandState.Unreachable, 1, "it refuses connections"), (results[0].State, results[0].Attempts, results[0].Reason));
        results = await RunAsync(Answer((_, _) => NodeAttempt.Without(s_busy) with { HasBegun = true }), Targets(1),
            new NodeExecutionOptions { ConnectRetries = 5 });
        Assert.Equal(1, results[0].Attempts);
    }

    [Fact]
    public async Task A_gateway_that_drops_connections_gets_fewer_later()
    {
        var answers = Answer((_, attempt) => attempt == 1 ? NodeAttempt.Without(s_busy) : NodeAttempt.Ended(0));
        List<NodeCommandResult> results = await RunAsync(answers, Targets(10));
        Assert.All(results, r => Assert.Equal((true, 2), (r.IsSuccess, r.Attempts)));
        Assert.True(_time.Elapsed > TimeSpan.FromMilliseconds(100));
        results = await RunAsync(Answer((_, _) => NodeAttempt.Without(s_busy)), Targets(1));
        Assert.Equal(7, results[0].Attempts);
        Assert.NotNull(results[0].Recommendation);
    }

    [Fact]
    public async Task Only_so_many_run_at_a_time_and_sites_take_turns()
    {
        var answers = new Answers(async (job, _, token) =>
        {
            job.Began!();
            await Task.Delay(TimeSpan.FromSeconds(10), _time, token);
            return NodeAttempt.Ended(0);
        });
        NodeTarget[] targets = [.. Targets(4), new("paravance-1", "rennes"), new("paravance-2", "rennes")];
        Assert.Equal(6, (await RunAsync(answers, targets, new NodeExecutionOptions { ThrottleLimit = 2 })).Count);
        Assert.Equal(2, answers.Most);
        Assert.Equal(["gros-1", "paravance-1", "gros-2", "paravance-2", "gros-3", "gros-4"], answers.Order);
        Assert.Equal(TimeSpan.FromSeconds(30), _time.Elapsed);
    }

    [Fact]
    public async Task Targets_that_do_not_answer_do_not_keep_their_places()
    {
        var answers = new Answers(async (job, _, token) =>
        {
            if (job.Target.Name is not ("gros-1" or "gros-2")) return NodeAttempt.Ended(0);
            await Task.Delay(TimeSpan.FromSeconds(10), _time, token);
            return NodeAttempt.Without(NodeFailure.NoAnswer(TimeSpan.FromSeconds(10), job.Target));
        });
        List<NodeCommandResult> results = await RunAsync(answers, Targets(20), new NodeExecutionOptions { ThrottleLimit = 2 });
        Assert.Equal(["gros-1", "gros-2"], results.TakeLast(2).Select(r => r.Name).Order());
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Elapsed);
    }

    [Fact]
    public async Task After_enough_failures_the_others_are_skipped()
    {
        List<NodeCommandResult> results = await RunAsync(Answer((_, _) => NodeAttempt.Ended(1)), Targets(10),
            new NodeExecutionOptions { ThrottleLimit = 1, StopAfterFailures = 3 });
        Assert.Equal((3, 7), (results.Count(r => r.State == NodeCommandState.Failed),
            results.Count(r => r is { State: NodeCommandState.Skipped, Attempts: 0, ExitStatus: null })));
        Assert.Equal("NodeCommandStopped", results[^1].ToException()!.Code);
    }

    [Fact]
    public async Task The_time_for_all_ends_what_runs_and_skips_the_rest()
    {
        var answers = new Answers(async (job, _, token) =>
        {
            job.Began!();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new NodeAttempt(NodeCommandState.Cancelled);
        });
        List<NodeCommandResult> results = await RunAsync(answers, Targets(3),
            new NodeExecutionOptions { ThrottleLimit = 2, TotalTimeout = TimeSpan.FromSeconds(20) });
        Assert.Equal([NodeCommandState.TimedOut, NodeCommandState.TimedOut, NodeCommandState.Skipped], results.Select(r => r.State).Order());
        Assert.Equal(TimeSpan.FromSeconds(20), _time.Elapsed);
    }

    [Fact]
    public async Task Progress_counts_and_ends_with_all()
    {
        var seen = new ConcurrentQueue<NodeProgress>();
        await RunAsync(Answer((job, _) => NodeAttempt.Ended(job.Target.Name == "gros-2" ? 1 : 0)), Targets(3), null, seen.Enqueue);
        Assert.Contains(seen, p => p is { Total: 3, Done: 3, Failed: 1, Waiting: 0 }
            && p.ToUpdate(7, "x") is { Percent: 100, Completed: true, Status: "3 of 3 done, 1 failed" });
        Assert.Equal("1 of 4 done, running: gros-[1-2]", new NodeProgress(4, 1, 0, ["gros-2", "gros-1"]).ToUpdate(1, "x").Status);
    }

    sealed class Group(Func<NodeJob, NodeAttempt?> answer) : IGroupTransport
    {
        public bool Carries(NodeTarget target) => target.Site == "nancy";
        public Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken) =>
            Task.FromResult(answer(job) ?? NodeAttempt.Without(new NodeFailure(NodeCommandState.Unreachable, "x", "y", RetryAdvice.Directly)));
    }

    [Fact]
    public async Task Those_that_a_group_does_not_reach_go_on_directly()
    {
        var group = new Group(job => job.Target.Name switch { "gros-1" => NodeAttempt.Ended(5), "gros-2" => NodeAttempt.Without(s_refused),
            _ => null });
        Answers direct = Answer((_, _) => NodeAttempt.Ended(0));
        NodeTarget[] targets = [.. Targets(4), new("paravance-1", "rennes")];
        List<NodeCommandResult> results = await _time.RunAsync(async () =>
        {
            await using var execution = new NodeExecution(direct, targets, NodeCommand.Script("true"),
                new NodeExecutionOptions { ThrottleLimit = 1 }, _time, null, CancellationToken.None, group);
            return await execution.Results.ToListAsync();
        });
        Assert.Equal(["gros-3", "gros-4", "paravance-1"], direct.Order.Order());
        Assert.Equal([("gros-1", NodeCommandState.Failed, 1), ("gros-2", NodeCommandState.Unreachable, 1), ("gros-3", NodeCommandState.Succeeded, 2),
            ("gros-4", NodeCommandState.Succeeded, 2), ("paravance-1", NodeCommandState.Succeeded, 1)],
            results.Select(r => (r.Name, r.State, r.Attempts)).Order());
    }

    [Theory]
    [InlineData(false, "docker ps --format {{host}}", "a {{index}}")]
    [InlineData(true, "docker ps --format gros-1", "a 2")]
    public void Braces_stand_for_something_only_in_a_template(bool isTemplate, string script, string word)
    {
        NodeTarget target = Targets(1)[0];
        Assert.Equal(script, (NodeCommand.Script("docker ps --format {{host}}") with { IsTemplate = isTemplate }).GetScript(target, 2, 3));
        NodeCommand program = NodeCommand.Program("echo", "a {{index}}") with { IsTemplate = isTemplate, Input = "a {{index}}" };
        Assert.Equal(("exec " + Core.Frontends.PosixShell.Join(["echo", word]), word),
            (program.GetScript(target, 2, 3), program.GetInput(target, 2, 3)));
    }

    [Theory]
    [InlineData("ssh: Could not resolve hostname a: Name or service not known", NodeCommandState.Unreachable, RetryAdvice.Useless)]
    [InlineData("root@a: Permission denied (publickey).", NodeCommandState.AuthenticationFailed, RetryAdvice.Useless)]
    [InlineData("Host key verification failed.", NodeCommandState.HostKeyProblem, RetryAdvice.Useless)]
    [InlineData("ssh: connect to host a port 22: Connection timed out", NodeCommandState.Unreachable, RetryAdvice.Possible)]
    [InlineData("ssh: connect to host a port 22: No route to host", NodeCommandState.Unreachable, RetryAdvice.Possible)]
    [InlineData("kex_exchange_identification: read: Connection reset by peer", NodeCommandState.Unreachable, RetryAdvice.BackOff)]
    [InlineData("Connection closed by UNKNOWN port 65535", NodeCommandState.Unreachable, RetryAdvice.BackOff)]
    [InlineData("This account is currently not available.", NodeCommandState.Unreachable, RetryAdvice.Possible)]
    internal void What_ssh_says_is_told_apart(string text, NodeCommandState state, RetryAdvice retry)
    {
        NodeFailure failure = NodeFailure.Read(text + "\n", 255, new NodeTarget("a", "nancy") { User = "root" });
        Assert.Equal((state, retry), (failure.State, failure.Retry));
        Assert.NotEmpty(failure.Recommendation);
    }

    [Fact]
    public void Equal_results_fold_whatever_the_names()
    {
        NodeCommandResult Result(string name, int status, string output) =>
            NodeResults.From(new NodeTarget(name, "nancy"), NodeAttempt.Ended(status) with { Output = output }, 1, new NodeExecutionOptions());
        IReadOnlyList<NodeCommandFold> folds = NodeCommandFold.Fold(
            [Result("gros-7", 0, "a\n"), Result("gros-2", 137, ""), Result("gros-1", 0, "a\n"), Result("gros-2.x", 0, "a\n"),
            Result("gros-3", 0, "b\n")]);
        Assert.Equal(["gros-[1,7],gros-2.x: a", "gros-2: Failed: the command was ended by signal KILL (status 137)", "gros-3: b"],
            folds.Select(f => f.ToString()));
    }

    [Fact]
    public async Task A_command_that_no_shell_can_take_is_refused()
    {
        await using var executor = new NodeExecutor(_ => throw new InvalidOperationException());
        foreach (NodeCommand command in (NodeCommand[])[NodeCommand.Script("a\0b"),
            NodeCommand.Script("a") with { Environment = new Dictionary<string, string> { ["A B"] = "" } }])
            Assert.Equal("CommandInvalid", (await Assert.ThrowsAsync<G5kException>(() => executor.RunAllAsync(Targets(1), command))).Code);
    }
}
