using WaltG5k.Core.Reservations;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Kavlan;

/// <summary>Whether Grid'5000's own DHCP serves a VLAN. Nothing tells: it runs when a job gets the VLAN, and later as it was last told.</summary>
public enum VlanDhcp
{
    Unknown,
    Enabled,
    Disabled,
}

/// <summary>A VLAN of a site.</summary>
/// <param name="Id">1–3 local, 4–9 routed, 11 and up global; <c>DEFAULT</c>: the network outside of all VLANs.</param>
public sealed record G5kVlan(string Site, string Id, VlanKind Kind)
{
    /// <summary>A global VLAN that belongs to another site.</summary>
    public bool IsRemote { get; init; }
    /// <summary>The jobs that hold it or will, running ones first.</summary>
    public IReadOnlyList<long> Jobs { get; init => field = value.AsArray(); } = [];
    /// <summary>The network addresses in it at this site; null: not asked.</summary>
    public IReadOnlyList<string>? Nodes { get; init => field = value?.AsArray(); }
    /// <summary>Who may use it, as this site sees it; null: not asked.</summary>
    public IReadOnlyList<string>? Users { get; init => field = value?.AsArray(); }
    /// <summary>As this session ordered it last.</summary>
    public VlanDhcp Dhcp { get; init; }

    /// <summary>Whether no job holds it now.</summary>
    public bool IsFree { get; init; } = true;
    public override string ToString() => Id;
}
