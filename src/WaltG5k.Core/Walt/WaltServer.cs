using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Http;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

/// <summary>
/// A WalT server: calls in the text mode of its RPC (tcp 12345), reads over its HTTP API (tcp 80). Every call has a time limit because the
/// server stays silent on errors (<c>RpcTimeout</c>); a dropped connection is <c>RpcConnectionLost</c>. May be used by several threads.
/// </summary>
public sealed partial class WaltServer : IAsyncDisposable
{
    public const int RpcPort = 12345;
    public const int HttpPort = 80;

    /// <summary>Who owns what deployments make on their servers.</summary>
    public const string DefaultUser = "walt-g5k";

    static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(60);

    readonly WaltHttp _http;
    readonly RpcPool _connections;
    readonly RouteBook _routes;
    readonly BootWatch _watch;

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
        _http = new WaltHttp(frontend, host, time);
        _connections = new RpcPool((api, token) => OpenSessionAsync(api, new RpcCallbacks(User, Reporter), token), time);
        _routes = new RouteBook(_http, time);
        _watch = new BootWatch(GetNodesAsync, time);
    }

    public IFrontend Frontend { get; }
    public string Host { get; }
    public string User { get; }
    public TimeProvider Time { get; }
    public IReporter Reporter { get; }

    /// <summary>As the server told at the last connection, such as <c>10.0</c>; empty before the first.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>
    /// Hard reboots on behalf of the server (it asks the connected client): names of nodes in, names that failed with the reason out.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? HardReboot { get; set; }

    /// <summary>
    /// Reads where <c>/var/lib/walt/nodes/NAME/fs</c> points to, for several nodes at once: <c>../../images/ID/fs</c> by name, nothing for a node
    /// without such a link. When set, <see cref="CheckRoutesAsync"/> prefers it: it is exact, while boot files of
    /// different images may be alike. Where it throws a <see cref="G5kException"/> the boot files decide.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? ReadImageLinks { get; set; }

    public Task<IReadOnlyList<WaltNodeInfo>> GetNodesAsync(CancellationToken cancellationToken = default) =>
        _http.GetNodesAsync("", cancellationToken);

    public Task<IReadOnlyList<WaltImageInfo>> GetImagesAsync(CancellationToken cancellationToken = default) =>
        _http.GetImagesAsync("", cancellationToken);

    /// <summary>
    /// Waits until the server reports each node as booted, reporting each as it comes; at the end of the time the others are left out.
    /// </summary>
    /// <exception cref="G5kException"><c>WaltNodeNotFound</c>.</exception>
    public async Task<IReadOnlySet<string>> WaitBootedAsync(IReadOnlyList<string> nodes, TimeSpan timeout, Action<string>? onBooted = null,
        CancellationToken cancellationToken = default)
    {
        HashSet<string> known = [.. (await GetNodesAsync(cancellationToken).ConfigureAwait(false)).Select(n => n.Name)];
        if (nodes.FirstOrDefault(n => !known.Contains(n)) is { } unknown) throw ServerMessages.NodeNotFound(unknown, Host);
        HashSet<string> booted = [];
        await Task.WhenAll(nodes.Distinct().Select(async node =>
        {
            if (!await _watch.WaitAsync(node, timeout, cancellationToken).ConfigureAwait(false)) return;
            lock (booted) booted.Add(node);
            onBooted?.Invoke(node);
        })).ConfigureAwait(false);
        return booted;
    }

    /// <summary>One node, known to exist; true once it is booted, false at the end of the time.</summary>
    internal Task<bool> WaitNodeBootedAsync(string node, TimeSpan timeout, CancellationToken cancellationToken) =>
        _watch.WaitAsync(node, timeout, cancellationToken);

    async Task<RpcSession> OpenSessionAsync(RpcApi api, RpcCallbacks callbacks, CancellationToken cancellationToken)
    {
        using CancellationTokenSource expiry = new(s_connectTimeout, Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        Stream stream;
        try
        {
            stream = await Frontend.ConnectAsync(Host, RpcPort, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new G5kException("RpcTimeout", ErrorKind.OperationTimeout,
                $"No connection to the WalT server {Host} in {s_connectTimeout.TotalSeconds:0} s.", Host,
                "Is the deployment still alive? Get-WaltDeployment");
        }
        RpcSession session = await RpcSession.OpenAsync(stream, Host, api, callbacks, Time, cancellationToken).ConfigureAwait(false);
        ServerVersion = session.ServerVersion;
        return session;
    }

    Task<RpcResult> CallAsync(RpcCall call, CancellationToken cancellationToken) => _connections.CallAsync(RpcApi.Client, call, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }
}
