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
    public void The_options_never_ask_and_end_soon()
    {
        IReadOnlyList<string> words = HopFrontend.GetWords("lille", new CommandRequest("oarstat", "-u"));
        Assert.Equal(["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", "lille"], words.Take(7));
        Assert.EndsWith(" env LC_ALL=C oarstat -u", words[7], StringComparison.Ordinal);
        Assert.Equal(["-tt", "--", "lille", "exec env LC_ALL=C oarstat -u"], HopFrontend.GetWords("lille", new CommandRequest("oarstat", "-u") { Terminal = true }).Skip(5));
    }

    [Fact]
    public async Task Words_input_and_environment_arrive_as_they_are()
    {
        string text = "1é\n" + new string('x', 200_000);
        CommandRequest request = Request("/bin/sh", "-c", "printf '<%s>' \"$@\" \"$WALT_TEST\"; echo err >&2; cat; exit 5", "sh", "a b", "", "it's", "$HOME") with { Input = text };
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
    [InlineData("ssh: Could not resolve hostname lille: Name or service not known", "Get-G5kSite")]
    [InlineData("jdoe@lille: Permission denied (publickey).", "ssh lille")]
    [InlineData("Host key verification failed.", "ssh-keygen -F lille")]
    [InlineData("ssh: connect to host lille port 22: Connection refused", "status")]
    [InlineData("ssh: connect to host lille port 22: Connection timed out", "status")]
    [InlineData("kex_exchange_identification: Connection closed by remote host", "ssh lille")]
    [InlineData("client_loop: send disconnect: Broken pipe", "Try again")]
    public async Task A_failure_of_ssh_is_no_result(string error, string advice)
    {
        WriteSsh($"echo '{error}' >&2; exit 255");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => _frontend.RunAsync(Request("true")));
        Assert.Equal(("FrontendUnreachable", ErrorKind.ConnectionError, "lille"), (e.Code, e.Kind, e.Target));
        Assert.Contains(advice, e.Recommendation, StringComparison.Ordinal);
        Assert.Contains(error, e.Message, StringComparison.Ordinal);
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
