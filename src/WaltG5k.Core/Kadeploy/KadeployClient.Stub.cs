using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

public sealed partial class KadeployClient
{
    public partial Task<KadeployResult> DeployAsync(KadeployRequest request, Action<KadeployProgress>? onProgress, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<KadeployResult> RebootAsync(IReadOnlyList<string> nodes, string level, bool wait, CancellationToken cancellationToken) => throw new NotImplementedException();
}
