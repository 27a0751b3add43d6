using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Nodes;

/// <summary>Round trips between machines, by their sites.</summary>
internal static class SiteLatency
{
    static readonly TimeSpan s_withinSite = TimeSpan.FromMilliseconds(0.15);
    /// <summary>What the talk's figures come to: 30 000 round trips in four minutes.</summary>
    static readonly TimeSpan s_betweenSites = TimeSpan.FromMilliseconds(8);

    public static TimeSpan RoundTrip(TestbedWorld world, string site, string other)
    {
        if (site == other) return s_withinSite;
        FaultSpecification? far = world.Faults.Take(FaultNames.SiteFar, site) ?? world.Faults.Take(FaultNames.SiteFar, other);
        return far?.TryGetSeconds() is { } milliseconds ? milliseconds / 1000 : s_betweenSites;
    }
}
