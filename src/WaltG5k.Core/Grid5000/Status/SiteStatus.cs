using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>A node as OAR sees it now.</summary>
/// <param name="Hard"><c>alive</c>, <c>dead</c>, <c>absent</c>, <c>suspected</c> or <c>standby</c>.</param>
/// <param name="Soft"><c>free</c>, <c>busy</c>, <c>free_busy</c>, <c>busy_free</c> (also with <c>_besteffort</c>), or <c>unknown</c>.</param>
public sealed record NodeStatus(string Name, string Hard, string Soft)
{
    public string? Comment { get; init; }
    /// <summary>Cores that nobody uses.</summary>
    public int FreeSlots { get; init; }
    public int BusySlots { get; init; }
    /// <summary>The jobs that hold it, or will: running ones first. Empty where the API does not know who asks.</summary>
    public IReadOnlyList<long> Jobs { get; init => field = value.AsArray(); } = [];
    public override string ToString() => $"{Name}: {Hard}, {Soft}";
}

/// <summary>A VLAN as OAR sees it now.</summary>
/// <param name="Type">See <see cref="ApiVlan"/>.</param>
public sealed record VlanStatus(string Id, string Hard, string Soft, string Type)
{
    public IReadOnlyList<long> Jobs { get; init => field = value.AsArray(); } = [];
}

/// <summary>The status of a site at one moment.</summary>
public sealed record SiteStatus(string Site, DateTimeOffset ReadAt)
{
    public IReadOnlyList<NodeStatus> Nodes { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<VlanStatus> Vlans { get; init => field = value.AsArray(); } = [];
    /// <summary>False for somebody whom the API does not know: then jobs are not shown.</summary>
    public bool ShowsJobs { get; init; }
}
