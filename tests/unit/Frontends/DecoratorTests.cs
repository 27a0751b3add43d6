using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

public sealed class DecoratorTests : IDisposable, IReporter
{
    readonly ScriptedFrontend _inner = new();
    readonly List<string> _told = [];
    readonly List<CommandRecord> _records = [];

    public void Dispose() => _inner.Dispose();

    void IReporter.Verbose(string message) => _told.Add(message);
    void IReporter.Warning(string message) => throw new InvalidOperationException(message);
    void IReporter.Progress(ProgressUpdate update) => throw new InvalidOperationException();

    RecordingFrontend Recording => new(_inner, this, new ManualTime(), _records.Add);

    [Fact]
    public async Task Commands_are_told_before_and_after_and_recorded()
    {
        _inner.Expect("oardel 7").Returns("", "no", 1);
        await Recording.RunAsync(new CommandRequest("oardel", "7"));
        Assert.Equal(["fnancy: oardel 7", "fnancy: oardel: status 1, 0.0 s"], _told);
        CommandRecord record = Assert.Single(_records);
        Assert.Equal(("fnancy", "oardel 7", 1, null), (record.Frontend, record.What, record.ExitStatus, record.Failure));
        Assert.Equal(new ManualTime().GetUtcNow(), record.Date);
    }

    [Fact]
    public async Task A_program_that_stays_open_passes_through_without_a_place_of_its_own()
    {
        using var slots = new SemaphoreSlim(0);
        IFrontend local = new LocalFrontend("nancy");
        IFrontend frontend = new RecordingFrontend(new LimitedFrontend(local, slots), this, new ManualTime(), _records.Add);
        await using IRunningProgram program = (await frontend.Gate.Runner.StartAsync(new CommandRequest("cat")))!;
        await program.Input.WriteAsync("x"u8.ToArray());
        await program.Input.FlushAsync();
        Assert.Equal(1, await program.Output.ReadAsync(new byte[8]));
        Assert.Contains("fnancy: cat", _told);
    }

    [Fact]
    public async Task A_secret_input_is_never_told()
    {
        _inner.Expect("tee x").Always();
        await Recording.RunAsync(new CommandRequest("tee", "x") { Input = "hello\n" });
        await Recording.RunAsync(new CommandRequest("tee", "x") { Input = "pass-word", InputIsSecret = true });
        Assert.Contains("fnancy: standard input: hello", _told);
        Assert.DoesNotContain("pass-word", string.Join('\n', _told) + string.Join('\n', _records), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_and_cancellations_are_recorded_too()
    {
        _inner.Expect("a").Throws(new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "lost"));
        _inner.Expect("b").Throws(new OperationCanceledException());
        await Assert.ThrowsAsync<G5kException>(() => Recording.RunAsync(new CommandRequest("a")));
        await Assert.ThrowsAsync<OperationCanceledException>(() => Recording.RunAsync(new CommandRequest("b")));
        Assert.Equal(["lost", "cancelled"], _records.Select(r => r.Failure));
        Assert.All(_records, r => Assert.Null(r.ExitStatus));
    }

    [Fact]
    public async Task While_planning_reads_pass_and_changes_are_told_only()
    {
        _inner.Expect("oarstat").Returns("jobs");
        var planned = new List<string>();
        var frontend = new PlanningFrontend(_inner, (where, request) => planned.Add($"{where.Site}: {request}"));
        Assert.Equal("jobs", (await frontend.RunAsync(new CommandRequest("oarstat"))).Output);
        CommandResult result = await frontend.RunAsync(new CommandRequest("oardel", "7") { Effect = CommandEffect.Change });
        Assert.Equal((0, ""), (result.ExitStatus, result.Output));
        Assert.Equal(["nancy: oardel 7"], planned);
    }

    [Fact]
    public async Task Without_a_listener_a_change_is_an_error_and_so_is_a_channel()
    {
        var frontend = new PlanningFrontend(_inner);
        CommandRequest change = new("oardel", "7") { Effect = CommandEffect.Change };
        Assert.Equal("ChangeNotAllowed", (await Assert.ThrowsAsync<G5kException>(() => frontend.RunAsync(change))).Code);
        Assert.Equal("ChangeNotAllowed", (await Assert.ThrowsAsync<G5kException>(() => frontend.ConnectAsync("host", 80))).Code);
    }
}
