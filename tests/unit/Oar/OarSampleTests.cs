using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

/// <summary>Each recorded job, in the situation that its file is named after.</summary>
public class OarSampleTests
{
    static OarJob Read(string sample) => OarJobReader.Read("arles", RecordedCommand.Read($"oar/{sample}.txt").Output)[0];

    [Theory]
    [InlineData("job-waiting-not-yet-scheduled", OarJobState.Waiting, "not scheduled yet, or over a quota", false)]
    [InlineData("job-waiting-over-quota", OarJobState.Waiting, "not scheduled yet, or over a quota", false)]
    [InlineData("job-waiting-utf8", OarJobState.Waiting, "not scheduled yet, or over a quota", false)]
    [InlineData("job-waiting-predicted", OarJobState.Waiting, "other jobs hold the resources", true)]
    [InlineData("job-waiting-for-vlan", OarJobState.Waiting, "other jobs hold the resources", true)]
    [InlineData("job-waiting-no-matching-slot", OarJobState.Waiting, "too few, or never free", false)]
    [InlineData("job-waiting-for-job", OarJobState.Waiting, "after job 100032", true)]
    [InlineData("job-waiting-for-unknown-job", OarJobState.Waiting, "after job 99999", false)]
    [InlineData("job-hold", OarJobState.Hold, "held", false)]
    [InlineData("job-resumed", OarJobState.Waiting, "other jobs hold the resources", true)]
    [InlineData("reservation-waiting", OarJobState.Waiting, "reserved for 2026-11-20 08:02:42", true)]
    [InlineData("reservation-waiting-with-vlan", OarJobState.Waiting, "reserved for ", true)]
    [InlineData("reservation-node-lost-waiting", OarJobState.Waiting, "reserved for ", true)]
    [InlineData("reservation-all-nodes-lost", OarJobState.Waiting, "reserved for ", true)]
    [InlineData("reservation-connection-lost-terminal", OarJobState.ToAckReservation, "yet to confirm", true)]
    public void Why_a_job_waits(string sample, OarJobState state, string reason, bool isPredicted)
    {
        OarJob job = Read(sample);
        Assert.Equal(state, job.State);
        Assert.Contains(reason, job.WaitReason, StringComparison.Ordinal);
        Assert.Equal(isPredicted, job.PredictedStart is not null);
        Assert.Null(job.EndReason);
    }

    [Theory]
    [InlineData("job-launching", OarJobState.Launching, 1)]
    [InlineData("job-finishing", OarJobState.Finishing, 1)]
    [InlineData("job-running", OarJobState.Running, 3)]
    [InlineData("job-running-seen-by-other", OarJobState.Running, 3)]
    [InlineData("job-running-kavlan", OarJobState.Running, 3)]
    [InlineData("job-running-vlan-only", OarJobState.Running, 0)]
    [InlineData("job-running-noop", OarJobState.Running, 1)]
    [InlineData("job-running-inner", OarJobState.Running, 2)]
    [InlineData("job-walltime-changed", OarJobState.Running, 2)]
    [InlineData("reservation-running-late", OarJobState.Running, 2)]
    [InlineData("reservation-running-on-time", OarJobState.Running, 2)]
    [InlineData("reservation-node-lost-running", OarJobState.Running, 7)]
    public void A_job_that_holds_its_resources(string sample, OarJobState state, int nodes)
    {
        OarJob job = Read(sample);
        Assert.Equal((state, nodes), (job.State, job.Nodes.Count));
        Assert.NotNull(job.StartedAt);
        Assert.NotNull(job.EndsAt);
        Assert.Null(job.WaitReason);
        Assert.Null(job.PredictedStart);
        Assert.Equal((OarJobEnd.None, null), (job.End, job.EndReason));
    }

    [Theory]
    [InlineData("job-terminated", OarJobEnd.Completed, "its command ended with status 0")]
    [InlineData("job-terminated-exit-3", OarJobEnd.Completed, "its command ended with status 3")]
    [InlineData("job-terminated-not-found", OarJobEnd.Completed, "its command was not found (status 127)")]
    [InlineData("job-terminated-by-signal", OarJobEnd.Completed, "its command was ended by signal 10")]
    [InlineData("job-terminated-moldable", OarJobEnd.Completed, "its command ended with status 0")]
    [InlineData("job-terminated-then-deleted", OarJobEnd.Completed, "its command ended with status 0")]
    [InlineData("job-terminated-noop", OarJobEnd.WalltimeReached, "its walltime of 00:00:12 was over")]
    [InlineData("job-error-expired", OarJobEnd.Expired, "Job will never run (expire=2026-11-20 08:57:19), setting it to error")]
    [InlineData("job-error-deleted", OarJobEnd.Deleted, "deleted by oaruser1")]
    [InlineData("job-error-deleted-before-start", OarJobEnd.Deleted, "deleted by oaruser2 before its start")]
    [InlineData("job-error-walltime", OarJobEnd.WalltimeReached, "its walltime of 00:00:10 was over")]
    [InlineData("job-error-besteffort-killed", OarJobEnd.BesteffortKilled, "killed for a job of higher priority (besteffort)")]
    [InlineData("job-error-besteffort-resubmitted", OarJobEnd.BesteffortKilled,
        "killed for a job of higher priority (besteffort); resubmitted as job 100028")]
    [InlineData("job-error-directory", OarJobEnd.Failed,
        "Cannot go into the working directory /nonexistent of the job on node ambre-1.arles.grid.test")]
    [InlineData("job-error-prologue", OarJobEnd.Failed,
        "OAR's prologue failed before the start: Server prologue exit code 1 (!=0) (cmd : /etc/oar/bad_prologue 100015); resubmitted as job 100016")]
    [InlineData("job-error-interactive-closed", OarJobEnd.Deleted, "deleted by oaruser1")]
    [InlineData("job-error-interrupted", OarJobEnd.Deleted, "deleted by oaruser2 before its start")]
    [InlineData("job-error-connection-lost", OarJobEnd.Deleted, "deleted by oaruser2 before its start")]
    [InlineData("reservation-ended", OarJobEnd.WalltimeReached, "its walltime of ")]
    [InlineData("reservation-refused", OarJobEnd.Refused, "This reservation could run at 2026-11-21 08:02:10")]
    [InlineData("reservation-deleted-before-start", OarJobEnd.Deleted, "before its start")]
    [InlineData("reservation-connection-lost", OarJobEnd.Deleted, "deleted by ")]
    [InlineData("reservation-client-killed", OarJobEnd.Exterminated, "oarsub was gone before OAR could confirm the reservation")]
    public void Why_a_job_ended(string sample, OarJobEnd end, string reason)
    {
        OarJob job = Read(sample);
        Assert.True(job.IsEnded);
        Assert.Equal(end, job.End);
        Assert.Contains(reason, job.EndReason, StringComparison.Ordinal);
        Assert.Null(job.WaitReason);
    }

    [Theory]
    [InlineData("oarstat-all-small", 2)]
    [InlineData("oarstat-array", 3)]
    [InlineData("oarstat-several-jobs", 2)]
    [InlineData("oarstat-short", 1)]
    [InlineData("oarstat-sql-156-jobs", 156)]
    [InlineData("oarstat-sql-error", 0)]
    [InlineData("oarstat-user-without-jobs", 0)]
    [InlineData("oarstat-unknown-job", 0)]
    public void Each_form_of_a_list_is_read(string sample, int count)
    {
        IReadOnlyList<OarJob> jobs = OarJobReader.Read("arles", RecordedCommand.Read($"oar/{sample}.txt").Output);
        Assert.Equal(count, jobs.Count);
        Assert.Equal(jobs.Select(j => j.Id).Distinct().Order(), jobs.Select(j => j.Id));
        Assert.All(jobs, j => Assert.NotEqual(OarJobState.Unknown, j.State));
    }

    [Fact]
    public void A_job_tells_its_place_and_its_array()
    {
        OarJob job = OarJobReader.Read("arles", RecordedCommand.Read("oar/oarstat-array.txt").Output)[1];
        Assert.Equal((job.Id - 1, 2), (job.ArrayId, job.ArrayIndex));
        Assert.StartsWith("/home/", job.Directory, StringComparison.Ordinal);
        Assert.Equal("default", job.Project);
        Assert.Null(job.ResubmittedFrom);
    }

    [Fact]
    public void A_noop_job_ends_by_its_deletion()
    {
        OarJob job = Assert.Single(OarJobReader.Read("arles",
            """{"1": {"state": "Terminated", "exit_code": null, "events": [{"type": "FRAG_JOB_REQUEST", "date": 5, "description": "User jdoe requested to frag the job 1"}]}}"""));
        Assert.Equal(OarJobEnd.Deleted, job.End);
        Assert.StartsWith("deleted by jdoe", job.EndReason, StringComparison.Ordinal);
        Assert.Equal(OarJobEnd.Completed, (job with { ExitCode = 0 }).End);
    }
}
