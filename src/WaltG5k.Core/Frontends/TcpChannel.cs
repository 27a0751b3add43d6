using System.Net.Sockets;

namespace WaltG5k.Core.Frontends;

/// <summary>Plain TCP channels from this machine.</summary>
static class TcpChannel
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <exception cref="G5kException"><c>ChannelRefused</c>, <c>ChannelTimeout</c>.</exception>
    public static async Task<Stream> OpenAsync(string host, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(s_limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await socket.ConnectAsync(host, port, stop.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw e is SocketException { SocketErrorCode: not SocketError.TimedOut } refusal ? Refused(host, port, refusal) : TimedOut(host, port, e);
        }
    }

    static G5kException Refused(string host, int port, SocketException cause) => new("ChannelRefused", ErrorKind.ConnectionError,
        $"{host}:{port} cannot be reached: {cause.Message}.", host, $"Is the service up? Try: nc -vz {host} {port}", cause);

    static G5kException TimedOut(string host, int port, Exception cause) => new("ChannelTimeout", ErrorKind.OperationTimeout,
        $"{host}:{port} has not answered within {s_limit.TotalSeconds:0} s.", host,
        $"Is the machine up and in a VLAN that is reachable from here? Try: ping {host}", cause);
}
