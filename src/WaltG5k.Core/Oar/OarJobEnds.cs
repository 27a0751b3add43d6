namespace WaltG5k.Core.Oar;

/// <summary>Tells from a job's events why it ended: OAR's state Error is a normal end.</summary>
static class OarJobEnds
{
    static readonly string[] s_failures = ["WORKING_DIRECTORY", "EXTERMINATE_JOB", "RESERVATION_NO_NODE", "UNABLE_TO_GET_RESOURCE_BACK_FOR_RESERVATION"];

    public static OarJobEnd Get(OarJob job)
    {
        if (!job.IsEnded) return OarJobEnd.None;
        // A granted change of walltime is a WALLTIME event too; only "(Elapsed)" is the end.
        bool elapsed = job.Events.Any(e => e.Type == "WALLTIME" && e.Description.Contains("(Elapsed)", StringComparison.Ordinal));
        if (job.State == OarJobState.Terminated) return elapsed ? OarJobEnd.WalltimeReached : OarJobEnd.Completed;
        if (job.Events.Any(e => e.Type == "BESTEFFORT_KILL")) return OarJobEnd.BesteffortKilled;
        if (elapsed) return OarJobEnd.WalltimeReached;
        if (job.Events.Any(IsFailure)) return OarJobEnd.Failed;
        if (IsBeingDeleted(job)) return OarJobEnd.Deleted;
        return job.IsReservation && job.Events.Count == 0 ? OarJobEnd.Refused : OarJobEnd.Failed;
    }

    /// <summary>A deletion has been asked; the job's state may stay Running for minutes.</summary>
    public static bool IsBeingDeleted(OarJob job) => job.Events.Any(e => e.Type == "FRAG_JOB_REQUEST");

    /// <summary>The end as part of a sentence: "was deleted (User oar requested …)".</summary>
    public static string Describe(OarJob job)
    {
        string what = Get(job) switch
        {
            OarJobEnd.Completed => "completed",
            OarJobEnd.Deleted => "was deleted",
            OarJobEnd.WalltimeReached => "reached its walltime",
            OarJobEnd.BesteffortKilled => "was killed for a job of higher priority (besteffort)",
            OarJobEnd.Refused => "was refused",
            OarJobEnd.None => "is being deleted",
            _ => "failed",
        };
        string detail = job.Events.LastOrDefault(e => IsFailure(e) || e.Type is "FRAG_JOB_REQUEST")?.Description ?? job.Message;
        return detail.Length == 0 ? what : $"{what} ({detail.Trim()})";
    }

    static bool IsFailure(OarJobEvent e) =>
        s_failures.Contains(e.Type) || (e.Type.Contains("PROLOGUE", StringComparison.Ordinal) && !e.Type.EndsWith("SUCCESS", StringComparison.Ordinal));
}
