using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>The reference API of Grid'5000, and the few reads beside it that a deployment needs.</summary>
public sealed class Grid5000Client(IGrid grid)
{
    /// <summary>Requests under way at once when several clusters are looked through.</summary>
    const int MaximumRequests = 4;

    /// <summary>Without it the API leaves production and testing clusters out.</summary>
    const string AllQueues = "?queues=all";

    readonly ApiConnection _api = new(grid);

    public async IAsyncEnumerable<SiteInfo> GetSitesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync("sites", cancellationToken).ConfigureAwait(false);
        if (document is null) throw ReferenceErrors.NoSites(grid.Api.BaseAddress);
        foreach (SiteInfo site in ReferenceReader.ReadSites(document.RootElement)) yield return site;
    }

    /// <exception cref="G5kException"><c>SiteNotFound</c>.</exception>
    public async Task<SiteInfo> GetSiteAsync(string site, CancellationToken cancellationToken = default)
    {
        using JsonDocument document = await _api.GetAsync($"sites/{Escape(site)}", cancellationToken).ConfigureAwait(false)
            ?? throw ReferenceErrors.SiteNotFound(site);
        return ReferenceReader.ReadSite(document.RootElement);
    }

    /// <exception cref="G5kException"><c>SiteNotFound</c>.</exception>
    public async IAsyncEnumerable<ClusterInfo> GetClustersAsync(string site, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync($"sites/{Escape(site)}/clusters{AllQueues}", cancellationToken).ConfigureAwait(false);
        if (document is null) throw ReferenceErrors.SiteNotFound(site);
        foreach (ClusterInfo cluster in ReferenceReader.ReadClusters(site, document.RootElement)) yield return cluster;
    }

    /// <summary>The nodes of one cluster, in the order of their numbers.</summary>
    /// <exception cref="G5kException"><c>ClusterNotFound</c>.</exception>
    public async IAsyncEnumerable<NodeInfo> GetNodesAsync(ClusterInfo cluster, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync($"{PathOf(cluster.Site, cluster.Name)}/nodes{AllQueues}", cancellationToken)
            .ConfigureAwait(false);
        if (document is null) throw ReferenceErrors.ClusterNotFound(cluster.Site, cluster.Name);
        foreach (NodeInfo node in ReferenceReader.ReadNodes(cluster, document.RootElement)) yield return node;
    }

    /// <summary>One node by its full name.</summary>
    /// <exception cref="G5kException"><c>NodeNotFound</c>.</exception>
    public async Task<NodeInfo> GetNodeAsync(string name, CancellationToken cancellationToken = default)
    {
        // gros-12.nancy.grid5000.fr: the cluster is what stands before the last hyphen.
        string[] labels = name.Split('.');
        int hyphen = labels[0].LastIndexOf('-');
        if (labels.Length < 2 || hyphen <= 0 || labels[1].Length == 0) throw ReferenceErrors.NodeNotFound(name);
        string site = labels[1], clusterName = labels[0][..hyphen];
        string path = PathOf(site, clusterName);
        using JsonDocument? cluster = await _api.GetAsync(path, cancellationToken).ConfigureAwait(false);
        if (cluster is null) throw ReferenceErrors.NodeNotFound(name);
        using JsonDocument? node = await _api.GetAsync($"{path}/nodes/{Escape(labels[0])}", cancellationToken).ConfigureAwait(false);
        if (node is null) throw ReferenceErrors.NodeNotFound(name);
        return ReferenceReader.ReadNode(ReferenceReader.ReadCluster(site, cluster.RootElement), node.RootElement);
    }

    /// <summary>Default-queue, non-exotic clusters of a site of which at least one node can become a WalT server.</summary>
    public Task<IReadOnlyList<ClusterInfo>> GetServerClustersAsync(string site, CancellationToken cancellationToken = default) =>
        SelectClustersAsync(site, _ => true, node => node.CanBeWaltServer, cancellationToken);

    /// <summary>Default-queue, non-exotic clusters of a site of which at least one node can be booted by WalT.</summary>
    public Task<IReadOnlyList<ClusterInfo>> GetWaltNodeClustersAsync(string site, CancellationToken cancellationToken = default) =>
        SelectClustersAsync(site, cluster => cluster.BootType == "bios", node => node.CanBeWaltNode, cancellationToken);

    /// <summary>Users with rights on a VLAN, as that site sees it: rights on a global VLAN take time to reach the other sites.</summary>
    /// <exception cref="G5kException"><c>VlanNotFound</c>.</exception>
    public Task<IReadOnlyList<string>> GetVlanUsersAsync(string site, int vlan, CancellationToken cancellationToken = default) =>
        new VlanApi(grid, site).GetUsersAsync(vlan.ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <summary>Any node that qualifies makes its cluster qualify: nodes of one cluster differ, and the first may be the odd one.</summary>
    async Task<IReadOnlyList<ClusterInfo>> SelectClustersAsync(
        string site, Func<ClusterInfo, bool> isCandidate, Func<NodeInfo, bool> qualifies, CancellationToken cancellationToken)
    {
        var candidates = new List<ClusterInfo>();
        await foreach (ClusterInfo cluster in GetClustersAsync(site, cancellationToken).ConfigureAwait(false))
        {
            if (cluster.Queues.Contains("default") && !cluster.IsExotic && isCandidate(cluster)) candidates.Add(cluster);
        }
        var selected = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaximumRequests, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(candidates, options, async (cluster, token) =>
        {
            await foreach (NodeInfo node in GetNodesAsync(cluster, token).ConfigureAwait(false))
            {
                if (!qualifies(node)) continue;
                selected[cluster.Name] = true;
                break;
            }
        }).ConfigureAwait(false);
        return [.. candidates.Where(c => selected.ContainsKey(c.Name))];
    }

    static string PathOf(string site, string cluster) => $"sites/{Escape(site)}/clusters/{Escape(cluster)}";

    static string Escape(string name) => Uri.EscapeDataString(name);
}
