using System.Runtime.CompilerServices;
using WaltG5k.Base;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Commands;

/// <summary>What the cmdlets over the reference data share: sites and clusters by pattern, an error for each name that does not exist.</summary>
internal static class ReferenceLookup
{
    public static async IAsyncEnumerable<SiteInfo> GetSitesAsync(G5kCmdlet cmdlet, IReadOnlyList<string> patterns,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(patterns);
        List<string> seen = [];
        await foreach (SiteInfo site in cmdlet.Api.GetSitesAsync(cancellationToken).ConfigureAwait(false))
        {
            seen.Add(site.Name);
            if (wanted.Matches(site.Name)) yield return site;
        }
        foreach (string name in wanted.Unmatched)
            cmdlet.WriteFailure(Failures.NameNotFound("Site", name, Failures.Suggest("Get-G5kSite", name, seen)));
    }

    /// <summary>Clusters of the sites that match. Every cluster looked at goes to the completion cache.</summary>
    public static async IAsyncEnumerable<ClusterInfo> GetClustersAsync(
        G5kCmdlet cmdlet, IReadOnlyList<string> sites, IReadOnlyList<string> patterns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(patterns);
        List<ClusterInfo> seen = [];
        await foreach (SiteInfo site in GetSitesAsync(cmdlet, sites, cancellationToken).ConfigureAwait(false))
        {
            await foreach (ClusterInfo cluster in cmdlet.Api.GetClustersAsync(site.Name, cancellationToken).ConfigureAwait(false))
            {
                seen.Add(cluster);
                if (wanted.Matches(cluster.Name)) yield return cluster;
            }
        }
        cmdlet.Names.Add(seen);
        foreach (string name in wanted.Unmatched)
            cmdlet.WriteFailure(Failures.NameNotFound("Cluster", name, Failures.Suggest("Get-G5kCluster", name, seen.Select(c => c.Name))));
    }
}
