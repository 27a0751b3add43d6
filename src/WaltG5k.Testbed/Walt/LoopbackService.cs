using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Testbed.Walt;

/// <summary>A TCP service, on a free port of the loopback interface unless told otherwise, one task per connection.</summary>
internal sealed class LoopbackService : IDisposable
{
    const int Backlog = 512;

    readonly TcpListener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly Func<Socket, CancellationToken, Task> _serve;

    /// <param name="serve">Serves a connection to its end; the socket is closed behind it.</param>
    /// <param name="listener">Listens somewhere else, already.</param>
    public LoopbackService(Func<Socket, CancellationToken, Task> serve, TcpListener? listener = null)
    {
        _serve = serve;
        _listener = listener ?? new TcpListener(IPAddress.Loopback, 0);
        if (listener is null) _listener.Start(Backlog);
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _ = Task.Run(AcceptAsync);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Closes the port and every connection.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        CancellationToken stopped = _stop.Token;
        while (!stopped.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(stopped).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            socket.NoDelay = true;
            _ = ServeAsync(socket, stopped);
        }
    }

    async Task ServeAsync(Socket socket, CancellationToken stopped)
    {
        using (socket)
        {
            try
            {
                await _serve(socket, stopped).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // The peer or the service is gone.
            }
        }
    }
}
