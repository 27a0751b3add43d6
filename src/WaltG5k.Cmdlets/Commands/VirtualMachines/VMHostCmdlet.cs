using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Commands;

/// <summary>
/// A cmdlet that puts machines on hosts: nodes by name or object, those of reservations and jobs, whole clusters, or the hosts of a topology with
/// what runs on them. Hardware comes from the nodes themselves.
/// </summary>
public abstract class VMHostCmdlet : G5kCmdlet
{
    readonly List<object> _given = [];
    readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    [Parameter(ValueFromPipeline = true)]
    [Alias("Node", "Reservation")]
    public object[] InputObject { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double CpuOvercommit { get; set; } = 1;

    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double MemoryOvercommit { get; set; } = 1;

    /// <summary>In MiB; by default 2 % of the host's, 256 at least and 4096 at most.</summary>
    [Parameter]
    [ValidateRange(0, 1 << 24)]
    public int? HostMemory { get; set; }

    internal PlacementOptions BaseOptions => new()
    {
        CpuOvercommit = CpuOvercommit,
        MemoryOvercommit = MemoryOvercommit,
        Reserve = HostMemory is { } kept ? HostReserve.Fixed(kept) : HostReserve.Default,
    };

    protected override void ProcessRecord() => _given.AddRange(InputObject.Select(o => o is PSObject wrapped ? wrapped.BaseObject : o));

    /// <summary>The hosts, each once, sorted. Those that cannot host machines are errors, one a cluster, and left out.</summary>
    internal async Task<IReadOnlyList<VMHost>> GetHostsAsync(CancellationToken cancellationToken)
    {
        List<VMHost> hosts = [];
        List<NodeInfo> nodes = [];
        List<string> names = [];
        foreach (object item in _given)
        {
            switch (item)
            {
                case VMHost host: hosts.Add(host); break;
                case VMTopology topology: hosts.AddRange(topology.Hosts); break;
                case NodeInfo node: nodes.Add(node); break;
                case ClusterInfo cluster: await AddAsync(cluster, cancellationToken).ConfigureAwait(false); break;
                case Reservation reservation: names.AddRange(reservation.Nodes); break;
                case ReservationJob job: names.AddRange(job.Nodes); break;
                default: names.AddRange(Parameters.NodeNames.Expand($"{item}")); break;
            }
        }
        if (Cluster.Length > 0 || Site.Length > 0)
        {
            await foreach (ClusterInfo cluster in ReferenceLookup.GetClustersAsync(this, Site, Cluster, cancellationToken).ConfigureAwait(false))
                await AddAsync(cluster, cancellationToken).ConfigureAwait(false);
        }
        if (names.Count > 0) await AddNamedAsync(names, nodes, cancellationToken).ConfigureAwait(false);
        foreach (IGrouping<string, NodeInfo> unable in nodes.Where(n => !n.CanHostMachines).GroupBy(n => n.Cluster))
            WriteFailure(Failures.NoVirtualization(unable.Key, unable.Count()));
        hosts.AddRange(nodes.Where(n => n.CanHostMachines).Select(VMHost.From));
        return VMTopology.Sort(hosts.Where(h => _seen.Add(h.Name)));

        async Task AddAsync(ClusterInfo cluster, CancellationToken token)
        {
            await foreach (NodeInfo node in Api.GetNodesAsync(cluster, token).ConfigureAwait(false)) nodes.Add(node);
        }
    }

    async Task AddNamedAsync(List<string> names, List<NodeInfo> nodes, CancellationToken cancellationToken)
    {
        var wanted = new NodeNameFilter(names);
        await foreach (ClusterInfo cluster in ReferenceLookup.GetClustersAsync(this, [], wanted.Clusters, cancellationToken).ConfigureAwait(false))
        {
            await foreach (NodeInfo node in Api.GetNodesAsync(cluster, cancellationToken).ConfigureAwait(false))
            {
                if (wanted.Matches(node)) nodes.Add(node);
            }
        }
        foreach (string name in wanted.Unmatched) WriteFailure(Failures.NameNotFound("Node", name, $"Get-G5kNode {name.Split('-')[0]}-*"));
    }
}
