using WaltG5k.Core.Oar;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>What a site gives to a slot. Nodes are those that are free now; OAR chooses for itself when the job is submitted.</summary>
public sealed record SlotShare(string Site)
{
    /// <summary>Nodes beside the server.</summary>
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    /// <summary>The node that can become the WalT server, if one is asked for here.</summary>
    public string? ServerNode { get; init; }
    /// <summary>Nodes per cluster, the server included.</summary>
    public IReadOnlyDictionary<string, int> Clusters { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);
    /// <summary>Nodes that must be switched on first.</summary>
    public int StandbyCount { get; init; }
    public IReadOnlyList<int> Vlans { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<string> Subnets { get; init => field = value.AsArray(); } = [];
    /// <summary>When the site's schedule was read.</summary>
    public DateTimeOffset ReadAt { get; init; }
    public ScheduleSource Source { get; init; }
    public int NodeCount => Nodes.Count;
    public override string ToString() => $"{Site}={NodeCount}";
}

/// <summary>A demand that was not met, and what there was.</summary>
/// <param name="Demand">The demand in words, or <c>hours</c> for the usage policy.</param>
/// <param name="Available">What was free all through, shared with the other demands listed beside it.</param>
public sealed record SlotShortage(string Demand, int Wanted, int Available)
{
    /// <summary>When this demand and those listed beside it can next be met together, whatever the others; null: not until the horizon.</summary>
    public DateTimeOffset? MetAt { get; init; }
    public override string ToString() => Demand == SlotExplanation.Hours ? "the usage policy's hours" : $"{Demand}: {Available} of {Wanted} free";
}

/// <summary>What could be had instead by giving something up.</summary>
public sealed record SlotAlternative(string Change, DateTimeOffset Start)
{
    public override string ToString() =>
        $"{Change}: {GridZone.ToLocal(Start).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)}";
}

/// <summary>A time and place at which everything fits.</summary>
public sealed record Slot(DateTimeOffset Start, Walltime Walltime)
{
    public DateTimeOffset End => Start + Walltime.Duration;
    /// <summary>From now to the start.</summary>
    public TimeSpan Wait { get; init; }
    /// <summary>The last start, without a gap from <see cref="Start"/>, at which as much fits.</summary>
    public DateTimeOffset LastStart { get; init; }
    public IReadOnlyList<SlotShare> Shares { get; init => field = value.AsArray(); } = [];
    public VlanKind Vlan { get; init; }
    /// <summary>The site that gives the VLAN; it may give no node.</summary>
    public string? VlanSite { get; init; }
    public string? ServerSite { get; init; }
    /// <summary>The hours of the usage policy: <c>day</c>, <c>night</c>, <c>week-end</c>, or <c>mixed</c>.</summary>
    public string Hours { get; init; } = "";
    /// <summary>How long the chosen elements stay free from the start on; null: nothing is planned on them after it.</summary>
    public TimeSpan? LongestWalltime { get; init; }
    /// <summary>What was short just before the start; empty when it is the earliest that was asked for.</summary>
    public IReadOnlyList<SlotShortage> Shortages { get; init => field = value.AsArray(); } = [];
    /// <summary>The shortages in a sentence.</summary>
    public string WhyNotEarlier { get; init; } = "";
    public IReadOnlyList<SlotAlternative> Alternatives { get; init => field = value.AsArray(); } = [];
    /// <summary>Sites that could have had a part in it and were not readable.</summary>
    public IReadOnlyList<string> UnreadSites { get; init => field = value.AsArray(); } = [];
    /// <summary>Jobs queued at these sites for which OAR has no start yet; null: one of the sites does not tell.</summary>
    public int? UnplannedJobs { get; init; }
    /// <summary>
    /// What makes the forecast less sure: sites that could not be read, jobs that nobody has planned, a source that does not tell all.
    /// </summary>
    public IReadOnlyList<string> Remarks { get; init => field = value.AsArray(); } = [];
    /// <summary>What of the day hours it takes of each cluster, beside what the user has taken already; empty outside of them.</summary>
    public IReadOnlyList<UsageQuota> Quotas { get; init => field = value.AsArray(); } = [];
    /// <summary>What to reserve to get it; null when the search had no request behind it.</summary>
    public ReservationRequest? Request { get; init; }

    public int NodeCount => Shares.Sum(s => s.NodeCount);
    public IReadOnlyDictionary<string, int> NodeCounts =>
        new SortedDictionary<string, int>(Shares.Where(s => s.NodeCount > 0).ToDictionary(s => s.Site, s => s.NodeCount), StringComparer.Ordinal);
    public string[] Sites => [.. Shares.Select(s => s.Site)];
    public override string ToString() =>
        $"{GridZone.ToLocal(Start).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)} {string.Join(' ', Shares)}";
}

/// <summary>What a search gives: slots, or the reason why there are none.</summary>
public sealed record SlotSearch(IReadOnlyList<Slot> Slots)
{
    /// <summary>Why there is no slot; null when there is one.</summary>
    public G5kException? Refusal { get; init; }
}
