using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

/// <summary>Hops through a program of the name ssh that runs the line in a session of its own, as sshd does.</summary>
public sealed class HopFrontendTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-ssh").FullName;
    readonly HopFrontend _frontend = new("lille");

    public HopFrontendTests() => WriteSsh("""
        while [ "$1" != -- ]; do shift; done
        [ "$2" = lille ] || exit 99
        exec setsid -w /bin/sh -c "$3"
        """);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void WriteSsh(string script)
    {
        string file = Path.Combine(_folder, "ssh");
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    CommandRequest Request(params string[] words) => new(words)
    {
        Environment = new Dictionary<string, string> { ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}" },
    };

    [Fact]
    public async Task The_options_never_ask_and_end_soon()
    {
        string file = Path.Combine(_folder, "words");
        WriteSsh($"printf '%s\\n' \"$@\" > {file}; exit 3");
        await _frontend.RunAsync(Request("oarstat"));
        Assert.Equal(["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", "lille"], File.ReadLines(file).Take(6));
        await _frontend.RunAsync(Request("oarstat", "-u") with { Terminal = true });
        string[] words = await File.ReadAllLinesAsync(file);
        Assert.Equal(["-tt", "--", "lille"], words[4..7]);
        Assert.EndsWith(" oarstat -u", words[7], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_input_and_environment_arrive_as_they_are()
    {
        string text = "1é\n" + new string('x', 200_000);
        CommandRequest request = Request("/bin/sh", "-c", "printf '<%s>' \"$@\" \"$WALT_TEST\"; echo err >&2; cat; exit 5", "sh", "a b", "", "it's",
            "$HOME") with { Input = text };
        request = request with { Environment = new Dictionary<string, string>(request.Environment) { ["WALT_TEST"] = "c 'd'" } };
        CommandResult result = await _frontend.RunAsync(request);
        Assert.Equal(("<a b><><it's><$HOME><c 'd'>" + text, "err\n", 5), (result.Output, result.Error, result.ExitStatus));
        Assert.Equal("flille", result.Frontend);
    }

    [Fact]
    public async Task Without_input_the_far_end_reads_an_empty_one() => Assert.Equal("", (await _frontend.RunAsync(Request("cat"))).Output);

    [Theory]
    [InlineData("")]
    [InlineData("trap '' INT; ")]
    [InlineData("trap '' INT TERM; ")]
    public async Task A_cancelled_command_dies_at_the_far_end(string trap)
    {
        string marker = ProcessTable.NewMarker();
        using var stop = new CancellationTokenSource();
        Task<CommandResult> run = _frontend.RunAsync(Request("/bin/sh", "-c", $"{trap}sleep {marker}; true"), null, stop.Token);
        await ProcessTable.WaitForAsync(marker);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await ProcessTable.WaitForEndAsync(marker);
    }

    [Theory]
    [InlineData("ssh: Could not resolve hostname lille: Name or service not known", SshFailureReason.UnknownName, "-Gateway")]
    [InlineData("jdoe@lille: Permission denied (publickey).", SshFailureReason.Authentication, "ssh lille")]
    [InlineData("jdoe@access: Permission denied (publickey).\nConnection closed by UNKNOWN port 65535", SshFailureReason.Authentication, "ssh lille")]
    [InlineData("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", SshFailureReason.HostKeyChanged,
        "ssh-keygen -R lille")]
    [InlineData("Host key verification failed.", SshFailureReason.HostKeyUnknown, "ssh lille")]
    [InlineData("ssh: connect to host lille port 22: Connection refused", SshFailureReason.Refused, "status")]
    [InlineData("channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\nConnection closed by UNKNOWN port 65535",
        SshFailureReason.Refused, "status")]
    [InlineData("ssh: connect to host lille port 22: Connection timed out", SshFailureReason.Timeout, "status")]
    [InlineData("Connection timed out during banner exchange\nConnection to lille port 22 timed out", SshFailureReason.Timeout, "status")]
    [InlineData("ssh: connect to host lille port 22: No route to host", SshFailureReason.NoRoute, "-Gateway")]
    [InlineData("kex_exchange_identification: Connection closed by remote host", SshFailureReason.GatewayBusy, "ssh lille")]
    [InlineData("client_loop: send disconnect: Broken pipe", SshFailureReason.ConnectionLost, "Try again")]
    [InlineData("something new", SshFailureReason.Other, "ssh -v lille")]
    public async Task A_failure_of_ssh_is_no_result(string error, SshFailureReason reason, string advice)
    {
        WriteSsh($"echo '{error}' >&2; exit 255");
        FrontendUnreachableException e = await Assert.ThrowsAsync<FrontendUnreachableException>(() => _frontend.RunAsync(Request("true")));
        Assert.Equal(("FrontendUnreachable", ErrorKind.ConnectionError, "lille", reason), (e.Code, e.Kind, e.Target, e.Reason));
        Assert.Contains(advice, e.Recommendation, StringComparison.Ordinal);
        Assert.Contains(error.Split('\n')[^1], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_command_runs_is_lost()
    {
        WriteSsh("""
            while [ "$1" != -- ]; do shift; done
            setsid -w /bin/sh -c "$3"
            exit 255
            """);
        FrontendUnreachableException e = await Assert.ThrowsAsync<FrontendUnreachableException>(() =>
            _frontend.RunAsync(Request("/bin/sh", "-c", "kill -KILL $PPID")));
        Assert.Equal(SshFailureReason.ConnectionLost, e.Reason);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_all_has_arrived_runs_nothing()
    {
        string file = Path.Combine(_folder, "ran");
        WriteSsh("""
            while [ "$1" != -- ]; do shift; done
            head -c 40 | setsid -w /bin/sh -c "$3"
            exit 255
            """);
        await Assert.ThrowsAsync<FrontendUnreachableException>(() =>
            _frontend.RunAsync(Request("touch", file) with { Input = new string('x', 1000) }));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task What_startup_files_print_is_no_output()
    {
        WriteSsh("""
            while [ "$1" != -- ]; do shift; done
            echo welcome; printf 'no newline'; echo warning >&2
            exec setsid -w /bin/sh -c "$3"
            """);
        CommandResult result = await _frontend.RunAsync(Request("/bin/sh", "-c", "printf out; printf err >&2"));
        Assert.Equal(("out", "err"), (result.Output, result.Error));
    }

    [Theory]
    [InlineData("/!\\ Cannot recognize the resource description : nodes=abc")]
    [InlineData("encode_result: no result to encode")]
    [InlineData("")]
    public async Task The_commands_own_255_is_a_result(string error)
    {
        CommandResult result = await _frontend.RunAsync(Request("/bin/sh", "-c", "printf '%s' \"$1\" >&2; exit 255", "sh", error));
        Assert.Equal((255, error), (result.ExitStatus, result.Error));
    }
}
