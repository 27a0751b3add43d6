using System.Text.Json;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>What goes wrong at a site, and what it leaves behind.</summary>
public class OarFailureTests
{
    static OarLab Start(params string[] faults) => new OarLab([.. faults.Select(FaultSpecification.Parse)]).Started();

    [Fact]
    public async Task A_job_over_its_quota_waits_without_a_word_until_another_one_ends()
    {
        await using OarLab lab = Start("oar-quota:arles=1");
        OarJob first = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "sleep 3600");
        lab.Advance(20);
        OarJob second = await lab.SubmitAsync("-l", "nodes=1,walltime=0:05", "sleep 60");
        lab.Advance(200);
        Assert.Equal(("Waiting", null), (second.State, second.Progress.ScheduledStart));
        Assert.Equal("R=16,W=0:5:0,J=B", second.Progress.Message);
        await lab.RunAsync("oardel", $"{first.Id}");
        lab.Advance(70);
        Assert.Equal("Running", second.State);
    }

    [Fact]
    public async Task A_prologue_that_fails_ends_the_job_and_submits_it_again()
    {
        await using OarLab lab = Start("oar-prologue-fails:arles*1");
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:10", "sleep 600");
        lab.Advance(30);
        Assert.Equal("Error", job.State);
        OarJob copy = lab.Arles.Jobs.Values.Last();
        Assert.Equal((job.Id, "Running"), (copy.Submission.ResubmitJobId, copy.State));
        Assert.Contains($"job {job.Id} => {copy.Id})", job.Progress.Events[^1].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reservation_of_which_oarsub_was_killed_holds_its_nodes_for_five_minutes()
    {
        await using OarLab lab = Start("oarsub-killed:arles*1");
        string[] reserve = ["-r", lab.In(7200), "-l", "nodes=36,walltime=1"];
        Answer killed = await lab.RunAsync("oarsub", reserve);
        Assert.Equal(137, killed.ExitCode);
        Assert.DoesNotContain("valid --> OK", killed.Output, StringComparison.Ordinal);
        OarJob job = lab.Arles.Jobs[killed.JobId];
        lab.Advance(100);
        Assert.Equal("toAckReservation", job.State);
        Assert.Equal(10, (await lab.RunAsync("oarsub", reserve)).ExitCode);
        Assert.Equal(6, (await lab.RunAsync("oardel", $"{job.Id}")).ExitCode);
        lab.Advance(220);
        Assert.Equal(("Error", "Job exterminated by Leon"), (job.State, job.Progress.Message));
        Assert.Equal("EXTERMINATE_JOB", job.Progress.Events[^1].Type);
        Assert.Equal(0, (await lab.RunAsync("oarsub", reserve)).ExitCode);
    }

    [Fact]
    public async Task A_reservation_whose_client_is_gone_is_deleted_even_if_it_was_valid()
    {
        await using OarLab lab = Start("oarsub-disconnected:arles*1");
        Answer lost = await lab.RunAsync("oarsub", "-r", lab.In(7200), "-l", "nodes=36,walltime=1");
        Assert.Equal(255, lost.ExitCode);
        lab.Advance(10);
        OarJob job = lab.Arles.Jobs[lost.JobId];
        Assert.Equal(("Error", "Job killed by Leon directly"), (job.State, job.Progress.Message));
    }

    [Theory]
    [InlineData(-300, 600, 300)]
    [InlineData(-590, 600, 10)]
    public async Task A_reservation_whose_date_is_past_starts_at_once_and_is_cut(double date, int walltime, int left)
    {
        await using OarLab lab = Start();
        OarJob job = await lab.SubmitAsync("-r", lab.In(date), "-l", $"nodes=1,walltime=0:0:{walltime}");
        lab.Advance(4);
        Assert.Equal("Running", job.State);
        Assert.InRange(job.Walltime, left - 3, left);
        Assert.Equal($"Change walltime from 600 to {job.Walltime}", job.Progress.Events[0].Description);
    }

    [Fact]
    public async Task A_past_reservation_takes_nothing_from_what_begins_after_its_end()
    {
        await using OarLab lab = Start();
        await lab.SubmitAsync("-r", lab.In(400), "-l", "nodes=36,walltime=1");
        await lab.SubmitAsync("-r", lab.In(-400), "-l", "nodes=36,walltime=0:10");
    }

    [Fact]
    public async Task A_job_that_waits_for_another_starts_when_that_one_ends_whatever_was_predicted()
    {
        await using OarLab lab = Start();
        OarJob first = await lab.SubmitAsync("-l", "nodes=1,walltime=0:10", "sleep 600");
        lab.Advance(10);
        OarJob second = await lab.SubmitAsync("-a", $"{first.Id}", "-l", "nodes=1,walltime=0:10", "sleep 600");
        lab.Advance(5);
        JsonElement shown = await lab.ShowAsync(second);
        Assert.Equal(first.EndTime, shown.GetProperty("scheduledStart").GetInt64());
        await lab.RunAsync("oarwalltime", $"{first.Id}", "+0:10");
        lab.Advance(700);
        Assert.Equal(("Running", "Waiting"), (first.State, second.State));
        await lab.RunAsync("oardel", $"{first.Id}");
        lab.Advance(20);
        Assert.Equal("Running", second.State);
    }
}
