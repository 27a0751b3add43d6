using System.Collections.Concurrent;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Walt;

namespace WaltG5k.Base;

/// <summary>What a session keeps of its WalT servers from one cmdlet to the next.</summary>
internal sealed class WaltResources : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Lazy<Executor>> _executors = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<WaltPortForward, byte> _forwards = new();

    /// <param name="Server">Lives as long as its shells do.</param>
    sealed record Executor(WaltServer Server, NodeExecutor Nodes);

    /// <summary>Runs commands on the nodes of a server, over shells that stay open for a while.</summary>
    /// <param name="host">The server.</param>
    /// <param name="open">Makes a client of the server.</param>
    public NodeExecutor GetExecutor(string host, Func<WaltServer> open) => _executors.GetOrAdd(host, _ => new Lazy<Executor>(() =>
    {
        WaltServer server = open();
        return new Executor(server, new NodeExecutor(_ => server.Shell, server.Time));
    })).Value.Nodes;

    /// <summary>Ports of nodes that are open on this machine.</summary>
    public IReadOnlyList<WaltPortForward> Forwards => [.. _forwards.Keys.OrderBy(f => f.OpenedAt).ThenBy(f => f.LocalPort)];

    public void Add(WaltPortForward forward) => _forwards.TryAdd(forward, 0);

    public async Task RemoveAsync(WaltPortForward forward)
    {
        if (_forwards.TryRemove(forward, out _)) await forward.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes what leads to one server.</summary>
    public async Task CloseAsync(string host)
    {
        foreach (WaltPortForward forward in _forwards.Keys.Where(f => f.Server == host)) await RemoveAsync(forward).ConfigureAwait(false);
        if (!_executors.TryRemove(host, out Lazy<Executor>? executor) || !executor.IsValueCreated) return;
        await executor.Value.Nodes.DisposeAsync().ConfigureAwait(false);
        await executor.Value.Server.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WaltPortForward forward in _forwards.Keys) await RemoveAsync(forward).ConfigureAwait(false);
        foreach (string host in _executors.Keys) await CloseAsync(host).ConfigureAwait(false);
    }
}
