using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarOutputTests : IDisposable
{
    const string Ended =
        "{\"7\": {\"state\": \"Terminated\", \"launchingDirectory\": \"/home/jdoe\", \"stdout_file\": \"OAR.7.stdout\", \"stderr_file\": \"/tmp/e.%jobid%\"}}";
    readonly ScriptedFrontend _frontend = new("arles");
    readonly ManualTime _time = new();
    readonly OarClient _oar;

    public OarOutputTests() => _oar = new OarClient(_frontend, _time);

    public void Dispose() => _frontend.Dispose();

    void Job(string json) => _frontend.Expect("oarstat -J -f -j 7").Returns(json);

    Task<List<string>> ReadAsync(OarOutputStream stream = OarOutputStream.Output, bool follow = false, int? tail = null) => _time.RunAsync(async () =>
    {
        var lines = new List<string>();
        await foreach (string line in _oar.ReadOutputAsync(7, stream, follow, tail)) lines.Add(line);
        return lines;
    });

    [Fact]
    public async Task The_whole_output_of_an_ended_job()
    {
        Job(Ended);
        _frontend.Expect("tail -n +1 -- /home/jdoe/OAR.7.stdout").Returns("a\n\nb\n");
        Assert.Equal(["a", "", "b"], await ReadAsync(follow: true));
    }

    [Fact]
    public async Task The_last_lines_of_the_other_stream()
    {
        Job(Ended);
        _frontend.Expect("tail -n 2 -- /tmp/e.7").Returns("y\nz");
        Assert.Equal(["y", "z"], await ReadAsync(OarOutputStream.Error, tail: 2));
    }

    [Fact]
    public async Task Following_gives_each_line_once_until_the_job_has_ended_and_the_file_is_drained()
    {
        string running = Ended.Replace("Terminated", "Running", StringComparison.Ordinal);
        Job(running);
        _frontend.Expect("tail -n +1 -F -- /home/jdoe/OAR.7.stdout").Hangs("a\nb\n");
        Job(running);
        Job(Ended);
        _frontend.Expect("tail -n +3 -- /home/jdoe/OAR.7.stdout").Returns("c without a newline");
        Assert.Equal(["a", "b", "c without a newline"], await ReadAsync(follow: true));
    }

    [Fact]
    public async Task Following_may_begin_near_the_end()
    {
        Job(Ended.Replace("Terminated", "Running", StringComparison.Ordinal));
        _frontend.Expect("wc -l -- /home/jdoe/OAR.7.stdout").Returns("10 /home/jdoe/OAR.7.stdout\n");
        _frontend.Expect("tail -n +9 -F -- /home/jdoe/OAR.7.stdout").Hangs("i\nj\n");
        Job(Ended);
        _frontend.Expect("tail -n +11 -- /home/jdoe/OAR.7.stdout").Returns("k\n");
        Assert.Equal(["i", "j", "k"], await ReadAsync(follow: true, tail: 2));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error()
    {
        Job(Ended);
        _frontend.Expect("tail -n +1 -- /home/jdoe/OAR.7.stdout").Returns("", "tail: cannot open 'x' for reading: No such file or directory", 1);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => ReadAsync());
        Assert.Equal(("JobOutputNotFound", ErrorKind.ObjectNotFound), (e.Code, e.Kind));
    }

    [Fact]
    public async Task An_unknown_job_has_no_output()
    {
        Job("");
        Assert.Equal("JobNotFound", (await Assert.ThrowsAsync<G5kException>(() => ReadAsync())).Code);
    }

    [Theory]
    [InlineData("%jobname%/%jobid%.%arrayid%.%arrayindex%", "/d/n/7.5.3")]
    [InlineData("/abs", "/abs")]
    [InlineData("", null)]
    public void Names_are_resolved_against_the_jobs_folder(string file, string? path) =>
        Assert.Equal(path, OarOutputPath.Get(new OarJob { Site = "s", Id = 7, State = OarJobState.Running, Name = "n", ArrayId = 5, ArrayIndex = 3,
        Directory = "/d/", OutputFile = file }, OarOutputStream.Output));
}
