using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Grid5000;

/// <summary>A VLAN as a site sees it.</summary>
/// <param name="Id">1–3 local, 4–9 routed, 11 and up global; <c>DEFAULT</c>: the network outside of all VLANs.</param>
/// <param name="Type"><c>kavlan-local</c>, <c>kavlan</c>, <c>kavlan-global</c>, <c>kavlan-global-remote</c> (another site's), or <c>NULL</c>.</param>
public sealed record ApiVlan(string Site, string Id, string Type)
{
    /// <summary>A global one of another site is global too.</summary>
    public VlanKind Kind => Type switch
    {
        "kavlan-local" => VlanKind.Local,
        "kavlan" => VlanKind.Routed,
        "kavlan-global" or "kavlan-global-remote" => VlanKind.Global,
        _ => VlanKind.None,
    };

    public override string ToString() => $"{Id}@{Site}";
}

/// <summary>What the API says to one address that was to be put into a VLAN.</summary>
public enum ApiVlanStatus
{
    Unknown,
    Success,
    /// <summary>It was there already.</summary>
    Unchanged,
    Failure,
}

/// <param name="NetworkAddress"><c>gros-1.nancy.grid5000.fr</c>, or of a second adapter <c>gros-1-eth1.nancy.grid5000.fr</c>.</param>
/// <param name="Message">The API's words: <c>Unknown node</c>.</param>
public sealed record ApiVlanChange(string NetworkAddress, ApiVlanStatus Status, string Message);
