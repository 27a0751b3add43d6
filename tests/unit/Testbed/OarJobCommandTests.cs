using System.Diagnostics;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>Commands of jobs are real processes, so these tests wait for them in real time.</summary>
public sealed class OarJobCommandTests : IDisposable
{
    readonly string _home = Directory.CreateTempSubdirectory("waltg5k-oar-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    static async Task UntilAsync(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(20), "it did not happen in time");
            await Task.Delay(10);
        }
    }

    async Task<OarJob> RunToEndAsync(OarLab lab, params string[] arguments)
    {
        OarJob job = await lab.SubmitAsync(arguments);
        lab.Advance(5);
        await UntilAsync(() => job.State == "Finishing" || job.HasEnded);
        lab.Advance(5);
        return job;
    }

    [Fact]
    public async Task The_command_runs_in_the_home_with_the_variables_of_its_job_and_its_output_is_appended()
    {
        await using OarLab lab = new OarLab([], _home).Started();
        await File.WriteAllTextAsync(Path.Combine(_home, "out.txt"), "before\n");
        OarJob job = await RunToEndAsync(lab, "-t", "deploy", "-l", "{cluster='argon'}/nodes=2,walltime=0:05", "-O", "out.txt",
            "echo $OAR_JOB_ID $OAR_JOB_WALLTIME $OAR_JOB_WALLTIME_SECONDS; sort $OAR_NODE_FILE | uniq -c; echo wrong >&2");
        Assert.Equal(("Terminated", 0), (job.State, job.Progress.ExitCode));
        Assert.Equal("SWITCH_INTO_TERMINATE_STATE", Assert.Single(job.Progress.Events).Type);
        string[] output = await File.ReadAllLinesAsync(Path.Combine(_home, "out.txt"));
        Assert.Equal(["before", $"{job.Id} 0:5:0 300", "      8 argon-1.arles.grid5000.fr", "      8 argon-10.arles.grid5000.fr"], output);
        Assert.Equal("wrong\n", await File.ReadAllTextAsync(Path.Combine(_home, $"OAR.{job.Id}.stderr")));
    }

    [Theory]
    [InlineData("exit 3", 768)]
    [InlineData("nosuchprogram", 32512)]
    [InlineData("kill -USR1 $$", 10)]
    public async Task The_exit_code_is_a_wait_status(string command, int expected)
    {
        await using OarLab lab = new OarLab([], _home).Started();
        OarJob job = await RunToEndAsync(lab, "-l", "nodes=1,walltime=0:05", command);
        Assert.Equal(("Terminated", expected), (job.State, job.Progress.ExitCode));
    }

    [Fact]
    public async Task At_the_end_of_the_job_everything_that_it_started_is_killed()
    {
        await using OarLab lab = new OarLab([], _home).Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:05", "sleep 300 & echo $! >pid; sleep 300");
        lab.Advance(5);
        string file = Path.Combine(_home, "pid");
        await UntilAsync(() => File.Exists(file) && new FileInfo(file).Length > 0);
        string stat = $"/proc/{(await File.ReadAllTextAsync(file)).Trim()}/stat";
        Assert.True(File.Exists(stat));
        await lab.RunAsync("oardel", $"{job.Id}");
        lab.Advance(10);
        Assert.Equal(("Error", null), (job.State, job.Progress.ExitCode));
        await UntilAsync(() => !File.Exists(stat) || File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_directory_is_an_error_of_the_job()
    {
        await using OarLab lab = new OarLab([], _home).Started();
        OarJob job = await RunToEndAsync(lab, "-d", "/nonexistent", "-t", "deploy", "-l", "nodes=1,walltime=0:05", "true");
        Assert.Equal("Error", job.State);
        Assert.Equal(["SWITCH_INTO_ERROR_STATE", "WORKING_DIRECTORY"], job.Progress.Events.Select(e => e.Type));
        Assert.Contains("Cannot go into the working directory /nonexistent of the job on node ", job.Progress.Events[1].Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reservation_without_a_command_stays_running()
    {
        await using OarLab lab = new OarLab([], _home).Started();
        OarJob job = await lab.SubmitAsync("-r", "now", "-l", "nodes=1,walltime=0:05");
        lab.Advance(100);
        Assert.Equal("Running", job.State);
    }
}
