using System.Collections.Concurrent;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

/// <summary>Files and small programs of an emulated front-end.</summary>
public class FrontendFilesTests
{
    static Task<TestbedGrid> OpenAsync(string? folder = null) => TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, StatePath = folder });

    static Task<CommandResult> RunAsync(TestbedGrid grid, params string[] words) => grid.GetFrontend("nancy").RunAsync(new CommandRequest(words));

    [Fact]
    public async Task A_file_is_written_read_moved_and_removed()
    {
        await using TestbedGrid grid = await OpenAsync();
        Assert.Equal(0, (await RunAsync(grid, "mkdir", "-p", "--", "a/b")).ExitStatus);
        IFrontend nancy = grid.GetFrontend("nancy");
        CommandResult tee = await nancy.RunAsync(new CommandRequest("tee", "--", "a/b/-file") { Input = "é\nno end" });
        Assert.Equal((0, "é\nno end"), (tee.ExitStatus, tee.Output));
        Assert.Equal("é\nno end", (await RunAsync(grid, "cat", "--", "/home/jdoe/a/b/-file")).Output);
        Assert.Equal("é\nno end", await File.ReadAllTextAsync(Path.Combine(grid.HomeDirectory, "a/b/-file")));
        Assert.Equal(0, (await RunAsync(grid, "mv", "--", "a/b/-file", "a/c")).ExitStatus);
        Assert.Equal(1, (await RunAsync(grid, "test", "-e", "a/b/-file")).ExitStatus);
        Assert.Equal(0, (await RunAsync(grid, "test", "-e", "a/c")).ExitStatus);
        Assert.Equal(0, (await RunAsync(grid, "rm", "-f", "--", "a/c")).ExitStatus);
        CommandResult gone = await RunAsync(grid, "cat", "--", "a/c");
        Assert.Equal((1, "", "cat: a/c: No such file or directory\n"), (gone.ExitStatus, gone.Output, gone.Error));
        Assert.Equal(0, (await RunAsync(grid, "rm", "-f", "--", "a/c")).ExitStatus);
    }

    [Fact]
    public async Task The_home_is_the_same_everywhere_and_other_folders_are_the_sites_own()
    {
        await using TestbedGrid grid = await OpenAsync();
        await grid.GetFrontend("nancy").RunAsync(new CommandRequest("tee", "/tmp/x", "y") { Input = "1\n" });
        IFrontend rennes = grid.GetFrontend("rennes");
        Assert.Equal(1, (await rennes.RunAsync(new CommandRequest("test", "-e", "/tmp/x"))).ExitStatus);
        Assert.Equal(0, (await rennes.RunAsync(new CommandRequest("test", "-e", "y"))).ExitStatus);
        Assert.False(File.Exists("/tmp/x"));
    }

    [Fact]
    public async Task Files_are_kept_with_the_testbed()
    {
        using var folder = new TemporaryFolder();
        await using (TestbedGrid first = await OpenAsync(folder.Path)) await first.GetFrontend("nancy")
            .RunAsync(new CommandRequest("tee", "/tmp/kept") { Input = "text\n" });
        await using TestbedGrid second = await OpenAsync(folder.Path);
        Assert.Equal("text\n", (await RunAsync(second, "cat", "/tmp/kept")).Output);
    }

    [Fact]
    public async Task A_followed_file_may_appear_later_and_is_followed_until_the_call_is_cancelled()
    {
        await using TestbedGrid grid = await OpenAsync();
        IFrontend nancy = grid.GetFrontend("nancy");
        using var stop = new CancellationTokenSource();
        var lines = new ConcurrentQueue<OutputLine>();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<CommandResult> tail = nancy.RunAsync(new CommandRequest("tail", "-n", "+1", "-F", "--", "out") { Timeout = TimeSpan.FromDays(1) },
            line =>
        {
            lines.Enqueue(line);
            began.TrySetResult();
            if (line.Text == "two") stop.Cancel();
        }, stop.Token);
        await began.Task;
        await nancy.RunAsync(new CommandRequest("sh", "-c", "sleep 20; echo one > out; sleep 20; echo two >> out"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail);
        Assert.Equal(["one", "two"], lines.Where(l => !l.IsError).Select(l => l.Text));
        Assert.Equal(["tail: cannot open 'out' for reading: No such file or directory", "tail: 'out' has appeared;  following new file"],
            lines.Where(l => l.IsError).Select(l => l.Text));
    }

    [Theory]
    [InlineData("hostname", "fnancy\n", 0)]
    [InlineData("date +%s", "1774342800\n", 0)]
    [InlineData("id -un", "jdoe\n", 0)]
    [InlineData("command -v oarsub", "/usr/bin/oarsub\n", 0)]
    [InlineData("command -v nosuch", "", 1)]
    [InlineData("echo $UNSET/x | wc -c && false || echo $(echo a; echo b) '$HOME'", "3\na b $HOME\n", 0)]
    [InlineData("x=5; echo \"x is $x\" > f; cat f; test -s f && echo full", "x is 5\nfull\n", 0)]
    [InlineData("cd /tmp; pwd; exit 3", "/tmp\n", 3)]
    [InlineData("printf '%s-%d\\n' a 1 b 2 | sort -r | head -n 1", "b-2\n", 0)]
    public async Task Its_shell_knows_what_scripts_commonly_use(string script, string output, int status)
    {
        await using TestbedGrid grid = await OpenAsync();
        CommandResult result = await RunAsync(grid, "sh", "-c", script);
        Assert.Equal((output, status), (result.Output, result.ExitStatus));
    }

    [Fact]
    public async Task A_jobs_command_writes_its_files_while_it_runs_in_the_testbeds_time()
    {
        await using TestbedGrid grid = await OpenAsync();
        CommandResult submitted = await RunAsync(grid, "oarsub", "-n", "talk", "-l", "nodes=2,walltime=1",
            "echo job $OAR_JOB_ID; sleep 600; sort -u $OAR_NODE_FILE | wc -l; exit 3");
        string id = submitted.Output.Split('\n').First(l => l.StartsWith("OAR_JOB_ID=", StringComparison.Ordinal))["OAR_JOB_ID=".Length..];
        await Task.Delay(TimeSpan.FromSeconds(300), grid.Time);
        string file = $"OAR.talk.{id}.stdout";
        Assert.Equal($"job {id}\n", (await RunAsync(grid, "cat", file)).Output);
        await Task.Delay(TimeSpan.FromSeconds(400), grid.Time);
        Assert.Equal($"job {id}\n2\n", (await RunAsync(grid, "cat", file)).Output);
        Assert.Equal("", (await RunAsync(grid, "cat", $"OAR.talk.{id}.stderr")).Output);
        CommandResult shown = await RunAsync(grid, "oarstat", "-J", "-f", "-j", id);
        Assert.Contains("\"exit_code\" : 768", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"state\" : \"Terminated\"", shown.Output, StringComparison.Ordinal);
    }
}
