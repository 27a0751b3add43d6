using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar;

// What goes wrong at a site: a client that dies before its reservation is answered, a prologue that fails.
public sealed partial class OarServer
{
    /// <summary>How long a job whose processes do not answer to their kill is left (JOBDEL_WALLTIME, and what it takes to notice).</summary>
    const int ExterminateSeconds = 310;
    /// <summary>Between two kills of such a job.</summary>
    const int KillPeriod = 10;

    /// <summary>
    /// Answers a reservation whose oarsub is gone: it gets its resources and holds them, unacknowledged, until the server gives it up minutes later.
    /// </summary>
    public void LeaveUnacknowledged(OarJob job) => Change(() =>
    {
        if (job.HasEnded || job.Progress.Fragged || Reserve(job, Now) is not null)
        {
            Frag(job, "root", now: true);
            return false;
        }
        job.State = "toAckReservation";
        job.Progress.ExterminatedAt = Now + ExterminateSeconds;
        job.Progress.AdministratorKillsAt = null;
        AddUnnotified(job);
        Frag(job, "root", now: false);
        job.Progress.KillStarted = true;
        Remind(job);
        return true;
    });

    void RemindOrExterminate(OarJob job, long now)
    {
        long end = job.Progress.ExterminatedAt!.Value;
        if (now < end)
        {
            if ((end - now) / KillPeriod % (IdlePeriod / KillPeriod) == 0) AddUnnotified(job);
            Remind(job);
            return;
        }
        job.Progress.ExterminatedAt = null;
        AddEvent(job, "EXTERMINATE_JOB", $"[Leon] I exterminate the job {job.Id}");
        job.Progress.Message = "Job exterminated by Leon";
        job.Progress.StopTime = now;
        Close(job, "Error");
    }

    void Remind(OarJob job)
    {
        AddEvent(job, "SEND_KILL_JOB", $"[Leon] Send the kill signal to oarexec on {JobEnvironment.HostOf(job)} for job {job.Id}");
        job.Progress.Due = Math.Min(Now + KillPeriod, job.Progress.ExterminatedAt!.Value);
    }

    void AddUnnotified(OarJob job) => AddEvent(job, "CANNOT_NOTIFY_OARSUB",
        $"[MetaSched] Can not notify oarsub for the job {job.Id} (Could not connect to the socket f{Site}:45301)");

    // A batch job is submitted again under a new id, which only the text of the event tells.
    void FailPrologue(OarJob job)
    {
        AddEvent(job, "SERVER_PROLOGUE_EXIT_CODE_ERROR",
            $"[bipbip {job.Id}] Server prologue exit code 1 (!=0) (cmd : /etc/oar/server_prologue {job.Id})");
        job.Progress.StopTime = Now;
        Close(job, "Error");
        if (job.Submission.IsReservation || job.Submission.Interactive) return;
        OarJob copy = AddNew(job.Submission with { ResubmitJobId = job.Id, ArrayId = 0, ArrayIndex = 1 }, CountRows(job.Units!));
        AddEvent(job, "RESUBMIT_JOB_AUTOMATICALLY", $"[NodeChangeState] Resubmiting job {job.Id} => {copy.Id}) "
            + "(due to event SERVER_PROLOGUE_EXIT_CODE_ERROR & job is neither a reservation nor an interactive job)\n");
    }
}
