using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// A port of this machine, on its loopback interface: each connection to it is joined with one that leads elsewhere. It is open until it is disposed.
/// </summary>
sealed class PortRelay : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly Func<CancellationToken, Task<Stream>> _connect;
    readonly Func<Stream, bool> _closeOutput;
    readonly CancellationTokenSource _closed = new();
    readonly ConcurrentDictionary<Task, byte> _connections = new();
    readonly Task _accepting;
    int _connectionCount;
    long _bytesSent, _bytesReceived;
    volatile string _lastError = "";

    PortRelay(TcpListener listener, Func<CancellationToken, Task<Stream>> connect, Func<Stream, bool> closeOutput)
    {
        (_listener, _connect, _closeOutput) = (listener, connect, closeOutput);
        LocalPort = ((IPEndPoint)listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int LocalPort { get; }
    public bool IsOpen => !_closed.IsCancellationRequested;
    public int ActiveConnections => _connections.Count;
    public int ConnectionCount => Volatile.Read(ref _connectionCount);
    public long BytesSent => Interlocked.Read(ref _bytesSent);
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);
    /// <summary>Why the last connection that failed did so; empty when none has.</summary>
    public string LastError => _lastError;

    /// <param name="localPort">0: any that is free.</param>
    /// <param name="connect">Makes the other half of a connection.</param>
    /// <param name="closeOutput">Says on that half that nothing more will be sent; false where it cannot.</param>
    /// <exception cref="G5kException"><c>PortInUse</c>.</exception>
    public static PortRelay Open(int localPort, Func<CancellationToken, Task<Stream>> connect, Func<Stream, bool> closeOutput)
    {
        TcpListener listener = new(IPAddress.Loopback, localPort);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new G5kException("PortInUse", ErrorKind.ResourceBusy,
                FormattableString.Invariant($"Port {localPort} of this machine cannot be opened: {e.Message}"), localPort,
                "Leave -LocalPort out: any free port is taken then.", e);
        }
        return new PortRelay(listener, connect, closeOutput);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
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
            _ = connection.ContinueWith(c => _connections.TryRemove(c, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    async Task ServeAsync(Socket client)
    {
        using NetworkStream here = new(client, ownsSocket: true);
        try
        {
            Stream there = await _connect(_closed.Token).ConfigureAwait(false);
            await using (there.ConfigureAwait(false))
            {
                using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
                Task up = PumpAsync(here, there, count => Interlocked.Add(ref _bytesSent, count), () => _closeOutput(there), end.Token);
                // The far end of the connection is the end of it all; ours only says that nothing more will be sent.
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

    async Task PumpAsync(Stream source, Stream target, Action<int> onBytes, Func<bool> closeTarget, CancellationToken cancellationToken)
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
        catch (G5kException e)
        {
            _lastError = e.Message; // a channel over ssh tells at its first read that it was never there
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Either side has gone.
        }
    }
}
