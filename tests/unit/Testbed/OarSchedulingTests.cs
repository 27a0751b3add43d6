using System.Diagnostics;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarSchedulingTests
{
    [Fact]
    public async Task A_small_job_passes_a_large_one_only_if_it_does_not_delay_it()
    {
        await using OarLab lab = new OarLab([], nodes: 4).Started();
        OarJob first = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=3,walltime=1", "true");
        OarJob large = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=4,walltime=1", "true");
        OarJob fits = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=1,walltime=0:30", "true");
        OarJob delays = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=1,walltime=2", "true");
        lab.Advance(10);
        Assert.Equal(["Running", "Waiting", "Running", "Waiting"], ((OarJob[])[first, large, fits, delays]).Select(j => j.State));
        Assert.Equal(first.EndTime + 60, large.Progress.ScheduledStart);
        Assert.Equal(large.Progress.ScheduledStart + 3600 + 60, delays.Progress.ScheduledStart);
        // An end before its time moves everything forward.
        await lab.RunAsync("oardel", $"{first.Id}", $"{fits.Id}");
        lab.Advance(15);
        Assert.Equal("Running", large.State);
    }

    [Fact]
    public async Task Predictions_give_way_to_a_reservation()
    {
        await using OarLab lab = new OarLab([], nodes: 4).Started();
        await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=4,walltime=1", "true");
        OarJob waiting = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=4,walltime=1", "true");
        lab.Advance(5);
        long predicted = waiting.Progress.ScheduledStart!.Value;
        await lab.SubmitAsync("-r", WaltG5k.Testbed.Oar.OarFormat.Date(predicted + 60), "-l", "{cluster='argon'}/nodes=1,walltime=1");
        lab.Advance(5);
        Assert.True(waiting.Progress.ScheduledStart > predicted + 3600);
    }

    [Fact]
    public async Task Of_alternatives_the_one_that_ends_first_is_taken()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=3,walltime=0:40", "-l", "nodes=20,walltime=0:10", "true");
        lab.Advance(5);
        Assert.Equal((20, 600), (job.Nodes.Count, job.Walltime));
        Assert.Equal(2, job.WantedResources.Split("-l ").Length - 1);
    }

    [Fact]
    public async Task A_hierarchy_keeps_nodes_together_and_all_and_best_take_what_there_is()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob one = await lab.SubmitAsync("-l", "/cluster=1/nodes=20,walltime=1", "true");
        OarJob all = await lab.SubmitAsync("-l", "{cluster='ambre'}/nodes=ALL,walltime=1", "true");
        OarJob best = await lab.SubmitAsync("-l", "nodes=BEST,walltime=1", "true");
        lab.Advance(5);
        Assert.Equal(["argon"], one.Nodes.Select(n => n.Cluster.Name).Distinct());
        Assert.Equal((12, 4), (all.Nodes.Count, best.Nodes.Count));
    }

    [Fact]
    public async Task Subnets_and_vlans_are_resources_of_their_own()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "slash_22=1+{type='kavlan-local'}/vlan=3+/nodes=1,walltime=0:20", "true");
        OarJob waits = await lab.SubmitAsync("-t", "deploy", "-l", "{type='kavlan-local'}/vlan=1,walltime=0:20", "true");
        lab.Advance(5);
        Assert.Equal([1, 2, 3], job.Vlans.Select(v => v.Id));
        Assert.Equal(16 + 3 + 1, (await lab.ShowAsync(job)).GetProperty("assigned_resources").GetArrayLength());
        Assert.Equal("Waiting", waits.State);
        OarJob block = await lab.SubmitAsync("-l", "slash_20=1,walltime=0:20", "true");
        lab.Advance(5);
        Assert.Equal(4, (await lab.ShowAsync(block)).GetProperty("assigned_resources").GetArrayLength());
    }

    [Fact]
    public async Task A_best_effort_job_gives_way_and_is_resubmitted_under_a_new_id_when_idempotent()
    {
        await using OarLab lab = new OarLab([], nodes: 4).Started();
        OarJob bestEffort = await lab.SubmitAsync("-t", "besteffort", "-t", "idempotent", "-l", "{cluster='argon'}/nodes=4,walltime=10", "true");
        lab.Advance(10);
        Assert.Equal("Running", bestEffort.State);
        OarJob normal = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=1,walltime=1", "true");
        lab.Advance(20);
        Assert.Equal(("Error", "Running"), (bestEffort.State, normal.State));
        Assert.Equal(["SCHEDULER_PRIORITY_UPDATED_START", "BESTEFFORT_KILL", "FRAG_JOB_REQUEST", "SEND_KILL_JOB", "SWITCH_INTO_ERROR_STATE",
            "RESUBMIT_JOB_AUTOMATICALLY",
            "SCHEDULER_PRIORITY_UPDATED_STOP"], bestEffort.Progress.Events.Select(e => e.Type));
        OarJob copy = lab.Arles.Jobs.Values.Single(j => j.Submission.ResubmitJobId == bestEffort.Id);
        Assert.EndsWith($"(new id = {copy.Id})", bestEffort.Progress.Events[^2].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inner_jobs_run_within_their_container()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob container = await lab.SubmitAsync("-t", "container", "-t", "cosystem", "-l", "nodes=4,walltime=0:30", "true");
        OarJob inner = await lab.SubmitAsync("-t", $"inner={container.Id}", "-l", "nodes=2,walltime=0:05", "true");
        OarJob tooLarge = await lab.SubmitAsync("-t", $"inner={container.Id}", "-l", "nodes=5,walltime=0:05", "true");
        lab.Advance(70);
        Assert.Equal("Running", inner.State);
        Assert.Subset(container.Nodes.ToHashSet(), inner.Nodes.ToHashSet());
        Assert.Equal(("Waiting", "No enough matching resources (no_matching_slot)"), (tooLarge.State, tooLarge.Progress.Message));
        Assert.Contains("T=inner ", inner.Progress.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependent_job_waits_for_the_other_and_for_ever_for_an_unknown_one()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob first = await lab.SubmitAsync("-l", "nodes=1,walltime=0:01", "true");
        OarJob second = await lab.SubmitAsync("-a", $"{first.Id}", "-l", "nodes=1,walltime=0:01", "true");
        OarJob never = await lab.SubmitAsync("-a", "99999", "-l", "nodes=1,walltime=0:01", "true");
        lab.Advance(30);
        Assert.Equal(("Running", "Waiting"), (first.State, second.State));
        lab.Advance(60);
        Assert.Equal("Running", second.State);
        Assert.Equal("Cannot determine scheduling time due to dependency with the job 99999", never.Progress.Message);
    }

    [Fact]
    public async Task Postpone_and_expire_bound_the_start()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob postponed = await lab.SubmitAsync("-t", $"postpone={lab.In(600)}", "-l", "nodes=1,walltime=0:01", "true");
        OarJob expired = await lab.SubmitAsync("-t", $"postpone={lab.In(600)}", "-t", $"expire={lab.In(300)}", "-l", "nodes=1,walltime=0:01", "true");
        lab.Advance(10);
        Assert.Equal("Waiting", postponed.State);
        Assert.Equal("Error", expired.State);
        Assert.StartsWith("Job will never run (expire=", expired.Progress.Message, StringComparison.Ordinal);
        Assert.Empty(expired.Progress.Events);
        lab.Advance(600);
        Assert.Equal("Running", postponed.State);
    }

    [Fact]
    public async Task A_held_job_keeps_its_prediction_for_a_while_and_goes_on_after_resume()
    {
        await using OarLab lab = new OarLab([], nodes: 2).Started();
        OarJob running = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=2,walltime=0:10", "true");
        OarJob job = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=2,walltime=0:10", "true");
        lab.Advance(5);
        Assert.Equal(1, (await lab.RunAsync("oarhold", $"{running.Id}")).ExitCode);
        Answer held = await lab.RunAsync("oarhold", $"{job.Id}");
        Assert.Equal((0, $"[{job.Id}] Hold request was sent to the OAR server."), (held.ExitCode, held.Output));
        Assert.Equal("Hold", job.State);
        Assert.NotNull(job.Progress.ScheduledStart);
        lab.Advance(70);
        Assert.Null(job.Progress.ScheduledStart);
        Assert.Equal("HOLD_WAITING_JOB", Assert.Single(job.Progress.Events).Type);
        Answer resumed = await lab.RunAsync("oarresume", $"{job.Id}");
        Assert.Equal((0, $"[{job.Id}] Resume request was sent to the OAR server."), (resumed.ExitCode, resumed.Output));
        Assert.Equal($@"/!\ Cannot resume {job.Id} : the job is not in the Hold or Suspended state.",
            (await lab.RunAsync("oarresume", $"{job.Id}")).Errors);
        Assert.Equal(@"/!\ Cannot hold 99999 : this job does not exist.", (await lab.RunAsync("oarhold", "99999")).Errors);
        Assert.Equal(2, (await lab.RunAsync("oarhold", "-r", $"{job.Id}")).ExitCode);
        lab.Advance(5);
        Assert.NotNull(job.Progress.ScheduledStart);
    }

    [Fact]
    public async Task An_idle_server_sets_no_timer()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:01", "true");
        lab.Advance(300);
        Assert.Equal("Error", job.State);
        Assert.Equal(0, lab.Clock.PendingTimers);
    }

    [Fact]
    public async Task Thousands_of_nodes_and_hundreds_of_jobs_stay_cheap()
    {
        await using OarLab lab = new OarLab([], nodes: 10_000).Started();
        var clock = Stopwatch.StartNew();
        const int jobs = 300;
        for (int i = 0; i < jobs; i++)
        {
            await lab.SubmitAsync("-l", $"{{cluster='argon'}}/nodes={100 + i},walltime={1 + i % 5}", "true");
        }
        lab.Advance(10);
        Assert.Equal(jobs, lab.Arles.OpenJobs.Count(j => j.Progress.ScheduledStart is not null));
        // A generous bound: what it guards against is work for each core of each node.
        Assert.True(clock.Elapsed < TimeSpan.FromMilliseconds(50 * jobs), $"{clock.Elapsed.TotalMilliseconds / jobs} ms for each job");
    }
}
