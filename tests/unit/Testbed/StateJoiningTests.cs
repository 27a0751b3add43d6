using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Sharing;
using WaltG5k.Testbed.State;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Testbed;

/// <summary>Two grids on one folder: the first owns the testbed, the second joins it.</summary>
public sealed class StateJoiningTests : IAsyncLifetime, IDisposable
{
    readonly TemporaryFolder _folder = new();
    TestbedGrid _owner = null!;
    TestbedGrid _joined = null!;

    TestbedOptions Options => new() { Speed = 100, StatePath = _folder.Path };

    public async Task InitializeAsync()
    {
        _owner = await TestbedGrid.OpenAsync(Options with { User = "alice" });
        _joined = await TestbedGrid.OpenAsync(Options);
    }

    public async Task DisposeAsync()
    {
        await _joined.DisposeAsync();
        await _owner.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_second_joins_the_first()
    {
        Assert.False(_owner.IsJoined);
        Assert.True(_joined.IsJoined);
        Assert.Equal(("alice", _owner.HomeDirectory, "testbed"), (_joined.User, _joined.HomeDirectory, _joined.Name));
        Assert.Equal(_owner.ConnectArguments, _joined.ConnectArguments);
        Assert.Throws<InvalidOperationException>(() => _joined.World);
        Assert.Equal(await _owner.Api.GetStringAsync(new Uri("sites/nancy", UriKind.Relative)),
            await _joined.Api.GetStringAsync(new Uri("sites/nancy", UriKind.Relative)));
    }

    [Fact]
    public async Task Its_programs_run_in_the_first()
    {
        _owner.World.Add(new FakeCommand("show", c =>
        {
            c.WriteLine($"{c.Site} {c.User} {string.Join('|', c.Arguments)} {c.Input} {c.Environment["KEY"]} {c.Terminal}\nsecond é");
            c.WriteErrorLine("done");
            return 3;
        }));
        ConcurrentQueue<OutputLine> lines = [];
        CommandResult result = await _joined.GetFrontend("lyon").RunAsync(new CommandRequest("show", "a b", "c")
        {
            Input = "text",
            Environment = new Dictionary<string, string> { ["KEY"] = "value" },
        }, lines.Enqueue);
        Assert.Equal(("testbed lyon", 3, "lyon alice a b|c text value False\nsecond é\n", "done\n"),
            (result.Frontend, result.ExitStatus, result.Output, result.Error));
        Assert.Equal([new("lyon alice a b|c text value False", false), new("second é", false), new("done", true)], lines);
        CommandResult onTerminal = await _joined.GetFrontend("lyon")
            .RunAsync(new CommandRequest("show") { Terminal = true, Environment = new Dictionary<string, string> { ["KEY"] = "" } });
        Assert.EndsWith("True\nsecond é\ndone\n", onTerminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_come_while_the_program_runs()
    {
        var goOn = new TaskCompletionSource();
        _owner.World.Add(new FakeCommand("talk", async c =>
        {
            c.WriteLine("one");
            await goOn.Task;
            return 0;
        }));
        CommandResult result = await _joined.GetFrontend("nancy")
            .RunAsync(new CommandRequest("talk") { Timeout = TimeSpan.FromHours(1) }, _ => goOn.SetResult())
            .WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("one\n", result.Output);
    }

    [Fact]
    public async Task Failures_are_those_of_the_first()
    {
        _owner.World.Add(new FakeCommand("sleep", async c =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, c.Interrupted);
            return 0;
        }));
        _owner.World.Add(new FakeCommand("broken", c => Task.FromException<int>(new FormatException("a defect"))));
        IFrontend nancy = _joined.GetFrontend("nancy");
        G5kException late = await Assert.ThrowsAsync<G5kException>(() =>
            nancy.RunAsync(new CommandRequest("sleep") { Timeout = TimeSpan.FromSeconds(2) }));
        Assert.Equal(("CommandTimeout", ErrorKind.OperationTimeout, true), (late.Code, late.Kind, late.Recommendation is not null));
        Assert.Equal("SiteNotFound", (await Assert.ThrowsAsync<G5kException>(() => _joined.GetFrontend("paris")
            .RunAsync(new CommandRequest("true")))).Code);
        Assert.Equal("SiteNotFound", (await Assert.ThrowsAsync<G5kException>(() => _joined.GetFrontend("paris").ConnectAsync("x", 1))).Code);
        Assert.Contains("a defect", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            nancy.RunAsync(new CommandRequest("broken")))).Message, StringComparison.Ordinal);
        Assert.Equal(127, (await nancy.RunAsync(new CommandRequest("no-such-program"))).ExitStatus);
    }

    [Fact]
    public async Task Cancelling_interrupts_the_program_in_the_first()
    {
        var started = new TaskCompletionSource();
        var interrupted = new TaskCompletionSource();
        _owner.World.Add(Waiting(started, interrupted));
        using var cancel = new CancellationTokenSource();
        Task<CommandResult> run = _joined.GetFrontend("nancy")
            .RunAsync(new CommandRequest("wait") { Timeout = TimeSpan.FromHours(10) }, cancellationToken: cancel.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await interrupted.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_death_of_the_second_interrupts_its_program()
    {
        var started = new TaskCompletionSource();
        var interrupted = new TaskCompletionSource();
        _owner.World.Add(Waiting(started, interrupted));
        using (MessageChannel<ServerMessage, ClientMessage> channel = await ConnectAsync())
        {
            await channel.SendAsync(new RunRequest("nancy", ["wait"], null, new Dictionary<string, string>(), false, TimeSpan.FromHours(10)),
                default);
            await started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        await interrupted.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Another_protocol_is_refused()
    {
        using MessageChannel<ServerMessage, ClientMessage> channel = await ConnectAsync();
        await channel.SendAsync(new HelloRequest { Protocol = 99 }, default);
        FailureAnswer answer = Assert.IsType<FailureAnswer>(await channel.ReceiveAsync(default));
        Assert.Equal("TestbedNotShareable", answer.Code);
        Assert.Null(await channel.ReceiveAsync(default));
    }

    [Fact]
    public async Task Channels_go_to_the_emulated_host_directly()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _owner.World.Endpoints[("gros-1.nancy.grid5000.fr", 12345)] = (IPEndPoint)listener.LocalEndpoint;
        await using Stream channel = await _joined.GetFrontend("nancy").ConnectAsync("gros-1", 12345);
        using TcpClient accepted = await listener.AcceptTcpClientAsync();
        await accepted.GetStream().WriteAsync("walt"u8.ToArray());
        byte[] data = new byte[4];
        await channel.ReadExactlyAsync(data);
        Assert.Equal("walt"u8, data);
        Assert.Equal("ChannelRefused", (await Assert.ThrowsAsync<G5kException>(() => _joined.GetFrontend("nancy")
            .ConnectAsync("gros-2", 12345))).Code);
    }

    [Fact]
    public async Task Both_clocks_show_the_same_and_jump_together()
    {
        void AssertAlike() => Assert.InRange(_joined.Time.GetUtcNow() - _owner.Time.GetUtcNow(), TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
        AssertAlike();
        Task wait = Task.Delay(TimeSpan.FromHours(20), _joined.Time);
        ((VirtualClock)_owner.World.Time).Jump(TimeSpan.FromDays(1));
        await wait.WaitAsync(TimeSpan.FromSeconds(30));
        AssertAlike();
    }

    [Fact]
    public async Task The_end_of_the_first_is_told_and_the_next_owns_the_testbed()
    {
        var started = new TaskCompletionSource();
        _owner.World.Add(Waiting(started, new TaskCompletionSource()));
        IFrontend nancy = _joined.GetFrontend("nancy");
        Task<CommandResult> running = nancy.RunAsync(new CommandRequest("wait") { Timeout = TimeSpan.FromHours(10) });
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _owner.DisposeAsync();
        foreach (Func<Task> use in new Func<Task>[]
        {
            () => running, () => nancy.RunAsync(new CommandRequest("true")), () => nancy.ConnectAsync("gros-1", 80), () =>
                _joined.Api.GetStringAsync(new Uri("sites", UriKind.Relative)),
        })
        {
            G5kException error = await Assert.ThrowsAsync<G5kException>(use);
            Assert.Equal(("FrontendUnreachable", ErrorKind.ConnectionError), (error.Code, error.Kind));
            Assert.Contains("Connect-G5k -Testbed", error.Recommendation, StringComparison.Ordinal);
        }
        await using TestbedGrid next = await TestbedGrid.OpenAsync(Options);
        Assert.False(next.IsJoined);
    }

    [Fact]
    public async Task An_owner_that_does_not_answer_is_not_waited_for_for_ever()
    {
        string folder = StateFolder.Prepare(Path.Combine(_folder.Path, "silent"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(StateFolder.GetSocketPath(folder)));
        listener.Listen();
        Assert.Null(await JoinedGrid.TryJoinAsync(folder, TimeSpan.FromMilliseconds(100), default));
        using Socket first = await listener.AcceptAsync();
        Task<JoinedGrid?> joining = JoinedGrid.TryJoinAsync(folder, TimeSpan.FromMilliseconds(100), default);
        using Socket second = await listener.AcceptAsync();
        using var hello = new MessageChannel<ClientMessage, ServerMessage>(new NetworkStream(second), MessageContext.Default.ClientMessage,
            MessageContext.Default.ServerMessage);
        await hello.SendAsync(new HelloAnswer("jdoe", new Uri("http://127.0.0.1:1/stable/"), new Uri("http://127.0.0.1:1/stable/"),
            _owner.Time.GetUtcNow(), 100), default);
        await using JoinedGrid? joined = await joining;
        IFrontend nancy = joined!.GetFrontend("nancy");
        foreach (Func<Task> use in new Func<Task>[] { () => nancy.RunAsync(new CommandRequest("true") { Timeout = TimeSpan.FromSeconds(1) }),
            () => nancy.ConnectAsync("gros-1", 80) })
        {
            G5kException error = await Assert.ThrowsAsync<G5kException>(use);
            Assert.Equal("FrontendUnreachable", error.Code);
            Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_running_testbed_cannot_begin_anew_or_get_other_faults()
    {
        foreach (TestbedOptions options in new[] { Options with { Fresh = true }, Options with { Faults = ["oar-refuses"] } })
            Assert.Equal("TestbedInUse", (await Assert.ThrowsAsync<G5kException>(() => TestbedGrid.OpenAsync(options))).Code);
    }

    [Fact]
    public async Task A_testbed_that_skips_time_cannot_be_joined()
    {
        TestbedOptions options = Options with { Speed = 0, StatePath = Path.Combine(_folder.Path, "other") };
        await using TestbedGrid skipping = await TestbedGrid.OpenAsync(options);
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => TestbedGrid.OpenAsync(options));
        Assert.Equal("TestbedNotShareable", error.Code);
        Assert.Contains("-Speed 60", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_path_can_be_shared_too()
    {
        TestbedOptions options = Options with { StatePath = Path.Combine(_folder.Path, new string('x', 120)) };
        Assert.True(StateFolder.GetSocketPath(options.StatePath).Length < 104);
        await using TestbedGrid owner = await TestbedGrid.OpenAsync(options);
        await using TestbedGrid joined = await TestbedGrid.OpenAsync(options);
        Assert.True(joined.IsJoined);
    }

    [Fact]
    public void Only_the_user_can_join()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "testbed.sock")));
    }

    static FakeCommand Waiting(TaskCompletionSource started, TaskCompletionSource interrupted) => new("wait", async c =>
    {
        c.Interrupted.Register(interrupted.SetResult);
        started.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, c.Interrupted);
        return 0;
    });

    async Task<MessageChannel<ServerMessage, ClientMessage>> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(StateFolder.GetSocketPath(_folder.Path)));
        return new(new NetworkStream(socket, ownsSocket: true), MessageContext.Default.ServerMessage, MessageContext.Default.ClientMessage);
    }
}
