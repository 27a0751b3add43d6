using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// Addresses of the WalT network on the loopback interface: 192.168.204.2 is 127.168.204.2 there, so that a program that plays a node is known by its
/// address as a real node is.
/// </summary>
internal static class NodeAddresses
{
    public static string? GetNodeIp(Socket socket)
        => socket.RemoteEndPoint is IPEndPoint peer && peer.Address.MapToIPv4().GetAddressBytes() is [127, byte b, byte c, byte d] && b != 0 ? $"192.{b}.{c}.{d}" : null;

    public static IPAddress ToLoopback(string nodeIp)
    {
        byte[] bytes = IPAddress.Parse(nodeIp).GetAddressBytes();
        bytes[0] = 127;
        return new IPAddress(bytes);
    }
}
