using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Grid5000;

/// <summary>The reference API of Grid'5000, and the few writes that a deployment needs.</summary>
public sealed partial class Grid5000Client(IGrid grid)
{
    public partial IAsyncEnumerable<SiteInfo> GetSitesAsync(CancellationToken cancellationToken = default);

    /// <exception cref="G5kException"><c>SiteNotFound</c>.</exception>
    public partial IAsyncEnumerable<ClusterInfo> GetClustersAsync(string site, CancellationToken cancellationToken = default);

    /// <summary>The nodes of one cluster, in the order of their numbers.</summary>
    /// <exception cref="G5kException"><c>ClusterNotFound</c>.</exception>
    public partial IAsyncEnumerable<NodeInfo> GetNodesAsync(ClusterInfo cluster, CancellationToken cancellationToken = default);

    /// <summary>One node by its full name.</summary>
    /// <exception cref="G5kException"><c>NodeNotFound</c>.</exception>
    public partial Task<NodeInfo> GetNodeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Default-queue, non-exotic clusters of a site whose nodes can become a WalT server.</summary>
    public partial Task<IReadOnlyList<ClusterInfo>> GetServerClustersAsync(string site, CancellationToken cancellationToken = default);

    /// <summary>Default-queue, non-exotic clusters of a site whose nodes WalT can boot.</summary>
    public partial Task<IReadOnlyList<ClusterInfo>> GetWaltNodeClustersAsync(string site, CancellationToken cancellationToken = default);

    /// <summary>Users with rights on a VLAN, as that site sees it: rights on a global VLAN take time to reach the other sites.</summary>
    public partial Task<IReadOnlyList<string>> GetVlanUsersAsync(string site, int vlan, CancellationToken cancellationToken = default);
}
