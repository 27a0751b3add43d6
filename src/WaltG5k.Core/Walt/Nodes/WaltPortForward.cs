using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Core.Walt;

/// <summary>
/// A port of a node, open on this machine: every connection to <see cref="LocalPort"/> goes through the WalT server to the node. It is open until it is
/// disposed.
/// </summary>
public sealed class WaltPortForward : IAsyncDisposable
{
    readonly WaltServer _server;
    readonly TcpListener _listener;
    readonly CancellationTokenSource _closed = new();
    readonly ConcurrentDictionary<Task, byte> _connections = new();
    readonly Task _accepting;
    int _connectionCount;
    long _bytesSent, _bytesReceived;
    volatile string _lastError = "";

    /// <param name="server">Belongs to the forward from now on.</param>
    WaltPortForward(WaltServer server, WaltNodeInfo node, int port, TcpListener listener)
    {
        (_server, _listener, Node, NodeAddress, NodePort) = (server, listener, node.Name, node.Ip, port);
        OpenedAt = server.Time.GetUtcNow();
        LocalPort = ((IPEndPoint)listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public string Node { get; }
    public string NodeAddress { get; }
    public int NodePort { get; }
    /// <summary>On the loopback interface.</summary>
    public int LocalPort { get; }
    public string Server => _server.Host;
    public DateTimeOffset OpenedAt { get; }
    public bool IsOpen => !_closed.IsCancellationRequested;
    /// <summary>Connections that are open now.</summary>
    public int ActiveConnections => _connections.Count;
    /// <summary>Connections that there were.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);
    /// <summary>Bytes to the node.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);
    /// <summary>Bytes from the node.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);
    /// <summary>Why the last connection that failed did so; empty when none has.</summary>
    public string LastError => _lastError;
    public override string ToString() => FormattableString.Invariant($"localhost:{LocalPort} -> {Node}:{NodePort}");

    /// <summary>Opens a port of a node on this machine.</summary>
    /// <param name="server">Belongs to the forward from now on, and is disposed with it.</param>
    /// <param name="localPort">0: any that is free.</param>
    /// <exception cref="G5kException"><c>PortInUse</c>, <c>NodePortUnreachable</c>: nothing listens there.</exception>
    public static async Task<WaltPortForward> OpenAsync(WaltServer server, WaltNodeInfo node, int port, int localPort = 0, CancellationToken cancellationToken = default)
    {
        // Found out now rather than by whoever connects first.
        await using (await server.ConnectNodeAsync(node.Ip, port, cancellationToken).ConfigureAwait(false)) { }
        TcpListener listener = new(IPAddress.Loopback, localPort);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new G5kException("PortInUse", ErrorKind.ResourceBusy, FormattableString.Invariant($"Port {localPort} of this machine cannot be opened: {e.Message}"), localPort,
                "Leave -LocalPort out: any free port is taken then.", e);
        }
        return new WaltPortForward(server, node, port, listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    async Task AcceptAsync()
    {
        while (IsOpen)
        {
            Socket client;
            try { client = await _listener.AcceptSocketAsync(_closed.Token).ConfigureAwait(false); }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { return; }
            Interlocked.Increment(ref _connectionCount);
            Task connection = ServeAsync(client);
            _connections.TryAdd(connection, 0);
            _ = connection.ContinueWith(c => _connections.TryRemove(c, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    async Task ServeAsync(Socket client)
    {
        using NetworkStream here = new(client, ownsSocket: true);
        try
        {
            Streams.WaltStream there = await _server.ConnectNodeAsync(NodeAddress, NodePort, _closed.Token).ConfigureAwait(false);
            await using (there.ConfigureAwait(false))
            {
                using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
                Task up = PumpAsync(here, there, count => Interlocked.Add(ref _bytesSent, count), () => there.CloseOutput(), end.Token);
                // The node's end of the connection is the end of it all; ours only says that nothing more will be sent.
                await PumpAsync(there, here, count => Interlocked.Add(ref _bytesReceived, count), () => false, end.Token).ConfigureAwait(false);
                await end.CancelAsync().ConfigureAwait(false);
                await up.ConfigureAwait(false);
            }
        }
        catch (G5kException e)
        {
            _lastError = e.Message;
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // Closed meanwhile.
        }
    }

    static async Task PumpAsync(Stream source, Stream target, Action<int> onBytes, Func<bool> closeTarget, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[65536];
        try
        {
            for (int count; (count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await target.FlushAsync(cancellationToken).ConfigureAwait(false);
                onBytes(count);
            }
            closeTarget();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Either side has gone.
        }
    }
}
