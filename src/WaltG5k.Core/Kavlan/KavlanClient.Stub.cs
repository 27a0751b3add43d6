using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kavlan;

public sealed partial class KavlanClient
{
    public partial Task<int?> GetJobVlanAsync(long jobId, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyDictionary<string, string>> GetVlansAsync(IReadOnlyList<string> networkAddresses, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<KavlanNodeResult>> AttachAsync(
        long jobId, string vlan, IReadOnlyList<string> networkAddresses, int attempts, TimeSpan? pause, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task SetDhcpAsync(long jobId, int vlan, bool enabled, CancellationToken cancellationToken) => throw new NotImplementedException();
}
