using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    public partial Task<IReadOnlyList<WaltNodeInfo>> GetNodesAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<WaltImageInfo>> GetImagesAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task RegisterNodeAsync(string name, string mac, string ip, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task SetImageAsync(IReadOnlyList<string> nodes, string image, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<bool> IsRoutedAsync(WaltNodeInfo node, WaltImageInfo image, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyDictionary<string, string?>> RebootAsync(IReadOnlyList<string> nodes, bool hardOnly, string cause, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlySet<string>> WaitBootedAsync(IReadOnlyList<string> nodes, TimeSpan timeout, Action<string>? onBooted, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial ValueTask DisposeAsync() => throw new NotImplementedException();
}
