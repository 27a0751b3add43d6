using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>Commands over shared connections to a real sshd.</summary>
public sealed class SshCommandTests : IAsyncLifetime
{
    SshServer _server = null!;
    SshFrontend _frontend = null!;

    public async Task InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        _frontend = _server.Open();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    static CommandRequest Shell(string script, params string[] arguments) => new(["/bin/sh", "-c", script, "sh", .. arguments]);

    [SshFact]
    public async Task Output_error_and_status_come_back_apart()
    {
        CommandResult result = await _frontend.RunAsync(Shell("echo out; printf err >&2; exit 3"));
        Assert.Equal(("fnancy", 3, "out\n", "err"), (result.Frontend, result.ExitStatus, result.Output, result.Error));
    }

    [SshFact]
    public async Task Words_and_environment_arrive_as_they_are()
    {
        string[] odd = ["a b", "", "it's", "\"", "$HOME", "*", "é\n\\!%", new string('x', 100_000)];
        CommandRequest request = Shell("printf '<%s>' \"$@\" \"$WALT_TEST\"; echo \"$LC_ALL\"",
            odd) with { Environment = new Dictionary<string, string> { ["WALT_TEST"] = "c 'd'" } };
        Assert.Equal(string.Concat(odd.Select(w => $"<{w}>")) + "<c 'd'>C\n", (await _frontend.RunAsync(request)).Output);
    }

    [SshFact]
    public async Task Every_status_comes_back()
    {
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 256).Select(i => _frontend.RunAsync(Shell($"exit {i}"))));
        Assert.Equal(Enumerable.Range(0, 256), results.Select(r => r.ExitStatus));
        Assert.All(results, r => Assert.Equal(("", ""), (r.Output, r.Error)));
    }

    [SshTheory]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("exec no-such-program", 127)]
    public async Task A_signal_or_a_missing_program_is_a_status(string script, int status) =>
        Assert.Equal(status, (await _frontend.RunAsync(Shell(script))).ExitStatus);

    [SshFact]
    public async Task Fifty_commands_share_few_logins()
    {
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _frontend.RunAsync(Shell($"sleep 1; echo {i}"))));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}\n"), results.Select(r => r.Output));
        Assert.InRange(_server.Logins, 2, 7);
        Assert.Equal(_server.Logins, _frontend.MasterCount);
    }

    [SshFact]
    public async Task Input_is_sent_whole_and_closed()
    {
        string text = "\0\u0001\r\né" + string.Concat(Enumerable.Range(0, 200_000).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"));
        CommandResult result = await _frontend.RunAsync(new CommandRequest("cat") { Input = text });
        Assert.Equal(text.Replace("\r\n", "\n", StringComparison.Ordinal), result.Output);
        Assert.Equal("", (await _frontend.RunAsync(new CommandRequest("cat"))).Output);
        Assert.Equal(0, (await _frontend.RunAsync(new CommandRequest("true") { Input = text })).ExitStatus);
    }

    [SshFact]
    public async Task Input_of_all_characters_is_unchanged()
    {
        string text = string.Concat(Enumerable.Range(0, 3000).Select(i => (char)i));
        string file = Path.Combine(_server.Folder, "received");
        await _frontend.RunAsync(Shell("cat > \"$1\"", file) with { Input = text });
        Assert.Equal(text, await File.ReadAllTextAsync(file));
    }

    [SshFact]
    public async Task A_flood_comes_whole()
    {
        int lines = 0;
        CommandResult result = await _frontend.RunAsync(Shell("yes 0123456789abcde | head -n 2000000; echo last; exit 4"), line => lines++);
        Assert.Equal((2_000_001, 4, true), (lines, result.ExitStatus, result.IsTruncated));
    }

    [SshFact]
    public async Task Lines_come_while_the_command_runs()
    {
        using var stop = new CancellationTokenSource();
        var lines = new List<OutputLine>();
        Task<CommandResult> run = _frontend.RunAsync(Shell("echo first; sleep 1000"), line => { lines.Add(line); stop.Cancel(); }, stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal([new OutputLine("first", false)], lines);
    }

    [SshTheory]
    [InlineData("", false, 1)]
    [InlineData("", true, 1)]
    [InlineData("trap '' INT; ", false, 2)]
    [InlineData("trap '' INT TERM; ", false, 4)]
    public async Task A_cancelled_command_dies_at_the_far_end(string trap, bool hasUnreadInput, int seconds)
    {
        string marker = Processes.NewMarker();
        using var stop = new CancellationTokenSource();
        CommandRequest request = Shell($"{trap}sleep {marker}; true") with { Input = hasUnreadInput ? new string('x', 1 << 20) : null };
        Task<CommandResult> run = _frontend.RunAsync(request, null, stop.Token);
        await Processes.WaitForAsync(marker);
        long start = Stopwatch.GetTimestamp();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), "The caller waited for too long.");
        await Eventually.HoldsAsync(() => Processes.Find(marker).Count == 0, "The command lives on.", TimeSpan.FromSeconds(seconds));
        Assert.Equal(0, (await _frontend.RunAsync(new CommandRequest("true"))).ExitStatus);
    }

    [SshFact]
    public async Task Out_of_time()
    {
        string marker = Processes.NewMarker();
        await _frontend.OpenAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            _frontend.RunAsync(Shell($"echo started; sleep {marker}") with { Timeout = TimeSpan.FromSeconds(1) }));
        Assert.Equal("CommandTimeout", e.Code);
        await Processes.WaitForEndAsync(marker);
    }

    [SshFact]
    public async Task A_terminal_is_given_where_it_is_asked_for()
    {
        CommandResult result = await _frontend.RunAsync(Shell("test -t 0 && echo yes; echo err >&2; exit 255") with { Terminal = true });
        Assert.Equal((255, "yes\nerr\n"), (result.ExitStatus, result.Output));
    }

    [SshFact]
    public async Task A_cancelled_command_on_a_terminal_dies_too()
    {
        string marker = Processes.NewMarker();
        using var stop = new CancellationTokenSource();
        Task<CommandResult> run = _frontend.RunAsync(Shell($"sleep {marker}; true") with { Terminal = true }, null, stop.Token);
        await Processes.WaitForAsync(marker);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Processes.WaitForEndAsync(marker);
    }

    [SshFact]
    public async Task What_runs_on_in_the_background_is_left_alone()
    {
        string marker = Processes.NewMarker();
        Assert.Equal(0, (await _frontend.RunAsync(Shell($"sleep {marker} >/dev/null 2>&1 </dev/null &"))).ExitStatus);
        int id = Assert.Single(Processes.Find(marker));
        await _frontend.DisposeAsync();
        Assert.Single(Processes.Find(marker));
        Process.GetProcessById(id).Kill();
    }
}
