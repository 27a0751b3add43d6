using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Frontends;

/// <summary>Real processes of this machine.</summary>
public class LocalFrontendTests
{
    readonly LocalFrontend _frontend = new("nancy");
    /// <summary>Loses patience eight times sooner.</summary>
    readonly LocalFrontend _impatient = new("nancy", new VirtualClock(DateTimeOffset.UnixEpoch, 8));

    static CommandRequest Shell(string script) => new("/bin/sh", "-c", script);

    [Fact]
    public async Task Output_error_and_status_come_back_apart()
    {
        CommandResult result = await _frontend.RunAsync(Shell("echo out; echo err >&2; exit 3"));
        Assert.Equal(("fnancy", 3, "out\n", "err\n"), (result.Frontend, result.ExitStatus, result.Output, result.Error));
        Assert.True(result.Duration > TimeSpan.Zero);
        Assert.False(result.IsTruncated);
    }

    [Fact]
    public async Task Arguments_are_passed_as_they_are()
    {
        string[] odd = ["a b", "", "'", "\"", "$HOME", "*", "é\n\\"];
        CommandResult result = await _frontend.RunAsync(new CommandRequest(["printf", "<%s>", .. odd]));
        Assert.Equal(string.Concat(odd.Select(w => $"<{w}>")), result.Output);
    }

    [Fact]
    public async Task Input_is_sent_and_closed()
    {
        string text = string.Concat(Enumerable.Repeat("0123456789abcde\n", 20_000)); // more than a pipe holds
        CommandResult result = await _frontend.RunAsync(new CommandRequest("cat") { Input = text });
        Assert.Equal(text, result.Output);
        Assert.Equal("", (await _frontend.RunAsync(new CommandRequest("cat"))).Output);
    }

    [Fact]
    public async Task A_program_may_leave_its_input_unread() =>
        Assert.Equal(0, (await _frontend.RunAsync(new CommandRequest("true") { Input = new string('x', 1 << 20) })).ExitStatus);

    [Fact]
    public async Task The_language_is_C_and_the_environment_can_be_added_to()
    {
        CommandResult result = await _frontend.RunAsync(
            Shell("echo $LC_ALL $WALT_TEST") with { Environment = new Dictionary<string, string> { ["WALT_TEST"] = "a b" } });
        Assert.Equal("C a b\n", result.Output);
    }

    [Fact]
    public async Task Lines_come_while_the_command_runs()
    {
        using var stop = new CancellationTokenSource();
        var lines = new List<OutputLine>();
        Task<CommandResult> run = _frontend.RunAsync(Shell("echo first; sleep 1000"), line => { lines.Add(line); stop.Cancel(); }, stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal([new OutputLine("first", false)], lines);
    }

    [Fact]
    public async Task A_last_line_without_newline_is_a_line()
    {
        var lines = new List<string>();
        CommandResult result = await _frontend.RunAsync(Shell("printf 'a\\r\\nb\\n\\nc'"), line => lines.Add(line.Text));
        Assert.Equal(["a", "b", "", "c"], lines);
        Assert.Equal("a\nb\n\nc", result.Output);
    }

    [Fact]
    public async Task A_flood_is_not_kept_but_its_lines_are_handed_on()
    {
        int lines = 0;
        CommandResult result = await _frontend.RunAsync(Shell("yes 0123456789abcde | head -c 12000000"), line => lines += line.IsError ? 0 : 1);
        Assert.True(result.IsTruncated);
        Assert.InRange(result.Output.Length, 8_000_000, 8 << 20);
        Assert.Equal(750_000, lines);
    }

    [Theory]
    [InlineData("waltg5k-no-such-program", 127)]
    [InlineData("/nowhere/program", 127)]
    [InlineData("/etc/passwd", 126)]
    public async Task A_program_that_is_not_there_ends_as_in_a_shell(string program, int status)
    {
        CommandResult result = await _frontend.RunAsync(new CommandRequest(program));
        Assert.Equal(status, result.ExitStatus);
        Assert.StartsWith(program + ": ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_is_128_and_its_number() => Assert.Equal(137, (await _frontend.RunAsync(Shell("kill -KILL $$"))).ExitStatus);

    [Fact]
    public async Task Each_command_has_a_session_of_its_own()
    {
        CommandResult result = await _frontend.RunAsync(
            Shell("read -r pid comm state ppid pgrp session rest < /proc/$$/stat; echo $pid $pgrp $session"));
        Assert.Single(result.Output.Trim().Split(' ').Distinct());
    }

    [Fact]
    public async Task Out_of_time()
    {
        string marker = ProcessTable.NewMarker();
        CommandRequest request = Shell($"echo started; sleep {marker}") with { Timeout = TimeSpan.FromMilliseconds(300) };
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => _frontend.RunAsync(request));
        Assert.Equal(("CommandTimeout", ErrorKind.OperationTimeout), (e.Code, e.Kind));
        Assert.Contains("started", e.Message, StringComparison.Ordinal);
        await ProcessTable.WaitForEndAsync(marker);
    }

    [Theory]
    [InlineData("sleep {0}")]
    [InlineData("sleep {0} & wait")]
    [InlineData("trap '' INT; sleep {0}; exit")]
    [InlineData("trap '' INT TERM; sleep {0}; exit")]
    public async Task A_cancelled_command_leaves_no_process(string script)
    {
        string marker = ProcessTable.NewMarker();
        using var stop = new CancellationTokenSource();
        Task<CommandResult> run = _impatient.RunAsync(Shell(string.Format(CultureInfo.InvariantCulture, script, marker) + "; true"), null,
            stop.Token);
        await ProcessTable.WaitForAsync(marker);
        long start = TimeProvider.System.GetTimestamp();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(2), "The caller waited for too long.");
        await ProcessTable.WaitForEndAsync(marker);
    }

    [Fact]
    public async Task An_interrupted_program_may_clean_up()
    {
        string file = Path.GetTempFileName();
        using var stop = new CancellationTokenSource();
        string script = $"trap 'echo cleaned > {file}; exit 1' INT; echo ready; while :; do sleep 0.1; done";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _frontend.RunAsync(Shell(script), _ => stop.Cancel(), stop.Token));
        Assert.Equal("cleaned\n", await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task A_listener_that_fails_ends_the_command()
    {
        string marker = ProcessTable.NewMarker();
        await Assert.ThrowsAsync<IOException>(() => _frontend.RunAsync(Shell($"echo a; sleep {marker}"), _ => throw new IOException("disk full")));
        await ProcessTable.WaitForEndAsync(marker);
        await Assert.ThrowsAsync<IOException>(() => _frontend.RunAsync(Shell("echo a"), _ => throw new IOException("disk full")));
    }

    [Fact]
    public async Task A_daemon_that_keeps_the_pipes_does_not_keep_us()
    {
        string marker = ProcessTable.NewMarker();
        CommandResult result = await _frontend.RunAsync(Shell($"setsid sleep {marker} & echo $!"));
        using Process daemon = Process.GetProcessById(int.Parse(result.Output, CultureInfo.InvariantCulture));
        daemon.Kill();
        await ProcessTable.WaitForEndAsync(marker);
    }

    [Fact]
    public async Task A_terminal_on_demand()
    {
        CommandResult result = await _frontend.RunAsync(Shell("test -t 1 && echo terminal; echo err >&2; exit 3") with { Terminal = true });
        Assert.Equal(("terminal\nerr\n", 3), (result.Output, result.ExitStatus));
        Assert.Equal(1, (await _frontend.RunAsync(Shell("test -t 1"))).ExitStatus);
    }

    [Theory]
    [InlineData("sleep {0}")]
    [InlineData("trap '' INT; sleep {0}; exit")]
    [InlineData("trap '' INT TERM HUP; sleep {0}; exit")]
    public async Task A_cancelled_command_on_a_terminal_leaves_no_process(string script)
    {
        string marker = ProcessTable.NewMarker();
        using var stop = new CancellationTokenSource();
        CommandRequest request = Shell(string.Format(CultureInfo.InvariantCulture, script, marker) + "; true") with { Terminal = true };
        Task<CommandResult> run = _impatient.RunAsync(request, null, stop.Token);
        await ProcessTable.WaitForAsync(marker);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await ProcessTable.WaitForEndAsync(marker);
    }

    [Fact]
    public async Task Already_cancelled_runs_nothing() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _frontend.RunAsync(Shell("true"), null, new CancellationToken(canceled: true)));

    [Fact]
    public async Task A_channel_to_a_port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using Stream channel = await _frontend.ConnectAsync("127.0.0.1", port);
        using TcpClient far = await listener.AcceptTcpClientAsync();
        await channel.WriteAsync("x"u8.ToArray());
        Assert.Equal('x', far.GetStream().ReadByte());
    }

    [Fact]
    public async Task A_closed_port_refuses()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => _frontend.ConnectAsync("127.0.0.1", port));
        Assert.Equal(("ChannelRefused", ErrorKind.ConnectionError, "127.0.0.1"), (e.Code, e.Kind, e.Target));
    }
}
