using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarSubmissionTests
{
    [Fact]
    public async Task Rule_lines_come_first_then_the_id_then_the_block_of_json()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-J", "-t", "deploy", "-l", "nodes=3", "sleep 1800");
        Assert.Equal($$"""
            # Set walltime to default (3600 s).
            [ADMISSION RULE] Modify resource description with type constraints
            # Filtering out exotic resources (aster).
            OAR_JOB_ID={{answer.JobId}}

            ##########
            {
               "job_id" : {{answer.JobId}}
            }

            ##########

            """, answer.Output);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Errors));
    }

    [Fact]
    public async Task The_id_of_a_reservation_is_printed_before_its_verdict()
    {
        await using OarLab lab = new OarLab().Started();
        var seen = new List<(string Line, DateTimeOffset Time)>();
        await lab.Clock.RunAsync(() => lab.BeginAsync("jdoe", "arles", "", "oarsub", ["-r", lab.In(600), "-l", "nodes=1,walltime=1"],
            line => seen.Add((line, lab.Clock.GetUtcNow()))));
        int id = seen.FindIndex(s => s.Line.StartsWith("OAR_JOB_ID=", StringComparison.Ordinal));
        int verdict = seen.FindIndex(s => s.Line == "# Reservation valid --> OK");
        Assert.Equal(id + 1, seen.FindIndex(s => s.Line == "# Advance reservation request: waiting for validation..."));
        Assert.True(id >= 0 && seen[verdict].Time >= seen[id].Time.AddMilliseconds(500), "the verdict takes a while");
    }

    [Fact]
    public async Task An_array_has_several_ids_and_objects()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-J", "--array", "3", "-n", "arr", "-l", "nodes=1,walltime=0:05", "sleep 5");
        string[] lines = answer.Output.Split('\n');
        Assert.Equal(3, lines.Count(l => l.StartsWith("OAR_JOB_ID=", StringComparison.Ordinal)));
        Assert.Contains($"OAR_ARRAY_ID={answer.JobId}", lines);
        Assert.Equal(3, lines.Count(l => l == "{"));
        Assert.Equal("Simple array job submission is used", answer.Errors);
        OarJob last = lab.Arles.Jobs[answer.JobId + 2];
        Assert.Equal((answer.JobId, 3, $"OAR.arr.{last.Id}.stdout"), (last.ArrayId, last.Submission.ArrayIndex, last.StandardOutputFile));
    }

    [Theory]
    [InlineData(1, "Unknown option: types", "--types", "deploy", "-l", "nodes=1", "true")]
    [InlineData(5, "", "-t", "deploy", "-l", "nodes=1")]
    [InlineData(6, "", "--array", "0", "-l", "nodes=1", "true")]
    [InlineData(7, "[ERROR] Syntax error near the -r or --reservation option.", "-r", "tomorrow", "-l", "nodes=1")]
    [InlineData(16, "[ERROR] Insecure characters found in notification method", "--notify", "exec:/bin/x;rm", "-l", "nodes=1", "true")]
    [InlineData(17, "[ERROR] A noop job cannot be interactive.", "-I", "-t", "noop", "-l", "nodes=1")]
    [InlineData(248, "ERROR : The queue noqueue does not exist", "-q", "noqueue", "-l", "nodes=1", "true")]
    [InlineData(254, "[ADMISSION RULE] Error: unknown job type: nosuchtype\n", "-t", "nosuchtype", "-l", "nodes=1", "true")]
    [InlineData(254, "[ADMISSION RULE] 'core' resource is not allowed with a deploy job\n", "-t", "deploy", "-l", "core=1", "true")]
    [InlineData(254, "[ADMISSION RULE] 'state' resource is not allowed\n", "-l", "state=1", "true")]
    [InlineData(254, "[ADMISSION RULE] Only member of the group admin can submit jobs in the admin queue\n", "-q", "admin", "-l", "nodes=1", "true")]
    [InlineData(254, "[ADMISSION RULE] Error: inner job is requesting an invalid container id.\n", "-t", "inner=424242", "-l", "nodes=1", "true")]
    [InlineData(254, "[ADMISSION RULE] Error: a job cannot both be of type besteffort and be a reservation.\n", "-t", "besteffort", "-r", "now",
        "-l", "nodes=1")]
    [InlineData(255, @"/!\ Cannot recognize the resource description : nodes=abc", "-l", "nodes=abc", "true")]
    [InlineData(255, @"/!\ Cannot recognize -- ,walltime=abc -- resource", "-l", "nodes=1,walltime=abc", "true")]
    public async Task What_is_refused_has_its_exit_code_and_leaves_no_job(int exitCode, string error, params string[] arguments)
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", arguments);
        Assert.Equal(exitCode, answer.ExitCode);
        Assert.StartsWith(error, answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("OAR_JOB_ID", answer.Output, StringComparison.Ordinal);
        Assert.Empty(lab.Arles.Jobs);
    }

    [Theory]
    [InlineData("There are not enough resources for your request", "-l", "nodes=1000,walltime=1")]
    [InlineData("There are not enough resources for your request", "-l", "{type='kavlan-global'}/vlan=2+/nodes=1,walltime=1")]
    [InlineData("There are not enough resources for your request", "-l", "{cluster='nosuch'}/nodes=1,walltime=1")]
    [InlineData("There are not enough resources for your request", "-l", "{cluster='aster'}/nodes=1,walltime=1")]
    [InlineData("Bad resource request (ERROR:  column \"nosuchprop\" does not exist\nLINE 4: ...", "-p", "nosuchprop='x'", "-l",
        "nodes=1,walltime=1")]
    [InlineData("Bad resource request (ERROR:  column \"boot_type\" does not exist\nLINE 4: ...", "-l", "{boot_type='bios'}/nodes=1,walltime=1")]
    [InlineData("Bad resource request (ERROR:  syntax error at or near", "-p", "cluster='argon", "-l", "nodes=1,walltime=1")]
    public async Task What_can_never_run_has_the_id_minus_5(string error, params string[] arguments)
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", ["-J", "-t", "deploy", .. arguments, "true"]);
        Assert.Equal((8, -5), (answer.ExitCode, answer.JobId));
        Assert.Contains("{\n   \"job_id\" : -5\n}", answer.Output, StringComparison.Ordinal);
        Assert.StartsWith(error, answer.Errors, StringComparison.Ordinal);
        Assert.EndsWith("\n[ERROR] Oarsub failed, please verify your request syntax.", answer.Errors, StringComparison.Ordinal);
        Assert.Empty(lab.Arles.Jobs);
    }

    [Fact]
    public async Task Exotic_nodes_are_for_those_who_ask()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-t", "deploy", "-t", "exotic", "-p", "cluster='aster'", "-l", "nodes=2,walltime=0:20", "true");
        Assert.DoesNotContain("Filtering", answer.Output, StringComparison.Ordinal);
        Assert.Equal("((((cluster='aster') AND deploy = 'YES') AND desktop_computing = 'NO') AND maintenance = 'NO') AND drain='NO'",
            lab.Arles.Jobs[answer.JobId].Submission.Properties);
    }

    [Fact]
    public async Task Best_effort_says_what_it_adds()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-t", "besteffort", "-t", "deploy", "-l", "nodes=1,walltime=1", "true");
        Assert.StartsWith("""
            [ADMISSION RULE] Automatically redirect in the besteffort queue
            [ADMISSION RULE] Automatically add the besteffort constraint on the resources
            """, answer.Output, StringComparison.Ordinal);
        OarJob job = lab.Arles.Jobs[answer.JobId];
        Assert.Equal(("besteffort", "R=16,W=1:0:0,J=B,T=besteffort|deploy"), (job.Submission.Queue, job.Progress.Message));
    }

    [Fact]
    public async Task Without_the_server_the_job_is_said_to_be_killed_and_starts_all_the_same()
    {
        await using OarLab lab = new OarLab(new FaultSpecification(FaultNames.OarServerDown, "arles", 1, null)).Started();
        Answer answer = await lab.RunAsync("oarsub", "-t", "deploy", "-l", "nodes=1,walltime=1", "sleep 60");
        Assert.Equal((9, "[ERROR] Cannot connect to executor localhost:6682. Job is killed."), (answer.ExitCode, answer.Errors));
        OarJob job = lab.Arles.Jobs[answer.JobId];
        lab.Advance(30);
        Assert.Equal("Waiting", job.State);
        lab.Advance(60);
        Assert.Equal("Running", job.State);
    }

    [Fact]
    public async Task A_job_is_copied_by_resubmit_unless_it_is_someone_elses_or_a_reservation()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:01", "sleep 60");
        Assert.EndsWith("The job must be in Error or Terminated state.", (await lab.RunAsync("oarsub", "--resubmit", $"{job.Id}")).Errors,
            StringComparison.Ordinal);
        lab.Advance(200);
        Answer copy = await lab.RunAsync("oarsub", "-J", "--resubmit", $"{job.Id}");
        Assert.Equal($"Resubmitting job {job.Id}...DONE\nOAR_JOB_ID={copy.JobId}", copy.Output);
        Assert.Equal(job.Id, lab.Arles.Jobs[copy.JobId].Submission.ResubmitJobId);
        Answer foreign = await lab.RunAsAsync("other", "arles", "", "oarsub", "--resubmit", $"{job.Id}");
        Assert.Equal((4, "[ERROR] You are not the right user."), (foreign.ExitCode, foreign.Errors));
    }

    [Fact]
    public async Task An_interactive_job_without_a_terminal_ends_at_once()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-I", "-t", "deploy", "-l", "nodes=2,walltime=0:05");
        Assert.Equal((0, "[ERROR] An unknown error occured (256)."), (answer.ExitCode, answer.Errors));
        Assert.Contains("Interactive mode: waiting...", answer.Lines);
        Assert.EndsWith($"Disconnected from OAR job {answer.JobId}.", answer.Output, StringComparison.Ordinal);
        lab.Advance(10);
        Assert.Equal("Error", lab.Arles.Jobs[answer.JobId].State);
    }

    [Fact]
    public async Task An_interrupted_oarsub_deletes_its_reservation()
    {
        await using OarLab lab = new OarLab().Started();
        using var interrupted = new CancellationTokenSource();
        Answer answer = await lab.Clock.RunAsync(() => lab.BeginAsync("jdoe", "arles", "", "oarsub", ["-r", lab.In(600), "-l", "nodes=1,walltime=1"],
            line =>
            {
                if (line.Contains("waiting for validation", StringComparison.Ordinal)) interrupted.Cancel();
            }, interrupted.Token));
        Assert.Equal((1, $"Caught Interrupt (^C), Deleting the job {answer.JobId}...\nJob(s) deleted."), (answer.ExitCode, answer.Errors));
        lab.Advance(5);
        Assert.Equal("Error", lab.Arles.Jobs[answer.JobId].State);
    }
}
