namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Where a schedule was read.</summary>
public enum ScheduleSource
{
    /// <summary>The status of the Grid'5000 API.</summary>
    Api,
    /// <summary><c>oarstat --gantt</c> on the site's front-end.</summary>
    Gantt,
}

/// <summary>What a site has, and when each of it is taken.</summary>
public sealed record SiteSchedule(string Site)
{
    public IReadOnlyList<NodeElement> Nodes { get; init; } = [];
    public IReadOnlyList<VlanElement> Vlans { get; init; } = [];
    public IReadOnlyList<SubnetElement> Subnets { get; init; } = [];
    public ScheduleSource Source { get; init; }
    /// <summary>On the clock of the grid.</summary>
    public DateTimeOffset ReadAt { get; init; }
    /// <summary>Jobs in the queue for which OAR has no start yet: what they will take is not known. Null: the source does not tell of them.</summary>
    public int? UnplannedJobs { get; init; }
    /// <summary>Whether the reference data of its nodes could not be read: what OAR says of them has to do.</summary>
    public bool LacksReference { get; init; }
    /// <summary>Why the site could not be read; it then has nothing to offer, and every result that could have used it names it.</summary>
    public G5kException? Error { get; init; }
    public override string ToString() => Error is null ? Site : $"{Site}: {Error.Message}";
}
