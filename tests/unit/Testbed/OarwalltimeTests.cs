using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarwalltimeTests
{
    static async Task<OarJob> RunJobAsync(OarLab lab, string resources)
    {
        OarJob job = await lab.SubmitAsync("-l", resources, "sleep 6000");
        lab.Advance(10);
        Assert.Equal("Running", job.State);
        return job;
    }

    [Fact]
    public async Task Accepted_is_only_a_request_that_the_next_run_grants()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await RunJobAsync(lab, "nodes=2,walltime=0:10");
        Assert.Equal($"""
            Walltime change status for job {job.Id} (job is running):
              Current walltime:      0:10:0
              Possible increase:    +24:0:0
              Already granted:        0:0:0
              Pending/unsatisfied:    0:0:0
            """, (await lab.RunAsync("oarwalltime", $"{job.Id}")).Output);
        Answer accepted = await lab.RunAsync("oarwalltime", $"{job.Id}", "+0:10");
        Assert.Equal((0, $"Accepted: walltime change request accepted for job {job.Id}, it will be handled shortly."),
            (accepted.ExitCode, accepted.Output));
        Assert.Equal(600, job.Walltime);
        lab.Advance(2);
        Assert.Equal(1200, job.Walltime);
        Assert.Equal(("WALLTIME", " walltime changed: 0:20:0 (granted: +0:10:0/pending: 0:0:0)"),
            (job.Progress.Events[0].Type, job.Progress.Events[0].Description));
        Assert.Contains("updated for job", (await lab.RunAsync("oarwalltime", $"{job.Id}", "0:15")).Output, StringComparison.Ordinal);
        lab.Advance(2);
        Assert.Equal(900, job.Walltime);
        lab.Advance(870);
        Assert.Equal("Running", job.State);
        lab.Advance(30);
        Assert.Equal("Error", job.State);
    }

    [Fact]
    public async Task One_that_another_job_stands_in_the_way_of_is_granted_in_part()
    {
        await using OarLab lab = new OarLab([], nodes: 2).Started();
        OarJob job = await RunJobAsync(lab, "{cluster='argon'}/nodes=2,walltime=0:10");
        await lab.SubmitAsync("-r", lab.In(1800), "-l", "{cluster='argon'}/nodes=2,walltime=1");
        await lab.RunAsync("oarwalltime", $"{job.Id}", "+1");
        lab.Advance(5);
        Assert.InRange(job.Walltime, 601, 1800);
        Assert.True(job.EndTime + 60 <= OarLab.Start.AddSeconds(1815).ToUnixTimeSeconds());
        Assert.Equal(3600, job.Progress.WalltimeGranted + job.Progress.WalltimePending);
    }

    [Fact]
    public async Task A_reduction_below_what_is_used_ends_the_job()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await RunJobAsync(lab, "nodes=1,walltime=1");
        lab.Advance(600);
        Assert.Equal(0, (await lab.RunAsync("oarwalltime", $"{job.Id}", "0:05")).ExitCode);
        lab.Advance(15);
        Assert.Equal("Error", job.State);
        Assert.Contains("Walltime:", (await lab.RunAsync("oarwalltime", $"{job.Id}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_come_in_their_order_on_standard_output()
    {
        await using OarLab lab = new OarLab([], nodes: 2).Started();
        OarJob job = await RunJobAsync(lab, "{cluster='argon'}/nodes=2,walltime=0:10");
        OarJob waiting = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=2,walltime=0:10", "true");
        async Task AssertAsync(int exitCode, string text, params string[] arguments)
        {
            Answer answer = await lab.RunAsync("oarwalltime", arguments);
            Assert.Equal((exitCode, ""), (answer.ExitCode, answer.Errors));
            Assert.StartsWith(text, answer.Output, StringComparison.Ordinal);
        }
        await AssertAsync(4, "Syntax error.", $"{job.Id}", "soon");
        await AssertAsync(4, "Not found: could not find job 99999.", "99999", "+0:10");
        await AssertAsync(2, "UNKNOWN JOB", "99999");
        await AssertAsync(3, $"Forbidden: job {waiting.Id} is not running.", $"{waiting.Id}", "+0:10");
        await AssertAsync(0, $"Walltime change status for job {waiting.Id} (job is not running yet):\n  N/A", $"{waiting.Id}");
        await AssertAsync(1, "Bad request: walltime change is null.", $"{job.Id}", "0:10");
        await AssertAsync(3, "Forbidden: request cannot be updated because the walltime cannot increase by more than 24:0:0.", $"{job.Id}", "+25");
        await AssertAsync(0, "Accepted", $"{job.Id}", "-0:01");
        Answer foreign = await lab.RunAsAsync("other", "arles", "", "oarwalltime", $"{job.Id}", "+0:10");
        Assert.Equal((3, $"Forbidden: job {job.Id} does not belong to you."), (foreign.ExitCode, foreign.Output));
    }
}
