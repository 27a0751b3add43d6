using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-G5kNode: nodes by name, node set or wildcard, of sites, clusters or reservations.</summary>
[Cmdlet(VerbsCommon.Get, "G5kNode")]
[OutputType(typeof(NodeInfo))]
public sealed class GetG5kNodeCommand : G5kCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string[] Queue { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string[] Architecture { get; set; } = [];

    [Parameter]
    public SwitchParameter WaltServer { get; set; }

    [Parameter]
    public SwitchParameter WaltNode { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        object? input = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
        return input switch
        {
            null => WriteNodesAsync(Name, Site, Cluster, cancellationToken),
            SiteInfo site => WriteNodesAsync(Name, [site.Name], Cluster, cancellationToken),
            ClusterInfo cluster => WriteNodesAsync(Name, [cluster.Site], [cluster.Name], cancellationToken),
            NodeInfo node => WriteNodesAsync([node.Name], Site, Cluster, cancellationToken),
            Reservation reservation => WriteNodesAsync([.. reservation.Nodes], Site, Cluster, cancellationToken),
            ReservationJob job => WriteNodesAsync([.. job.Nodes], Site, Cluster, cancellationToken),
            _ => WriteNodesAsync([$"{input}"], Site, Cluster, cancellationToken),
        };
    }

    async Task WriteNodesAsync(string[] names, string[] sites, string[] clusters, CancellationToken cancellationToken)
    {
        var wanted = new NodeNameFilter(names);
        IReadOnlyList<string> searched = clusters.Length > 0 ? clusters : wanted.Clusters;
        await foreach (ClusterInfo cluster in ReferenceLookup.GetClustersAsync(this, sites, searched, cancellationToken).ConfigureAwait(false))
        {
            if (!CouldMatch(cluster)) continue;
            List<NodeInfo> seen = [];
            await foreach (NodeInfo node in Api.GetNodesAsync(cluster, cancellationToken).ConfigureAwait(false))
            {
                seen.Add(node);
                if (wanted.Matches(node) && Fits(node)) Write(node);
            }
            Names.Add(seen);
        }
        foreach (string name in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Node", name, $"Get-G5kNode {name.Split('-')[0]}-*"));
    }

    /// <summary>False when the cluster alone tells that none of its nodes is wanted.</summary>
    bool CouldMatch(ClusterInfo cluster) => Queue.Length == 0 || cluster.Queues.Count == 0 || MatchesAny(Queue, cluster.Queues);

    bool Fits(NodeInfo node) =>
        (Queue.Length == 0 || MatchesAny(Queue, node.Queues))
        && (Architecture.Length == 0 || MatchesAny(Architecture, [node.Architecture]))
        && (!WaltServer || node.CanBeWaltServer)
        && (!WaltNode || node.CanBeWaltNode);

    static bool MatchesAny(IReadOnlyList<string> patterns, IEnumerable<string> values)
    {
        var filter = new NameFilter(patterns);
        return values.Any(v => filter.Matches(v));
    }
}
