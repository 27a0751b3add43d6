using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>
/// A WalT server: calls in the text mode of its RPC (tcp 12345), reads over its HTTP API (tcp 80). Every call has a time limit because the
/// server stays silent on errors (<c>RpcTimeout</c>); a dropped connection is <c>RpcConnectionLost</c>.
/// </summary>
public sealed partial class WaltServer : IAsyncDisposable
{
    public const int RpcPort = 12345;
    public const int HttpPort = 80;

    /// <param name="frontend">From where the server is reached.</param>
    /// <param name="host">Full host name of the server.</param>
    /// <param name="user">The name answered to <c>get_username</c>; deployments use <c>walt-g5k</c>.</param>
    public WaltServer(IFrontend frontend, string host, string user, TimeProvider time, IReporter? reporter = null)
    {
        Frontend = frontend;
        Host = host;
        User = user;
        Time = time;
        Reporter = reporter ?? SilentReporter.Instance;
    }

    public IFrontend Frontend { get; }
    public string Host { get; }
    public string User { get; }
    public TimeProvider Time { get; }
    public IReporter Reporter { get; }

    /// <summary>Hard reboots on behalf of the server (it asks the connected client): names of nodes in, names that failed with the reason out.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? HardReboot { get; set; }

    public partial Task<IReadOnlyList<WaltNodeInfo>> GetNodesAsync(CancellationToken cancellationToken = default);
    public partial Task<IReadOnlyList<WaltImageInfo>> GetImagesAsync(CancellationToken cancellationToken = default);

    /// <summary>Registers a node (SSAPI) and makes sure that it bears that name and address afterwards.</summary>
    public partial Task RegisterNodeAsync(string name, string mac, string ip, CancellationToken cancellationToken = default);

    /// <summary>Routes nodes to an image (name, or <c>default</c>). Answers before the image is mounted: see <see cref="IsRoutedAsync"/>.</summary>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>WaltNodeNotFound</c>, <c>ImageIncompatible</c>, <c>NodeNotOwned</c>.</exception>
    public partial Task SetImageAsync(IReadOnlyList<string> nodes, string image, CancellationToken cancellationToken = default);

    /// <summary>Whether the boot files that the server gives to the node are those of the image.</summary>
    public partial Task<bool> IsRoutedAsync(WaltNodeInfo node, WaltImageInfo image, CancellationToken cancellationToken = default);

    /// <summary>Asks nodes to reboot; one entry per node with the reason of a failure, or null.</summary>
    public partial Task<IReadOnlyDictionary<string, string?>> RebootAsync(IReadOnlyList<string> nodes, bool hardOnly, string cause, CancellationToken cancellationToken = default);

    /// <summary>Waits until the server reports each node as booted, reporting each as it comes; at the end of the time the others are left out.</summary>
    public partial Task<IReadOnlySet<string>> WaitBootedAsync(IReadOnlyList<string> nodes, TimeSpan timeout, Action<string>? onBooted = null, CancellationToken cancellationToken = default);

    public partial ValueTask DisposeAsync();
}
