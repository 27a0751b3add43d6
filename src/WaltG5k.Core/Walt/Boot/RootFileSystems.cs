using System.Collections.Concurrent;

namespace WaltG5k.Core.Walt;

/// <summary>
/// Gives the images of one boot request the root file system that it asks for: the server once, each image once, each node verified.
/// </summary>
sealed class RootFileSystems(WaltServer server, WaltRootFileSystem wanted, CancellationToken cancellationToken)
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    readonly NbfsServer _nbfs = new(server);
    readonly ConcurrentDictionary<(string ImageId, string Model), Lazy<Task>> _images = new();
    readonly SpeculativeServer _speculation = new(server);
    readonly Lazy<Task> _server = new(() => wanted switch
    {
        WaltRootFileSystem.Nbfs => new NbfsServer(server).PrepareAsync(cancellationToken),
        WaltRootFileSystem.Speculative => new SpeculativeServer(server).RequireAsync(cancellationToken),
        _ => Task.CompletedTask,
    });

    /// <summary>To be called before images are routed: those mounted from then on are right at once.</summary>
    /// <exception cref="G5kException">As <see cref="NbfsServer.PrepareAsync"/> and <see cref="SpeculativeServer.RequireAsync"/>.</exception>
    public Task PrepareServerAsync() => _server.Value;

    /// <summary>Ends when the node's boot scripts ask for the file system that is wanted; gives a note on what was done.</summary>
    /// <exception cref="G5kException"><c>RootFileSystemNotSet</c>, and as <see cref="NbfsServer.ActivateAsync"/> and
    /// <see cref="SpeculativeServer.EnableAsync"/>.</exception>
    public async Task<string?> EnsureAsync(WaltRoute route)
    {
        await PrepareServerAsync().ConfigureAwait(false);
        if (await IsAsWantedAsync(route.Node).ConfigureAwait(false)) return "its boot scripts were so already";
        await _images.GetOrAdd((route.Image.Id, route.Node.Model), _ => new Lazy<Task>(() => SwitchAsync(route))).Value.ConfigureAwait(false);
        long start = server.Time.GetTimestamp();
        while (!await IsAsWantedAsync(route.Node).ConfigureAwait(false))
        {
            if (server.Time.GetElapsedTime(start) >= s_limit) throw NotSet(route);
            await Task.Delay(s_pause, server.Time, cancellationToken).ConfigureAwait(false);
        }
        return null;
    }

    Task SwitchAsync(WaltRoute route) => wanted switch
    {
        WaltRootFileSystem.Nbfs => _nbfs.ActivateAsync(route.Image, cancellationToken),
        WaltRootFileSystem.Speculative => _speculation.EnableAsync(route.Image, cancellationToken),
        _ => _nbfs.DeactivateAsync(route.Image, route.Node.Model, cancellationToken),
    };

    async Task<bool> IsAsWantedAsync(WaltNodeInfo node) =>
        (await server.GetBootScriptsAsync(node, cancellationToken).ConfigureAwait(false))?.RootFileSystem == wanted;

    string Name => wanted switch
    {
        WaltRootFileSystem.Nbfs => "NBFS",
        WaltRootFileSystem.Speculative => "the speculative root",
        _ => "NFS",
    };

    G5kException NotSet(WaltRoute route) => new("RootFileSystemNotSet", ErrorKind.OperationTimeout,
        $"Node {route.Node.Name} was not rebooted: its boot scripts still do not ask for {Name}.", route.Node.Name,
        $"See what it would boot: curl 'http://{server.Host}/boot/start-generic.ipxe?node_ip={route.Node.Ip}'");
}
