using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Oar;

/// <summary>Tells from a job's events why it ended: OAR's state Error is a normal end.</summary>
static partial class OarJobEnds
{
    const string Deletion = "FRAG_JOB_REQUEST", Extermination = "EXTERMINATE_JOB", Resubmission = "RESUBMIT_JOB_AUTOMATICALLY",
        BesteffortKill = "BESTEFFORT_KILL";
    static readonly string[] s_failures = ["WORKING_DIRECTORY", "RESERVATION_NO_NODE", "UNABLE_TO_GET_RESOURCE_BACK_FOR_RESERVATION"];

    public static OarJobEnd Get(OarJob job)
    {
        if (!job.IsEnded) return OarJobEnd.None;
        bool elapsed = job.Events.Any(IsElapsed);
        if (job.State == OarJobState.Terminated && elapsed) return OarJobEnd.WalltimeReached;
        // A deletion may precede or follow the end of the command; only a noop job has none and ends by the deletion.
        if (job.State == OarJobState.Terminated) return job.ExitCode is null && IsBeingDeleted(job) ? OarJobEnd.Deleted : OarJobEnd.Completed;
        if (Has(job, BesteffortKill)) return OarJobEnd.BesteffortKilled;
        if (elapsed) return OarJobEnd.WalltimeReached;
        if (Has(job, Extermination)) return OarJobEnd.Exterminated;
        if (job.Events.Any(IsFailure)) return OarJobEnd.Failed;
        if (IsBeingDeleted(job)) return OarJobEnd.Deleted;
        if (job.Message.Contains("Job will never run", StringComparison.Ordinal)) return OarJobEnd.Expired;
        return job.IsReservation && job.Events.Count == 0 ? OarJobEnd.Refused : OarJobEnd.Failed;
    }

    /// <summary>A deletion has been asked; the job's state may stay Running for minutes.</summary>
    public static bool IsBeingDeleted(OarJob job) => Has(job, Deletion);

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
            OarJobEnd.Expired => "expired",
            OarJobEnd.Exterminated => "was given up by OAR",
            OarJobEnd.None => "is being deleted",
            _ => "failed",
        };
        string detail = job.Events.LastOrDefault(e => IsFailure(e) || e.Type is Deletion or Extermination)?.Description ?? job.Message;
        return detail.Length == 0 ? what : $"{what} ({detail.Trim()})";
    }

    /// <summary>Why a job ended, as a sentence without its full stop; null while it lives.</summary>
    public static string? Explain(OarJob job)
    {
        string? reason = Get(job) switch
        {
            OarJobEnd.None => null,
            OarJobEnd.Completed => ExplainCompletion(job),
            OarJobEnd.Deleted => $"deleted{ByWhom(job)}{(job.Nodes.Count == 0 ? " before its start" : "")}",
            OarJobEnd.WalltimeReached => string.Create(CultureInfo.InvariantCulture,
            $"its walltime{(job.Walltime is { } length ? $" of {new Walltime(length)}" : "")} was over"),
            OarJobEnd.BesteffortKilled => "killed for a job of higher priority (besteffort)",
            OarJobEnd.Exterminated => Has(job, "CANNOT_NOTIFY_OARSUB")
                ? "oarsub was gone before OAR could confirm the reservation"
                : $"its processes did not answer to the kill and OAR gave them up{(IsBeingDeleted(job) ? $"; deleted{ByWhom(job)}" : "")}",
            OarJobEnd.Refused => job.Message.Length > 0 ? job.Message : "the reservation was refused without a reason",
            OarJobEnd.Expired => job.Message,
            _ => ExplainFailure(job),
        };
        return reason is not null && GetSuccessor(job) is { } successor ? $"{reason}; resubmitted as job {successor}" : reason;
    }

    /// <summary>The new id stands only in an event's words.</summary>
    public static long? GetSuccessor(OarJob job) => job.Events.Where(e => e.Type == Resubmission)
        .Select(e => NewId().Match(e.Description) is { Success: true } m
        && long.TryParse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out long id) ? id : (long?)null)
        .LastOrDefault(id => id is not null);

    static string ExplainCompletion(OarJob job) => (job.ExitStatus, job.ExitSignal) switch
    {
        (127, _) => "its command was not found (status 127)",
        ({ } status, _) => string.Create(CultureInfo.InvariantCulture, $"its command ended with status {status}"),
        (_, { } signal) => string.Create(CultureInfo.InvariantCulture, $"its command was ended by signal {signal}"),
        _ => "it ended",
    };

    static string ExplainFailure(OarJob job)
    {
        OarJobEvent? failure = job.Events.LastOrDefault(IsFailure);
        if (failure is null) return job.Message.Length > 0 ? job.Message : "OAR gives no reason";
        string words = Speaker().Replace(failure.Description, "").Trim();
        return IsPrologue(failure) ? $"OAR's prologue failed before the start: {words}" : words;
    }

    static string ByWhom(OarJob job) => job.Events.Where(e => e.Type == Deletion).Select(e => Deleter().Match(e.Description))
        .FirstOrDefault(m => m.Success) is { } match
        ? $" by {match.Groups[1].Value}"
        : "";

    static bool Has(OarJob job, string type) => job.Events.Any(e => e.Type == type);

    /// <summary>A granted change of walltime is a WALLTIME event too; only "(Elapsed)" is the end.</summary>
    static bool IsElapsed(OarJobEvent e) => e.Type == "WALLTIME" && e.Description.Contains("(Elapsed)", StringComparison.Ordinal);

    static bool IsFailure(OarJobEvent e) => s_failures.Contains(e.Type) || IsPrologue(e);

    static bool IsPrologue(OarJobEvent e) =>
        e.Type.Contains("PROLOGUE", StringComparison.Ordinal) && !e.Type.EndsWith("SUCCESS", StringComparison.Ordinal);

    [GeneratedRegex(@"(?:new id = |=> )([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex NewId();

    [GeneratedRegex(@"^User (\S+) requested", RegexOptions.CultureInvariant)]
    private static partial Regex Deleter();

    /// <summary>OAR's module that wrote the event: <c>[bipbip 100013] </c>.</summary>
    [GeneratedRegex(@"^\s*\[[^\]]*\]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Speaker();
}
