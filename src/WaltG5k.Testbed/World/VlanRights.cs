using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed;

/// <summary>Who may move nodes into a VLAN: the user of a running job that holds it, once his right has reached the site that is asked.</summary>
static class VlanRights
{
    /// <summary>The users with a right on VLAN <paramref name="id"/> as <paramref name="site"/> sees it. Call it under the world's lock.</summary>
    public static IReadOnlyList<string> GetUsers(TestbedWorld world, string site, int id)
    {
        JobModel[] holders = [.. world.Jobs.Values.Where(j => j.IsRunning && j.Vlans.Any(v => v.Id == id && (v.Site == site || v.Type == "kavlan-global")))];
        if (holders.Length == 0 || world.Faults.Take(FaultNames.KavlanNoRights, site) is not { } fault)
            return [.. holders.Select(j => j.User).Distinct(StringComparer.Ordinal)];
        if (fault.TryGetSeconds() is not { } delay) return [];
        long now = world.Time.GetUtcNow().ToUnixTimeSeconds();
        return [.. holders.Where(j => now - j.Details.StartedAt >= delay.TotalSeconds).Select(j => j.User).Distinct(StringComparer.Ordinal)];
    }
}
