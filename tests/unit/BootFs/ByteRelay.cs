using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace WaltG5k.Tests.BootFs;

/// <summary>
/// A link between a client and a server that can be slow, far, broken or cut. Delay and rate are those of the machine's clock: keep them small in
/// tests.
/// </summary>
sealed class ByteRelay : IAsyncDisposable
{
    readonly IPEndPoint _server;
    readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    readonly CancellationTokenSource _ending = new();
    readonly List<Socket> _sockets = [];
    readonly List<Task> _tasks = [];
    long _toServer;
    long _toClient;

    public ByteRelay(IPEndPoint server)
    {
        _server = server;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _tasks.Add(Task.Run(AcceptAsync));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;
    /// <summary>One way.</summary>
    public TimeSpan Delay { get; set; }
    /// <summary>Bytes per second to the client; 0 is without limit.</summary>
    public long Rate { get; set; }
    /// <summary>Changes what comes from the server.</summary>
    public Action<Memory<byte>>? ToClient { get; set; }
    /// <summary>Connections are accepted and ended at once.</summary>
    public bool IsClosed { get; set; }
    public long BytesToServer => _toServer;
    public long BytesToClient => _toClient;

    /// <summary>Cuts all connections that there are.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets) socket.Close(0);
            _sockets.Clear();
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync(_ending.Token);
                if (IsClosed)
                {
                    client.Close(0);
                    continue;
                }
                Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                try
                {
                    await server.ConnectAsync(_server, _ending.Token);
                }
                catch (SocketException)
                {
                    client.Close(0);
                    continue;
                }
                lock (_sockets) _sockets.AddRange([client, server]);
                _tasks.Add(PumpAsync(client, server, isToClient: false));
                _tasks.Add(PumpAsync(server, client, isToClient: true));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task PumpAsync(Socket from, Socket to, bool isToClient)
    {
        Channel<(byte[] Bytes, long Due)> queue = Channel.CreateUnbounded<(byte[], long)>();
        Task writing = WriteAsync(queue.Reader, to);
        byte[] buffer = new byte[32 * 1024];
        double free = 0;
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, _ending.Token);
                if (count == 0) break;
                Interlocked.Add(ref isToClient ? ref _toClient : ref _toServer, count);
                if (isToClient) ToClient?.Invoke(buffer.AsMemory(0, count));
                double now = TimeProvider.System.GetTimestamp() / (double)TimeProvider.System.TimestampFrequency;
                double start = Math.Max(now, free);
                free = start + (isToClient && Rate > 0 ? (double)count / Rate : 0);
                await queue.Writer.WriteAsync((buffer[..count], (long)((free + Delay.TotalSeconds) * TimeProvider.System.TimestampFrequency)),
                    _ending.Token);
                // A slow link has a queue of some 30 ms before it, and then no more is taken.
                if (free - now > 0.03) await Task.Delay(TimeSpan.FromSeconds(free - now - 0.03), _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, or the test is over.
        }
        queue.Writer.Complete();
        await writing;
        try
        {
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    async Task WriteAsync(ChannelReader<(byte[] Bytes, long Due)> queue, Socket to)
    {
        try
        {
            await foreach ((byte[] bytes, long due) in queue.ReadAllAsync(_ending.Token))
            {
                double wait = (due - TimeProvider.System.GetTimestamp()) / (double)TimeProvider.System.TimestampFrequency;
                if (wait > 0.0005) await Task.Delay(TimeSpan.FromSeconds(wait), _ending.Token);
                for (int sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes.AsMemory(sent), _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, or the test is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        Cut();
        await Task.WhenAll(_tasks.ToArray());
        _ending.Dispose();
    }
}
