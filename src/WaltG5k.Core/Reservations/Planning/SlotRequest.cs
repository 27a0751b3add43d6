namespace WaltG5k.Core.Reservations.Planning;

/// <summary>A search as a user asks for it: a reservation that is not dated yet, and in what it may vary.</summary>
public sealed record SlotRequest
{
    /// <summary>
    /// What to reserve. Without <see cref="ReservationRequest.NodeCounts"/> any one site will do, with <see cref="AnySiteCount"/> nodes.
    /// </summary>
    public required ReservationRequest Reservation { get; init; }
    /// <summary>Nodes at the one site that is to be found.</summary>
    public int AnySiteCount { get; init; } = 1;
    /// <summary>Whether the site that is to be found also gives a WalT server.</summary>
    public bool AnySiteServer { get; init; }
    /// <summary>The least nodes of each site that are of use; null: for First one, else as many as are asked for.</summary>
    public int? MinNodeCount { get; init; }
    /// <summary>The most nodes of each site that are of use; null: for Max any number, else as many as are asked for.</summary>
    public int? MaxNodeCount { get; init; }
    /// <summary>Subnets at each site: how many by prefix length.</summary>
    public IReadOnlyDictionary<int, int> Subnets { get; init; } = new Dictionary<int, int>();
    /// <summary>Disks to be reserved with each node.</summary>
    public int Disks { get; init; }
    /// <summary>Null: now.</summary>
    public DateTimeOffset? Earliest { get; init; }
    /// <summary>The last start; null: four weeks after the earliest, for Max one.</summary>
    public DateTimeOffset? Latest { get; init; }
    /// <summary>By when the job must be over.</summary>
    public DateTimeOffset? Deadline { get; init; }
    public SlotHours Hours { get; init; } = SlotHours.Policy;
    public IReadOnlyList<string> Excluded { get; init; } = [];
    public SlotCriterion Criterion { get; init; }
    /// <summary>Look for the longest walltime at the earliest start, instead of the start for the walltime.</summary>
    public bool LongestWalltime { get; init; }
    public int MaximumSlots { get; init; } = 1;
}
