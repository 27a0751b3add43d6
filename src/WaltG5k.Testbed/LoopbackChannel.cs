using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Testbed;

/// <summary>A TCP channel to an emulated host, which really listens on the loopback interface.</summary>
static class LoopbackChannel
{
    /// <exception cref="Core.G5kException"><c>ChannelRefused</c>.</exception>
    public static async Task<Stream> OpenAsync(string frontend, string host, int port, IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw TestbedErrors.Refused(frontend, host, port, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
