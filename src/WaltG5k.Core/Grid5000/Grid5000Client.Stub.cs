using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Grid5000;

public sealed partial class Grid5000Client
{
    public partial IAsyncEnumerable<SiteInfo> GetSitesAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial IAsyncEnumerable<ClusterInfo> GetClustersAsync(string site, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial IAsyncEnumerable<NodeInfo> GetNodesAsync(ClusterInfo cluster, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<NodeInfo> GetNodeAsync(string name, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<ClusterInfo>> GetServerClustersAsync(string site, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<ClusterInfo>> GetWaltNodeClustersAsync(string site, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<string>> GetVlanUsersAsync(string site, int vlan, CancellationToken cancellationToken) => throw new NotImplementedException();
}
