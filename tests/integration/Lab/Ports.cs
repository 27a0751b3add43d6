using System.Net;
using System.Net.Sockets;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>Ports of this machine that nobody listens at.</summary>
static class Ports
{
    /// <summary>Below the range from which the kernel takes the ports of outgoing connections.</summary>
    const int First = 20_000, Last = 32_000;

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int FindFree(int count)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int first = Random.Shared.Next(First, Last - count);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
        throw new InvalidOperationException($"No {count} free ports between {First} and {Last}.");
    }

    static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
