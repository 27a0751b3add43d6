namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>From a job to the time it takes its resources.</summary>
static class JobOccupation
{
    /// <summary>What OAR gives to a job that names no walltime.</summary>
    public const long DefaultWalltime = 3600;

    /// <summary>
    /// The period, guard time included. Null for a job that blocks nothing (best effort gives way, an ended one is over) or of which nobody knows
    /// when it starts: that one is counted.
    /// </summary>
    /// <param name="start">0 or null: not known.</param>
    public static BusyPeriod? Get(string state, string queue, IEnumerable<string> types, long? start, long? walltime, long now, long guard,
        out bool isUnplanned)
    {
        isUnplanned = false;
        if (Is(state, "terminated") || Is(state, "error")) return null;
        if (queue == "besteffort" || types.Contains("besteffort")) return null;
        // The prediction of a held job is stale: it waits for its owner.
        if (start is not > 0 || Is(state, "hold"))
        {
            isUnplanned = true;
            return null;
        }
        long end = start.Value + (walltime is > 0 ? walltime.Value : DefaultWalltime);
        bool holds = !Is(state, "waiting") && !Is(state, "toAckReservation");
        // A job that is still there after its walltime holds its nodes until it is cleared away.
        if (holds) end = Math.Max(end, now + 1);
        return new BusyPeriod(start.Value, end + guard);
    }

    static bool Is(string state, string name) => state.Equals(name, StringComparison.OrdinalIgnoreCase);
}
