using System.Net;
using System.Net.Sockets;

namespace WaltG5k.BootFs;

/// <summary>Serves the images of a folder until it is disposed.</summary>
sealed class BootFsServer : IAsyncDisposable
{
    readonly ServerOptions _options;
    readonly ServerParts _parts;
    readonly Socket _listener;
    readonly CancellationTokenSource _ending = new();
    readonly Lock _lock = new();
    readonly Dictionary<ServerConnection, Task> _connections = [];
    Task _accepting = Task.CompletedTask;

    /// <exception cref="SocketException">The address is taken, or not of this machine.</exception>
    public BootFsServer(ServerOptions options, TimeProvider time, Action<string> log)
    {
        _options = options;
        _listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            _listener.Bind(options.Listen);
            _listener.Listen(256);
            _parts = new ServerParts(
                new ImageCatalog(options.Images, options.IndexFolder, options.BlockSize, log),
                new TraceStore(options.TraceFolder, options.TraceLimit, log),
                new BootBook(time, options.Recording), ServerKey.Open(options.KeyFile), time, log);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    public byte[] PublicKey => _parts.Key.PublicKey;
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;
    public ImageCatalog Images => _parts.Images;
    public int Connections
    {
        get
        {
            lock (_lock) return _connections.Count;
        }
    }

    public void Start()
    {
        _ = _parts.Images.PrepareAsync();
        _accepting = AcceptAsync();
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // No more files may be opened, or the client went away before it was served.
                _parts.Log($"a client could not be taken: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
                continue;
            }
            ServerConnection connection = new(socket, _parts);
            bool isFull;
            lock (_lock)
            {
                isFull = _connections.Count >= _options.Clients;
                _connections[connection] = Task.CompletedTask;
            }
            Task task = ServeAsync(connection, isFull);
            lock (_lock)
            {
                if (_connections.ContainsKey(connection)) _connections[connection] = task;
            }
        }
    }

    async Task ServeAsync(ServerConnection connection, bool isFull)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync(isFull ? $"{_options.Clients} clients are served already" : null, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _parts.Log($"a connection failed: {e}");
        }
        finally
        {
            connection.Dispose();
            lock (_lock) _connections.Remove(connection);
        }
    }

    /// <summary>Ends every connection in order; what was recorded is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        Task[] tasks;
        lock (_lock) tasks = [.. _connections.Values];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        _parts.Images.Dispose();
        _parts.Key.Dispose();
        _ending.Dispose();
    }
}
