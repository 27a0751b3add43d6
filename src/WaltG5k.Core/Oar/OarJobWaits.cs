using System.Text.RegularExpressions;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>Tells why a job has not started: from its state, its date, its dependencies, OAR's message, or from what OAR leaves out.</summary>
static partial class OarJobWaits
{
    public static DateTimeOffset? GetPredictedStart(OarJob job) => job.State switch
    {
        OarJobState.Waiting or OarJobState.ToAckReservation => job.ScheduledAt ?? (job.IsReservation ? job.StartedAt : null),
        _ => null, // the prediction of a held job is stale
    };

    public static string? Explain(OarJob job) => job.State switch
    {
        OarJobState.Hold => "held: it starts after Resume-OarJob",
        OarJobState.ToAckReservation => "OAR has yet to confirm the reservation",
        OarJobState.Waiting => ExplainWaiting(job),
        _ => null,
    };

    static string ExplainWaiting(OarJob job)
    {
        if (job.IsReservation && job.StartedAt is { } date) return $"reserved for {GridZone.Format(date)}";
        if (job.Message.Contains("no_matching_slot", StringComparison.Ordinal))
            return "the resources that match are too few, or never free for as long";
        if (job.Dependencies.Count > 0) return $"it starts after job {string.Join(", ", job.Dependencies)}";
        if (job.Message.Length > 0 && !Summary().IsMatch(job.Message)) return job.Message;
        // Of a job over its quota OAR says nothing at all.
        return job.ScheduledAt is null ? "not scheduled yet, or over a quota: OAR makes no prediction"
            : "other jobs hold the resources until the predicted start";
    }

    /// <summary>OAR's usual message, which only repeats the request: <c>R=48,W=0:30:0,J=B…</c>.</summary>
    [GeneratedRegex(@"^R=[0-9]+,W=", RegexOptions.CultureInvariant)]
    private static partial Regex Summary();
}
