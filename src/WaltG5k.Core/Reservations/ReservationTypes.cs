using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>The kinds of VLAN that a job may hold.</summary>
public enum VlanKind
{
    None,
    /// <summary>kavlan-local: isolated, one site.</summary>
    Local,
    /// <summary>kavlan: routed, one site.</summary>
    Routed,
    /// <summary>kavlan-global: one broadcast domain over all sites.</summary>
    Global,
}

/// <summary>
/// When a reservation starts: now, at a date, or when a search finds that it fits: as soon as it can, at night (19:00 to 9:00 and week-ends, Paris
/// time), or with the most nodes.
/// </summary>
public sealed record ReservationStart
{
    /// <summary>
    /// How long after it is asked for "now" may begin: nodes that are being freed are worth a wait, an evening is another experiment.
    /// </summary>
    public static TimeSpan NowLimit { get; } = TimeSpan.FromMinutes(15);

    public static ReservationStart Now { get; } = new();
    public static ReservationStart Night { get; } = new() { IsNight = true };
    public static ReservationStart First { get; } = new() { IsFirst = true };
    public static ReservationStart Max { get; } = new() { IsMax = true };
    public static ReservationStart At(DateTimeOffset date) => new() { Date = date };
    public DateTimeOffset? Date { get; private init; }
    public bool IsNight { get; private init; }
    /// <summary>As soon as everything is free together.</summary>
    public bool IsFirst { get; private init; }
    /// <summary>When most nodes are free within a week; the counts are the least.</summary>
    public bool IsMax { get; private init; }
    public bool IsNow => Date is null && !IsSearched;
    /// <summary>Whether the date is yet to be searched for.</summary>
    public bool IsSearched => IsNight || IsFirst || IsMax;
    public override string ToString() => Date is { } d ? d.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
        : IsNight ? "Night" : IsFirst ? "First" : IsMax ? "Max" : "Now";
}

/// <summary>What to reserve, on one or several sites, all or nothing.</summary>
public sealed record ReservationRequest
{
    /// <summary>Also the name of the OAR jobs. Null: one is made up.</summary>
    public string? Name { get; init; }
    /// <summary>Nodes per site, the server not counted.</summary>
    public required IReadOnlyDictionary<string, int> NodeCounts { get; init; }
    /// <summary>The site that gives one more node with two NICs under KaVLAN, or null.</summary>
    public string? ServerSite { get; init; }
    /// <summary>Clusters that nodes may come from; empty: any (WalT-bootable ones when there is a server).</summary>
    public IReadOnlyList<string> Clusters { get; init; } = [];
    /// <summary>How many of a site's nodes come from which cluster; a site that is not here takes them from any of <see cref="Clusters"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> ClusterCounts { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, int>>();
    /// <summary>Clusters and nodes that are not wanted.</summary>
    public IReadOnlyList<string> Excluded { get; init => field = value.AsArray(); } = [];
    /// <summary>Only nodes whose processors can host virtual machines.</summary>
    public bool ForMachines { get; init; }
    /// <summary>Subnets by site, as OAR writes them: <c>slash_22=1</c>.</summary>
    public IReadOnlyDictionary<string, string> Subnets { get; init; } = new Dictionary<string, string>();
    public VlanKind Vlan { get; init; }
    /// <summary>The site that gives the VLAN, and perhaps nothing else; null: that of the server, or the first.</summary>
    public string? VlanSite { get; init; }
    public required Walltime Walltime { get; init; }
    public ReservationStart Start { get; init; } = ReservationStart.Now;
    /// <summary>SQL over OAR properties, applied to the node groups only.</summary>
    public string? Property { get; init; }
    /// <summary>False: the nodes keep the standard environment, and the jobs are not of the type <c>deploy</c>.</summary>
    public bool Deploys { get; init; } = true;
    /// <summary>OAR job types beside <c>deploy</c>.</summary>
    public IReadOnlyList<string> Types { get; init => field = value.AsArray(); } = [];
    /// <summary>A shell line that the server site's job runs on its front-end; null: none, the jobs just hold their nodes.</summary>
    public string? MainCommand { get; init; }
    /// <summary>How many dates a start that is not fixed may try.</summary>
    public int MaxRounds { get; init; } = 5;
    /// <summary>
    /// A start that is not fixed is no later than this; null: for Now <see cref="ReservationStart.NowLimit"/> from the submission, else as far as
    /// slots are searched.
    /// </summary>
    public DateTimeOffset? LatestStart { get; init; }
}

/// <summary>What will be submitted at a site.</summary>
public sealed record ReservationSitePlan(string Site, OarJobRequest Job, bool HoldsServer, bool HoldsVlan, int NodeCount)
{
    public override string ToString() => $"oarsub at {Site}: {Job.Resources},walltime={Job.Walltime}";
}

/// <summary>A checked request: the sites' jobs at one common date.</summary>
public sealed record ReservationPlan(string Name, ReservationRequest Request, IReadOnlyList<ReservationSitePlan> Sites)
{
    /// <summary>The common date; null for "now", which is fixed at the moment of submission.</summary>
    public DateTimeOffset? Start { get; init; }
    /// <summary>What was asked for: where a search has chosen the counts, those from which it starts anew.</summary>
    public ReservationRequest Asked { get; init; } = Request;
    /// <summary>What the search has found; null when the date was given, or is "now".</summary>
    public Slot? Slot { get; init; }
    /// <summary>Whether a refusal leads to another date: not when the user has chosen it.</summary>
    public bool SearchesOn => Request.Start.Date is null;
    /// <summary>When it starts, in words.</summary>
    public string StartText => Start is { } date ? $"at {GridZone.Format(date)} (Paris time)"
        : Request.Start.IsNow ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"now, or within {ReservationStart.NowLimit.TotalMinutes:0} min") : "now";
    /// <summary>A live reservation of that name: submitting the plan gives it back instead of making a second one.</summary>
    public Reservation? Existing { get; init; }
}

/// <summary>One site's job of a reservation.</summary>
public sealed record ReservationJob(string Site, long JobId)
{
    public OarJobState State { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? ScheduledAt { get; init; }
    /// <summary>The walltime in force; OAR cuts it when the job starts late.</summary>
    public TimeSpan? Walltime { get; init; }
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    public bool HoldsServer { get; init; }
    public bool HoldsVlan { get; init; }
    /// <summary>How many nodes were asked for, the server included; 0 when that is not known.</summary>
    public int NodeCount { get; init; }
    /// <summary>The date and the walltime asked for; null when they are not known.</summary>
    public DateTimeOffset? PlannedStart { get; init; }
    public TimeSpan? PlannedWalltime { get; init; }

    bool HasStarted => State is OarJobState.Running or OarJobState.Suspended or OarJobState.Finishing;

    /// <summary>When the walltime is over. OAR keeps this date however late it starts the job.</summary>
    public DateTimeOffset? EndsAt => StartedAt is { } s && Walltime is { } w ? s + w : PlannedStart + PlannedWalltime;
    /// <summary>How much later than asked for the job has started.</summary>
    public TimeSpan StartedLate => HasStarted && StartedAt > PlannedStart ? StartedAt.Value - PlannedStart.Value : TimeSpan.Zero;
    /// <summary>How much of the walltime OAR has taken away, because the job started late.</summary>
    public TimeSpan WalltimeCut => StartedLate > TimeSpan.Zero && PlannedWalltime > Walltime ? PlannedWalltime.Value - Walltime.Value : TimeSpan.Zero;
    /// <summary>How many nodes fewer than asked for the job got: OAR starts a reservation without those that are not alive.</summary>
    public int MissingNodes => HasStarted && NodeCount > Nodes.Count ? NodeCount - Nodes.Count : 0;
    public override string ToString() => $"{Site}:{JobId}";
}

/// <summary>Jobs of one or several sites that live and die together.</summary>
public sealed record Reservation(string Name)
{
    public IReadOnlyList<ReservationJob> Jobs { get; init => field = value.AsArray(); } = [];
    public string? ServerSite { get; init; }
    public VlanKind Vlan { get; init; }
    public Walltime Walltime { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>Made of jobs that the user submitted: only an explicit order deletes them.</summary>
    public bool IsAdopted { get; init; }
    /// <summary>The common date asked for, null for "now" on one site.</summary>
    public DateTimeOffset? Start { get; init; }
    public IReadOnlyList<string> Sites => Jobs.Select(j => j.Site).ToArray();
    public IReadOnlyList<string> Nodes => Jobs.SelectMany(j => j.Nodes).ToArray();
    /// <summary>Waiting, Running (all run), Partial (some), Ended.</summary>
    public string State =>
        Jobs.Count > 0 && Jobs.All(j => j.State is OarJobState.Running) ? "Running"
        : Jobs.All(j => j.State is OarJobState.Terminated or OarJobState.Error) ? "Ended"
        : Jobs.Any(j => j.State is OarJobState.Running or OarJobState.Terminated or OarJobState.Error) ? "Partial" : "Waiting";
    /// <summary>When the first of the jobs ends.</summary>
    public DateTimeOffset? EndsAt => Jobs.Select(j => j.EndsAt).Min();
    /// <summary>The worst of the jobs.</summary>
    public TimeSpan StartedLate => Jobs.Select(j => j.StartedLate).DefaultIfEmpty().Max();
    /// <summary>The worst of the jobs.</summary>
    public TimeSpan WalltimeCut => Jobs.Select(j => j.WalltimeCut).DefaultIfEmpty().Max();
    /// <summary>Of all jobs.</summary>
    public int MissingNodes => Jobs.Sum(j => j.MissingNodes);
    public override string ToString() => Name;
}
