using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Execution;

/// <summary>What a TakTuk on the front-end tells, from recordings, and when there is one at all.</summary>
public sealed class TakTukTests
{
    static readonly NodeExecutionOptions s_options = new() { Spread = NodeSpread.TakTuk };

    readonly ManualTime _time = new();

    /// <summary>A front-end whose TakTuk prints a recording, with the word of marks that it is told, and ends or goes on for ever.</summary>
    sealed class TakTukFrontend(string? transcript, bool ends = true) : IFrontend
    {
        public List<CommandRequest> Requests { get; } = [];
        public string Site => "nancy";
        public string Name => "fnancy";

        public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
            CancellationToken cancellationToken = default)
        {
            lock (Requests) Requests.Add(request);
            if (transcript is null || request.Input is null)
                return new CommandResult(Name, request, transcript is null ? 127 : 0, "", "", TimeSpan.Zero);
            string script = GetScript(request.Input), word = script.Split("_walt_n=")[1].Split('\n')[0];
            foreach (string line in transcript.Split('\n')) onLine!(new OutputLine(line.Replace("WORD", word, StringComparison.Ordinal), false));
            if (!ends) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new CommandResult(Name, request, 0, "", "", TimeSpan.Zero);
        }

        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException();
    }

    static string GetScript(string input) => Encoding.UTF8.GetString(Convert.FromHexString(input.Split("shift' ")[1].Split(')')[0]));

    static string ReadSample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "taktuk", name));

    static NodeTarget[] Targets(int count) => [.. Enumerable.Range(1, count).Select(i => new NodeTarget($"gros-{i}", "nancy") { User = "root" })];

    Task<NodeAttempt[]> RunAsync(TakTukFrontend frontend, NodeTarget[] targets, NodeExecutionOptions? options = null,
        CancellationToken cancellationToken = default) => _time.RunAsync(async () =>
    {
        var transport = new TakTukTransport(targets.GroupBy(t => t.Site), _ => frontend, _time);
        return await Task.WhenAll(targets.Select(t =>
            transport.RunAsync(new NodeJob(t, "x", null, options ?? s_options, CommandEffect.Change), cancellationToken)));
    });

    [Fact]
    public async Task Outputs_and_statuses_are_each_target_s_own()
    {
        var frontend = new TakTukFrontend(ReadSample("statuses.txt"));
        NodeAttempt[] attempts = await RunAsync(frontend, Targets(5));
        Assert.Equal([0, 255, 137, 0, 0], attempts.Select(a => a.ExitStatus));
        for (int i = 0; i < 5; i++) Assert.Equal(($"1é\r\n{{{{host}}}} 'x' %41\t\n{i + 1} ]", i == 2 ? "e éKilled\n" : "e é", true),
            (attempts[i].Output, attempts[i].Error, attempts[i].HasBegun));
        CommandRequest request = Assert.Single(frontend.Requests);
        Assert.Equal(["-m gros-1", "-m gros-2", "-m gros-3", "-m gros-4", "-m gros-5"], request.Input!.Split('\n').Take(5));
        Assert.Contains("-d -1", request.ToString(), StringComparison.Ordinal);
        Assert.Contains(" -l root", request.ToString(), StringComparison.Ordinal);
        Assert.Equal(CommandEffect.Change, request.Effect);
    }

    [Fact]
    public async Task What_the_front_end_s_ssh_says_is_final_and_silence_is_not()
    {
        NodeAttempt[] attempts = await RunAsync(new TakTukFrontend(ReadSample("unreachable.txt")), Targets(5));
        Assert.Equal(["ok\n", "ok\n", "ok\n", "", ""], attempts.Select(a => a.Output));
        Assert.Equal(("there is no host of that name", RetryAdvice.Useless), (attempts[3].Failure!.Reason, attempts[3].Failure!.Retry));
        Assert.Equal((RetryAdvice.Directly, false), (attempts[4].Failure!.Retry, attempts[4].HasBegun));
    }

    [Theory]
    [InlineData("C 0 1 bash: perl: command not found\nS 0 1 3", RetryAdvice.Directly, false)]
    [InlineData("C 2 1 root@gros-1: Permission denied (publickey).\nS 2 1 3", RetryAdvice.Directly, false)]
    [InlineData("C 0 1 root@gros-1: Permission denied (publickey).\nS 0 1 3", RetryAdvice.Useless, false)]
    [InlineData("C 0 1 kex_exchange_identification: Connection closed by remote host\nS 0 1 3", RetryAdvice.BackOff, false)]
    [InlineData("O 1 %1EWORD b%0A\nO 1 half\nS 0 1 5", RetryAdvice.Useless, true)]
    [InlineData("O 1 %1EWORD b%0A\nO 1 half\n", RetryAdvice.Useless, true)]
    internal async Task A_lost_target_may_be_tried_again_as_long_as_nothing_has_begun(string transcript, RetryAdvice advice, bool hasBegun)
    {
        NodeAttempt attempt = Assert.Single(await RunAsync(new TakTukFrontend(transcript), Targets(1)));
        Assert.Equal((advice, hasBegun, hasBegun ? "half" : "", null),
            (attempt.Failure!.Retry, attempt.HasBegun, attempt.Output, attempt.ExitStatus));
    }

    [Fact]
    public async Task Lines_that_are_not_ours_change_nothing()
    {
        string transcript =
            "\nWARNING: x\nO\nO x y\nO 9 a\nO -1 a\nC 0 x\nS 1\nO 1 before\nO 1 %1EWORD b%0A\nE 1 %1EWORD b%0A\nO 1 %4\nO 1 %zz%0\nO 1 %1EWORD e 0%0A\nE 1 %1EWORD e 0%0A";
        Assert.Equal((0, "%4%zz%0"), Assert.Single(await RunAsync(new TakTukFrontend(transcript), Targets(1))) is var a
            ? (a.ExitStatus, a.Output)
            : default);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_told_with_what_it_has_printed()
    {
        NodeAttempt attempt = Assert.Single(await RunAsync(new TakTukFrontend("O 1 %1EWORD b%0A\nO 1 half", ends: false), Targets(1),
            s_options with { Timeout = TimeSpan.FromSeconds(30) }));
        Assert.Equal((NodeCommandState.TimedOut, "half", true, TimeSpan.FromSeconds(30)),
            (attempt.State, attempt.Output, attempt.HasBegun, attempt.RunTime));
        Assert.Contains("timeout -k 1 31", NodeShellScript.Single("w", "x", null, TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Being_cancelled_is_an_outcome()
    {
        using var stop = new CancellationTokenSource();
        Task<NodeAttempt[]> run = RunAsync(new TakTukFrontend("O 1 %1EWORD b%0A", ends: false), Targets(2),
            s_options with { Timeout = TimeSpan.FromDays(1), TotalTimeout = TimeSpan.FromDays(1) }, stop.Token);
        await stop.CancelAsync();
        Assert.All(await run, a => Assert.Equal(NodeCommandState.Cancelled, a.State));
    }

    [Theory]
    [InlineData(1000, true, true)]
    [InlineData(999, true, false)]
    [InlineData(1000, false, false)]
    public async Task Without_being_asked_for_it_carries_many_targets_where_it_is_installed(int count, bool isInstalled, bool isUsed)
    {
        var frontend = new TakTukFrontend(isInstalled ? "" : null);
        var choice = new TakTukChoice(_ => frontend, _time);
        for (int i = 0; i < 2; i++) Assert.Equal(isUsed,
            await choice.MakeAsync(Targets(count), NodeCommand.Script("x"), new NodeExecutionOptions(), default) is not null);
        Assert.Equal(count < 1000 ? 0 : 1, frontend.Requests.Count);
        Assert.Null(await choice.MakeAsync(Targets(count), NodeCommand.Script("x") with { IsTemplate = true }, new NodeExecutionOptions(), default));
        Assert.Null(await choice.MakeAsync(Targets(count), NodeCommand.Script("x"), new NodeExecutionOptions { StopAfterFailures = 1 }, default));
        Assert.Null(await choice.MakeAsync(Targets(count), NodeCommand.Script("x"), new NodeExecutionOptions { Spread = NodeSpread.Direct },
            default));
    }

    [Fact]
    public async Task Being_asked_for_where_it_is_not_installed_is_an_error()
    {
        await using var executor = new NodeExecutor(_ => new TakTukFrontend(null), _time);
        Assert.Equal("TakTukMissing", (await Assert.ThrowsAsync<G5kException>(() =>
            executor.RunAllAsync(Targets(1), NodeCommand.Script("x"), s_options))).Code);
    }
}
