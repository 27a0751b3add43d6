using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed;

public sealed partial class TestbedWorld
{
    readonly Dictionary<string, DateTimeOffset> _firstVlanRequests = [];

    /// <summary>
    /// Whether KaVLAN of <paramref name="site"/> lets that user work with a VLAN: one of his running jobs has to hold it, or that of somebody who
    /// lets him, at that site unless the VLAN is global. The right reaches another site with a delay, or never, where the fault
    /// <c>kavlan-no-rights</c> says so. To be asked under the lock.
    /// </summary>
    internal bool MayUseVlan(string user, VlanModel vlan, string site)
    {
        JobModel[] holders = [.. Jobs.Values.Where(j => j.IsRunning && j.Vlans.Contains(vlan))];
        if (holders.Length == 0) vlan.Guests.Clear();
        if (!holders.Any(j => j.User == user) && !vlan.Guests.Contains(user)) return false;
        if (vlan.Site != site && vlan.Type != "kavlan-global") return false;
        DateTimeOffset now = Time.GetUtcNow();
        _firstVlanRequests.TryAdd(site, now);
        if (Faults.Take(FaultNames.KavlanNoRights, site) is not FaultSpecification fault) return true;
        return fault.Value is not null && now >= _firstVlanRequests[site] + fault.GetSeconds();
    }
}
