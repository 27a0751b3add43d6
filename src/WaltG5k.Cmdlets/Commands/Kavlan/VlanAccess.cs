using WaltG5k.Base;
using WaltG5k.Core.Kavlan;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Commands;

/// <summary>What the VLAN cmdlets share: which site is meant, and what this session knows of its VLANs.</summary>
internal static class VlanAccess
{
    public static async Task<KavlanService> OpenAsync(G5kCmdlet cmdlet, string? site, KavlanWay way, CancellationToken cancellationToken) =>
        new(cmdlet.Grid, await OarAccess.FindSiteAsync(cmdlet, site, cancellationToken).ConfigureAwait(false) ?? throw Failures.SiteMissing(), way);

    /// <summary>Adds what was ordered here, and keeps the VLAN for completion.</summary>
    public static G5kVlan Complete(G5kSession session, G5kVlan vlan)
    {
        session.VlanNames[$"{vlan.Site}:{vlan.Id}"] = vlan.Kind == VlanKind.None
            ? "outside of all VLANs"
            : $"{vlan.Kind.ToString().ToLowerInvariant()}, {vlan.Site}";
        return session.VlanDhcp.TryGetValue((vlan.Site, vlan.Id), out bool isEnabled)
            ? vlan with { Dhcp = isEnabled ? VlanDhcp.Enabled : VlanDhcp.Disabled }
            : vlan;
    }
}
