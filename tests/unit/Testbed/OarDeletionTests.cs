using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarDeletionTests
{
    [Fact]
    public async Task It_takes_seconds_and_ends_in_error_by_the_owner()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=1,walltime=1", "sleep 1800");
        lab.Advance(10);
        Answer deleted = await lab.RunAsync("oardel", $"{job.Id}");
        Assert.Equal($"Deleting the job = {job.Id} ...REGISTERED.\nThe job(s) [ {job.Id} ] will be deleted in the near future.", deleted.Output);
        Assert.Equal("Running", job.State);
        lab.Advance(10);
        Assert.Equal("Error", job.State);
        Assert.Equal(["FRAG_JOB_REQUEST", "SEND_KILL_JOB", "SWITCH_INTO_ERROR_STATE"], job.Progress.Events.Select(e => e.Type));
        Assert.Equal($"User jdoe requested to frag the job {job.Id}", job.Progress.Events[0].Description);
    }

    [Fact]
    public async Task Its_resources_are_free_afterwards()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob all = await lab.SubmitAsync("-l", "{type='kavlan-global'}/vlan=1+{cluster='ambre'}/nodes=ALL,walltime=10", "sleep 1800");
        lab.Advance(10);
        OarJob next = await lab.SubmitAsync("-l", "{type='kavlan-global'}/vlan=1+{cluster='ambre'}/nodes=1,walltime=1", "true");
        lab.Advance(60);
        Assert.Equal("Waiting", next.State);
        await lab.RunAsync("oardel", $"{all.Id}");
        lab.Advance(20);
        Assert.Equal("Running", next.State);
    }

    [Fact]
    public async Task A_second_deletion_says_so_and_a_terminated_job_can_be_deleted()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:01", "sleep 1800");
        lab.Advance(10);
        await lab.RunAsync("oardel", $"{job.Id}");
        Answer again = await lab.RunAsync("oardel", $"{job.Id}");
        Assert.Equal((6, $"Deleting the job = {job.Id} ...ERROR.", $"Cannot frag {job.Id} ; This job was already killed."),
            (again.ExitCode, again.Output, again.Errors));
        OarJob refused = lab.Arles.Jobs[(await lab.RunAsync("oarsub", "-r", lab.In(-9000), "-l", "nodes=1,walltime=0:01")).JobId];
        Assert.Equal("Error", refused.State);
        Assert.Equal(0, (await lab.RunAsync("oardel", $"{refused.Id}")).ExitCode);
        Assert.Equal("FRAG_JOB_REQUEST", Assert.Single(refused.Progress.Events).Type);
    }

    [Fact]
    public async Task Another_users_job_and_an_unknown_one_are_told_the_same_way()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "sleep 1800");
        foreach (string id in (string[])[$"{job.Id}", "99999"])
        {
            Answer answer = await lab.RunAsAsync("other", "arles", "", "oardel", id);
            Assert.Equal((1, $"Deleting the job = {id} ...ERROR.", $"Cannot frag {id} ; You are not the right user."),
                (answer.ExitCode, answer.Output, answer.Errors));
        }
    }

    [Fact]
    public async Task With_several_the_exit_code_is_that_of_the_last_failure()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "sleep 1800");
        Answer answer = await lab.RunAsync("oardel", $"{job.Id}", "99999", $"{job.Id}", "abc");
        Assert.Equal(6, answer.ExitCode);
        Assert.Equal($"""
            [ERROR] "abc" is not a valid job identifier
            Cannot frag 99999 ; You are not the right user.
            Cannot frag {job.Id} ; This job was already killed.
            """, answer.Errors);
        Assert.EndsWith($"The job(s) [ {job.Id} ] will be deleted in the near future.", answer.Output, StringComparison.Ordinal);
        Assert.Equal(4, (await lab.RunAsync("oardel", "abc")).ExitCode);
        Assert.Equal(1, (await lab.RunAsync("oardel")).ExitCode);
    }

    [Fact]
    public async Task A_deletion_noted_while_the_server_is_down_is_not_carried_out_until_somebody_deletes_again()
    {
        await using OarLab lab = new OarLab(new FaultSpecification(FaultNames.OarServerDown, "arles", 1, null)).Started();
        // Past oarsub, so that the fault is left for oardel.
        OarJob job = lab.Arles.Submit([CreateSubmission()], 8)[0];
        lab.Advance(2);
        Answer noted = await lab.RunAsync("oardel", $"{job.Id}");
        Assert.Equal((2, $"Deleting the job = {job.Id} ...REGISTERED.", "Could not connect to the socket localhost:6682"),
            (noted.ExitCode, noted.Output, noted.Errors));
        lab.Advance(100);
        Assert.Equal("Running", job.State);
        Assert.Equal(6, (await lab.RunAsync("oardel", $"{job.Id}")).ExitCode);
        lab.Advance(10);
        Assert.Equal("Error", job.State);
    }

    [Fact]
    public async Task Before_the_start_nothing_is_assigned_and_both_dates_are_the_requested_one_or_none()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob reservation = await lab.SubmitAsync("-r", lab.In(9000), "-l", "nodes=1,walltime=1");
        OarJob held = await lab.SubmitAsync("--hold", "-l", "nodes=1,walltime=1", "true");
        await lab.RunAsync("oardel", $"{reservation.Id}", $"{held.Id}");
        lab.Advance(5);
        long date = reservation.Submission.ReservationDate!.Value;
        Assert.Equal((date, date, "Job killed by Leon directly"),
            (reservation.Progress.StartTime, reservation.Progress.StopTime, reservation.Progress.Message));
        Assert.Equal((0L, 0L, "Error"), (held.Progress.StartTime, held.Progress.StopTime, held.State));
        Assert.Equal(0, (await lab.ShowAsync(reservation)).GetProperty("assigned_resources").GetArrayLength());
    }

    [Fact]
    public async Task A_noop_job_terminates_at_its_walltime_without_an_exit_code()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "noop", "-l", "nodes=1,walltime=0:01");
        lab.Advance(100);
        Assert.Equal(("Terminated", "NOOP job killed by Leon"), (job.State, job.Progress.Message));
        Assert.Null(job.Progress.ExitCode);
        Assert.Null(job.Submission.Command);
        Assert.Equal(["FRAG_JOB_REQUEST", "WALLTIME"], job.Progress.Events.Select(e => e.Type));
        Assert.All(job.Progress.Events, e => Assert.True(e.ToCheck));
    }

    [Theory]
    [InlineData(FaultNames.OarKillsRunning, "30", "Running", "Error")]
    [InlineData(FaultNames.OarKillsWaiting, null, "Waiting", "Error")]
    public async Task An_administrator_deletes_on_demand(string fault, string? value, string before, string after)
    {
        await using OarLab lab = new OarLab(new FaultSpecification(fault, "arles", 1, value)).Started();
        OarJob job = await lab.SubmitAsync("-r", fault == FaultNames.OarKillsRunning ? "now" : lab.In(600), "-l", "nodes=1,walltime=1");
        lab.Advance(5);
        Assert.Equal(before, job.State);
        lab.Advance(60);
        Assert.Equal(after, job.State);
        Assert.Contains(job.Progress.Events, e => e.Description == $"User root requested to frag the job {job.Id}");
        Assert.DoesNotContain(job.Progress.Events, e => e.Type == "WALLTIME");
    }

    [Fact]
    public async Task A_running_job_takes_a_signal_and_another_does_not()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "sleep 1800");
        Assert.Equal(5, (await lab.RunAsync("oardel", "-c", $"{job.Id}")).ExitCode);
        lab.Advance(10);
        Answer answer = await lab.RunAsync("oardel", "-s", "SIGUSR1", $"{job.Id}");
        Assert.StartsWith($"Signaling the job {job.Id} with SIGUSR1 signal.\nDONE.\n", answer.Output, StringComparison.Ordinal);
        Assert.Equal("Running", job.State);
    }

    static Submission CreateSubmission() => new()
    {
        User = "jdoe", Command = "sleep 1800", Requests =
            [WaltG5k.Testbed.Oar.Resources.ResourceRequest.Parse("{type='default'}/nodes=1,walltime=1")],
    };
}
