using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// Addresses of the WalT network on the loopback interface: 192.168.204.2 is 127.168.204.2 there, so that a program that plays a node is known by its
/// address as a real node is. Real nodes come from their own address.
/// </summary>
internal static class NodeAddresses
{
    public static string? GetNodeIp(Socket socket)
        => socket.RemoteEndPoint is not IPEndPoint peer ? null : peer.Address.MapToIPv4().GetAddressBytes() switch
        {
            [127, byte b, byte c, byte d] when b != 0 => $"192.{b}.{c}.{d}",
            [192, 168, >= 204 and <= 207, _] => peer.Address.MapToIPv4().ToString(),
            _ => null,
        };

    public static IPAddress ToLoopback(string nodeIp)
    {
        byte[] bytes = IPAddress.Parse(nodeIp).GetAddressBytes();
        bytes[0] = 127;
        return new IPAddress(bytes);
    }
}
