using System.Collections.Concurrent;
using WaltG5k.Core.VirtualMachines.Reach;

namespace WaltG5k.Base;

/// <summary>Ports of virtual machines that a session keeps open on this machine from one cmdlet to the next.</summary>
internal sealed class PortForwards : IAsyncDisposable
{
    readonly ConcurrentDictionary<G5kPortForward, byte> _open = new();

    public IReadOnlyList<G5kPortForward> All => [.. _open.Keys.OrderBy(f => f.OpenedAt).ThenBy(f => f.LocalPort)];

    public void Add(G5kPortForward forward) => _open.TryAdd(forward, 0);

    public async Task CloseAsync(G5kPortForward forward)
    {
        if (_open.TryRemove(forward, out _)) await forward.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes those of a machine that is to go.</summary>
    public async Task CloseAllAsync(string machine)
    {
        foreach (G5kPortForward forward in _open.Keys.Where(f => f.VM == machine)) await CloseAsync(forward).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (G5kPortForward forward in _open.Keys) await CloseAsync(forward).ConfigureAwait(false);
    }
}
