using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

public class FrontendTests
{
    static Task<TestbedGrid> OpenAsync(double speed = 0, params string[] faults) =>
        TestbedGrid.OpenAsync(new TestbedOptions { Speed = speed, Faults = faults });

    [Fact]
    public async Task A_program_gets_its_arguments_input_and_environment()
    {
        await using TestbedGrid grid = await OpenAsync();
        grid.World.Add(new FakeCommand("show", c =>
        {
            c.WriteLine($"{c.Site} {c.User} {string.Join('|', c.Arguments)} {c.Input} {c.Environment["KEY"]}");
            c.WriteErrorLine("done");
            return 3;
        }));
        CommandResult result = await grid.GetFrontend("nancy").RunAsync(new CommandRequest("show", "a b", "c")
        {
            Input = "text",
            Environment = new Dictionary<string, string> { ["KEY"] = "value" },
        });
        Assert.Equal(("testbed nancy", 3, "nancy jdoe a b|c text value\n", "done\n"),
            (result.Frontend, result.ExitStatus, result.Output, result.Error));
    }

    [Fact]
    public async Task Lines_come_while_the_program_runs_and_its_time_is_that_of_the_clock()
    {
        await using TestbedGrid grid = await OpenAsync();
        var goOn = new TaskCompletionSource();
        ConcurrentQueue<OutputLine> lines = [];
        grid.World.Add(new FakeCommand("talk", async c =>
        {
            c.WriteLine("one\ntwo");
            await goOn.Task;
            await Task.Delay(TimeSpan.FromSeconds(40), c.World.Time, c.Interrupted);
            return 0;
        }));
        CommandResult result = await grid.GetFrontend("nancy").RunAsync(new CommandRequest("talk"), line =>
        {
            lines.Enqueue(line);
            if (line.Text == "two") goOn.SetResult();
        }).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([new OutputLine("one", false), new OutputLine("two", false)], lines);
        Assert.Equal(TimeSpan.FromSeconds(40), result.Duration);
    }

    [Fact]
    public async Task Time_stands_still_between_two_commands()
    {
        await using TestbedGrid grid = await OpenAsync();
        grid.World.Add(new FakeCommand("submit", async c =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), c.World.Time, c.Interrupted);
            _ = Task.Delay(TimeSpan.FromHours(1), c.World.Time, CancellationToken.None);
            return 0;
        }));
        DateTimeOffset before = grid.Time.GetUtcNow();
        await grid.GetFrontend("nancy").RunAsync(new CommandRequest("submit"));
        await Task.Delay(60);
        Assert.Equal(TimeSpan.FromSeconds(2), grid.Time.GetUtcNow() - before);
    }

    [Fact]
    public async Task A_terminal_has_one_stream()
    {
        await using TestbedGrid grid = await OpenAsync();
        grid.World.Add(new FakeCommand("both", c =>
        {
            c.WriteErrorLine("first");
            c.WriteLine($"second {c.Terminal}");
            return 0;
        }));
        List<OutputLine> lines = [];
        CommandResult result = await grid.GetFrontend("nancy").RunAsync(new CommandRequest("both") { Terminal = true }, lines.Add);
        Assert.Equal(("first\nsecond True\n", ""), (result.Output, result.Error));
        Assert.All(lines, line => Assert.False(line.IsError));
    }

    [Fact]
    public async Task An_unknown_program_fails_as_in_a_shell()
    {
        await using TestbedGrid grid = await OpenAsync();
        CommandResult result = await grid.GetFrontend("nancy").RunAsync(new CommandRequest("no-such-program"));
        Assert.Equal((127, "sh: 1: no-such-program: not found\n"), (result.ExitStatus, result.Error));
    }

    [Fact]
    public async Task An_unknown_site_is_found_by_its_first_use()
    {
        await using TestbedGrid grid = await OpenAsync();
        IFrontend frontend = grid.GetFrontend("paris");
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => frontend.RunAsync(new CommandRequest("oarstat")));
        Assert.Equal(("SiteNotFound", ErrorKind.ObjectNotFound), (error.Code, error.Kind));
        Assert.Contains("nancy, nantes", error.Recommendation, StringComparison.Ordinal);
        Assert.Equal("SiteNotFound", (await Assert.ThrowsAsync<G5kException>(() => frontend.ConnectAsync("host", 80))).Code);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_stopped_at_its_time_limit()
    {
        await using TestbedGrid grid = await OpenAsync();
        bool stopped = false;
        grid.World.Add(new FakeCommand("sleep", async c =>
        {
            await Task.Delay(TimeSpan.FromHours(1), c.World.Time, c.Interrupted).ContinueWith(t => stopped = t.IsCanceled, TaskScheduler.Default);
            return 130;
        }));
        DateTimeOffset before = grid.Time.GetUtcNow();
        G5kException error = await Assert.ThrowsAsync<G5kException>(() =>
            grid.GetFrontend("nancy").RunAsync(new CommandRequest("sleep") { Timeout = TimeSpan.FromMinutes(2) }));
        Assert.Equal(("CommandTimeout", ErrorKind.OperationTimeout), (error.Code, error.Kind));
        Assert.Equal(TimeSpan.FromMinutes(2), grid.Time.GetUtcNow() - before);
        Assert.True(stopped);
    }

    [Fact]
    public async Task Cancelling_interrupts_the_program_and_waits_for_its_clean_up()
    {
        await using TestbedGrid grid = await OpenAsync(speed: 1);
        var started = new TaskCompletionSource();
        bool cleanedUp = false;
        grid.World.Add(new FakeCommand("work", async c =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, c.Interrupted);
            }
            finally
            {
                await Task.Delay(50, CancellationToken.None);
                cleanedUp = true;
            }
            return 0;
        }));
        using var cancel = new CancellationTokenSource();
        Task<CommandResult> run = grid.GetFrontend("nancy").RunAsync(new CommandRequest("work"), cancellationToken: cancel.Token);
        await started.Task;
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.True(cleanedUp);
    }

    [Fact]
    public async Task Cancelling_returns_soon_even_from_a_program_that_does_not_care()
    {
        await using TestbedGrid grid = await OpenAsync(speed: 1);
        var started = new TaskCompletionSource();
        var end = new TaskCompletionSource<int>();
        List<OutputLine> lines = [];
        Action<string> write = _ => { };
        grid.World.Add(new FakeCommand("stubborn", c =>
        {
            write = c.WriteLine;
            started.SetResult();
            return end.Task;
        }));
        using var cancel = new CancellationTokenSource();
        Task<CommandResult> run = grid.GetFrontend("nancy").RunAsync(new CommandRequest("stubborn"), lines.Add, cancel.Token);
        await started.Task;
        long cancelled = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(Stopwatch.GetElapsedTime(cancelled), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        write("too late");
        Assert.Empty(lines);
        end.SetResult(0);
    }

    [Fact]
    public async Task A_failure_of_the_emulation_is_not_hidden()
    {
        await using TestbedGrid grid = await OpenAsync();
        grid.World.Add(new FakeCommand("broken", c => Task.FromException<int>(new FormatException("a defect"))));
        await Assert.ThrowsAsync<FormatException>(() => grid.GetFrontend("nancy").RunAsync(new CommandRequest("broken")));
    }

    [Fact]
    public async Task A_program_can_be_made_to_fail()
    {
        await using TestbedGrid grid = await OpenAsync(0, "command-fails:oarstat*1=database is down");
        grid.World.Add(new FakeCommand("oarstat", _ => 0));
        grid.World.Add(new FakeCommand("oardel", _ => 0));
        IFrontend frontend = grid.GetFrontend("nancy");
        Assert.Equal(0, (await frontend.RunAsync(new CommandRequest("oardel"))).ExitStatus);
        CommandResult failed = await frontend.RunAsync(new CommandRequest("oarstat"));
        Assert.Equal((1, "database is down\n"), (failed.ExitStatus, failed.Error));
        Assert.Equal(0, (await frontend.RunAsync(new CommandRequest("oarstat"))).ExitStatus);
    }

    [Fact]
    public async Task A_front_end_can_be_made_slow()
    {
        await using TestbedGrid grid = await OpenAsync(0, "frontend-slow:lyon=7.5");
        grid.World.Add(new FakeCommand("true", _ => 0));
        Assert.Equal(TimeSpan.Zero, (await grid.GetFrontend("nancy").RunAsync(new CommandRequest("true"))).Duration);
        Assert.Equal(TimeSpan.FromSeconds(7.5), (await grid.GetFrontend("lyon").RunAsync(new CommandRequest("true"))).Duration);
    }

    [Fact]
    public async Task The_clock_can_be_made_to_jump_at_the_first_wait()
    {
        await using TestbedGrid grid = await OpenAsync(0, "clock-jumps=3600");
        DateTimeOffset before = grid.Time.GetUtcNow();
        await Task.Delay(TimeSpan.FromSeconds(10), grid.Time);
        Assert.Equal(TimeSpan.FromHours(1), grid.Time.GetUtcNow() - before);
        await Task.Delay(TimeSpan.FromSeconds(10), grid.Time);
        Assert.Equal(TimeSpan.FromSeconds(3610), grid.Time.GetUtcNow() - before);
    }

    [Fact]
    public async Task A_channel_goes_where_the_emulated_host_listens()
    {
        await using TestbedGrid grid = await OpenAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        grid.World.Endpoints[("gros-1.nancy.grid5000.fr", 12345)] = (IPEndPoint)listener.LocalEndpoint;
        foreach ((string site, string host) in new[] { ("lyon", "gros-1.nancy.grid5000.fr"), ("nancy", "gros-1") })
        {
            await using Stream channel = await grid.GetFrontend(site).ConnectAsync(host, 12345);
            using TcpClient accepted = await listener.AcceptTcpClientAsync();
            await accepted.GetStream().WriteAsync("walt"u8.ToArray());
            byte[] data = new byte[4];
            await channel.ReadExactlyAsync(data);
            Assert.Equal("walt"u8, data);
        }
    }

    [Theory]
    [InlineData("nancy", "gros-2.nancy.grid5000.fr")]
    [InlineData("lyon", "gros-1")]
    public async Task A_channel_to_nowhere_is_refused(string site, string host)
    {
        await using TestbedGrid grid = await OpenAsync();
        grid.World.Endpoints[("gros-1.nancy.grid5000.fr", 80)] = new IPEndPoint(IPAddress.Loopback, 1);
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => grid.GetFrontend(site).ConnectAsync(host, 80));
        Assert.Equal(("ChannelRefused", ErrorKind.ConnectionError), (error.Code, error.Kind));
    }

    [Fact]
    public async Task A_host_that_no_longer_listens_refuses()
    {
        await using TestbedGrid grid = await OpenAsync();
        grid.World.Endpoints[("gros-1.nancy.grid5000.fr", 80)] = new IPEndPoint(IPAddress.Loopback, 1);
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => grid.GetFrontend("nancy").ConnectAsync("gros-1", 80));
        Assert.Equal("ChannelRefused", error.Code);
    }

    [Fact]
    public async Task Closing_the_testbed_ends_what_runs_and_removes_its_temporary_home()
    {
        TestbedGrid grid = await OpenAsync(speed: 1);
        var started = new TaskCompletionSource();
        grid.World.Add(new FakeCommand("work", async c =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, c.Interrupted);
            return 0;
        }));
        IFrontend frontend = grid.GetFrontend("nancy");
        Task<CommandResult> run = frontend.RunAsync(new CommandRequest("work"));
        await started.Task;
        Assert.True(Directory.Exists(grid.HomeDirectory));
        await grid.DisposeAsync();
        Assert.Equal("FrontendUnreachable", (await Assert.ThrowsAsync<G5kException>(() => run)).Code);
        Assert.Equal("FrontendUnreachable", (await Assert.ThrowsAsync<G5kException>(() => frontend.RunAsync(new CommandRequest("work")))).Code);
        Assert.False(Directory.Exists(grid.HomeDirectory));
    }

    [Fact]
    public async Task Refuses_a_speed_below_zero() =>
        Assert.Equal("InvalidSpeed", (await Assert.ThrowsAsync<G5kException>(() => OpenAsync(speed: -1))).Code);
}
