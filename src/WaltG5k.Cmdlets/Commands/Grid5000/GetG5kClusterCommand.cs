using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Commands;

/// <summary>Get-G5kCluster: the clusters of some or all sites.</summary>
[Cmdlet(VerbsCommon.Get, "G5kCluster")]
[OutputType(typeof(ClusterInfo))]
public sealed class GetG5kClusterCommand : G5kCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string[] Queue { get; set; } = [];

    [Parameter]
    public SwitchParameter WaltServer { get; set; }

    [Parameter]
    public SwitchParameter WaltNode { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(Name);
        var queues = new NameFilter(Queue);
        List<ClusterInfo> seen = [];
        await foreach (SiteInfo site in ReferenceLookup.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false))
        {
            HashSet<string>? fit = await GetFittingAsync(site.Name, cancellationToken).ConfigureAwait(false);
            await foreach (ClusterInfo cluster in Api.GetClustersAsync(site.Name, cancellationToken).ConfigureAwait(false))
            {
                seen.Add(cluster);
                bool isWanted = wanted.Matches(cluster.Name) && (Queue.Length == 0 || cluster.Queues.Any(q => queues.Matches(q)));
                if (isWanted && fit?.Contains(cluster.Name) != false) Write(cluster);
            }
        }
        foreach (string name in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Cluster", name, Failures.Suggest("Get-G5kCluster", name, seen.Select(c => c.Name))));
        Names.Add(seen);
    }

    /// <summary>Names of the clusters that can do what was asked for, or null when nothing was.</summary>
    async Task<HashSet<string>?> GetFittingAsync(string site, CancellationToken cancellationToken)
    {
        HashSet<string>? fit = null;
        if (WaltServer) fit = [.. (await Api.GetServerClustersAsync(site, cancellationToken).ConfigureAwait(false)).Select(c => c.Name)];
        if (!WaltNode) return fit;
        HashSet<string> bootable = [.. (await Api.GetWaltNodeClustersAsync(site, cancellationToken).ConfigureAwait(false)).Select(c => c.Name)];
        if (fit is not null) bootable.IntersectWith(fit);
        return bootable;
    }
}
