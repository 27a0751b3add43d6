using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Which slots are wanted first.</summary>
public enum SlotCriterion
{
    /// <summary>The earliest one with everything that is asked for.</summary>
    Free,
    /// <summary>The earliest one with the minimum; then later ones, each with more nodes than the one before.</summary>
    First,
    /// <summary>The one with the most nodes; then earlier ones, each with fewer nodes than the one before.</summary>
    Max,
}

/// <summary>In which hours of the usage policy a job may lie.</summary>
public enum SlotHours
{
    /// <summary>Where the policy allows it: not across 9:00 or 19:00 of a working day, but for its exceptions.</summary>
    Policy,
    /// <summary>Anywhere.</summary>
    Any,
    /// <summary>Inside the day hours of a working day.</summary>
    Day,
    /// <summary>Inside a night, a week-end or a holiday.</summary>
    Night,
    /// <summary>Inside a night that has a whole day without work in it.</summary>
    Weekend,
}

/// <summary>What a node must be to serve a demand. What is left open does not matter.</summary>
public sealed record NodeFilter
{
    public static NodeFilter Any { get; } = new();

    public IReadOnlyList<string> Sites { get; init; } = [];
    public IReadOnlyList<string> Clusters { get; init; } = [];
    /// <summary>Only these nodes, by full name.</summary>
    public IReadOnlySet<string>? Hosts { get; init; }
    public string? Queue { get; init; }
    public bool AllowExotic { get; init; }
    public int KavlanNics { get; init; }
    /// <summary>Disks of the node to be reserved with it.</summary>
    public int Disks { get; init; }
    public bool ForWaltServer { get; init; }
    public bool ForWaltNode { get; init; }

    /// <summary>Whether the node can ever serve, busy or not.</summary>
    public bool Fits(NodeElement node) =>
        (Sites.Count == 0 || Sites.Contains(node.Site))
        && (Clusters.Count == 0 || Clusters.Contains(node.Cluster))
        && (Hosts is null || Hosts.Contains(node.Name))
        && (Queue is null || node.Queues.Count == 0 || node.Queues.Contains(Queue))
        && (AllowExotic || !node.IsExotic)
        && node.KavlanNics >= KavlanNics
        && node.Disks.Count >= Disks
        && (!ForWaltServer || node.CanBeWaltServer)
        && (!ForWaltNode || node.CanBeWaltNode);
}

/// <summary>A number of nodes of one kind. A node never serves two demands.</summary>
/// <param name="Label">How messages name it: <c>nodes at nancy</c>.</param>
/// <param name="Count">The least that is of use.</param>
public sealed record NodeDemand(string Label, int Count)
{
    /// <summary>The most that is of use; never less than <see cref="Count"/>.</summary>
    public int Maximum { get; init => field = Math.Max(value, Count); } = Count;
    public NodeFilter Filter { get; init; } = NodeFilter.Any;
    /// <summary>The node that becomes the WalT server: counted apart from the others.</summary>
    public bool IsServer { get; init; }
}

/// <summary>A number of VLANs of one kind.</summary>
public sealed record VlanDemand(VlanKind Kind, int Count = 1)
{
    /// <summary>Where they may come from; empty: anywhere. Sites that give nodes are preferred, then the first named.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];
}

/// <summary>A number of subnets of one size at one site; those larger than /22 are aligned blocks of free ones.</summary>
public sealed record SubnetDemand(string Site, int PrefixLength, int Count = 1);

/// <summary>What is to be found, all of it at the same time.</summary>
public sealed record SlotQuery
{
    public IReadOnlyList<NodeDemand> Nodes { get; init; } = [];
    public IReadOnlyList<VlanDemand> Vlans { get; init; } = [];
    public IReadOnlyList<SubnetDemand> Subnets { get; init; } = [];
    public required Walltime Walltime { get; init; }
    /// <summary>The first start that counts.</summary>
    public required DateTimeOffset Earliest { get; init; }
    /// <summary>The last start that counts.</summary>
    public required DateTimeOffset Latest { get; init; }
    public SlotHours Hours { get; init; } = SlotHours.Policy;
    /// <summary>When the job would be submitted: two exceptions of the usage policy depend on it.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }
    public SlotCriterion Criterion { get; init; }
    /// <summary>Nodes (full or short names) and clusters that are not wanted.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();
    /// <summary>How many slots at most.</summary>
    public int MaximumSlots { get; init; } = 1;
    /// <summary>What OAR leaves free after every job, ours included.</summary>
    public TimeSpan Guard { get; init; } = BusyPeriod.DefaultGuard;
}
