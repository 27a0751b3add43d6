using System.Net;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Walt;

/// <summary>The server's side of the node service (tcp 12346), spoken from the lab's server to a node.</summary>
static class NodeOrders
{
    const int Port = 12346;
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    /// <summary>Null when the node said OK, else the reason as WalT's reboot message has it.</summary>
    public static async Task<string?> SendAsync(NetworkNamespace server, string ip, string order)
    {
        using CancellationTokenSource limit = new(s_limit);
        using Socket socket = server.CreateSocket();
        bool isConnected = false;
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(ip), Port), limit.Token).ConfigureAwait(false);
            isConnected = true;
            using NetworkStream stream = new(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"MODE single\n{order}\n"), limit.Token).ConfigureAwait(false);
            using StreamReader reader = new(stream, Encoding.UTF8);
            return await reader.ReadLineAsync(limit.Token).ConfigureAwait(false) switch
            {
                "OK" => null,
                null => "broken connection",
                { } answer when answer.StartsWith("KO ", StringComparison.Ordinal) => answer[3..],
                _ => "node did not respond properly",
            };
        }
        catch (OperationCanceledException)
        {
            return isConnected ? "timed out waiting for reply" : "connection timed out";
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to host",
                _ => "connection timed out",
            };
        }
        catch (IOException)
        {
            return "broken connection";
        }
    }
}
