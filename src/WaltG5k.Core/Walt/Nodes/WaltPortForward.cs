using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>
/// A port of a node, open on this machine: every connection to <see cref="LocalPort"/> goes through the WalT server to the node. It is open until it
/// is disposed.
/// </summary>
public sealed class WaltPortForward : IAsyncDisposable
{
    readonly WaltServer _server;
    readonly PortRelay _relay;

    WaltPortForward(WaltServer server, WaltNodeInfo node, int port, PortRelay relay)
    {
        (_server, _relay, Node, NodeAddress, NodePort) = (server, relay, node.Name, node.Ip, port);
        OpenedAt = server.Time.GetUtcNow();
    }

    public string Node { get; }
    public string NodeAddress { get; }
    public int NodePort { get; }
    /// <summary>On the loopback interface.</summary>
    public int LocalPort => _relay.LocalPort;
    public string Server => _server.Host;
    public DateTimeOffset OpenedAt { get; }
    public bool IsOpen => _relay.IsOpen;
    /// <summary>Connections that are open now.</summary>
    public int ActiveConnections => _relay.ActiveConnections;
    /// <summary>Connections that there were.</summary>
    public int ConnectionCount => _relay.ConnectionCount;
    /// <summary>Bytes to the node.</summary>
    public long BytesSent => _relay.BytesSent;
    /// <summary>Bytes from the node.</summary>
    public long BytesReceived => _relay.BytesReceived;
    /// <summary>Why the last connection that failed did so; empty when none has.</summary>
    public string LastError => _relay.LastError;
    public override string ToString() => FormattableString.Invariant($"localhost:{LocalPort} -> {Node}:{NodePort}");

    /// <summary>Opens a port of a node on this machine.</summary>
    /// <param name="server">Belongs to the forward from now on, and is disposed with it.</param>
    /// <param name="localPort">0: any that is free.</param>
    /// <exception cref="G5kException"><c>PortInUse</c>, <c>NodePortUnreachable</c>: nothing listens there.</exception>
    public static async Task<WaltPortForward> OpenAsync(WaltServer server, WaltNodeInfo node, int port, int localPort = 0,
        CancellationToken cancellationToken = default)
    {
        // Found out now rather than by whoever connects first.
        await using (await server.ConnectNodeAsync(node.Ip, port, cancellationToken).ConfigureAwait(false)) { }
        PortRelay relay = PortRelay.Open(localPort, async token => await server.ConnectNodeAsync(node.Ip, port, token).ConfigureAwait(false),
            there => ((Streams.WaltStream)there).CloseOutput());
        return new WaltPortForward(server, node, port, relay);
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }
}
