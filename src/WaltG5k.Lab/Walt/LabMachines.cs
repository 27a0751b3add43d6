using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Lab.Network;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Lab.Walt;

/// <summary>The lab's nodes as the emulated WalT server meets them: real sockets, real files, a real node service.</summary>
/// <param name="requests">The journal of the HTTP service, in the form of journalctl's short-unix.</param>
sealed class LabMachines(NetworkNamespace server, BootFolders files, string requests) : IWaltMachines
{
    readonly Lock _lock = new();

    public TcpListener Listen(int port)
    {
        try
        {
            return server.Listen(new IPEndPoint(LabNetwork.Server, port));
        }
        catch (SocketException e)
        {
            throw LabErrors.PortTaken(port, e);
        }
    }

    public void Route(WaltDevice device, string imageId) => files.Route(device.Name, device.Ip, imageId);

    public byte[]? GetBootFile(string ip, string path) => files.Read(ip, path);

    public Task<string?> OrderAsync(string ip, string order) => NodeOrders.SendAsync(server, ip, order);

    public void NotifyServed(string ip, string path, int size, TimeSpan duration)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{now.ToUnixTimeMilliseconds() / 1000.0:0.000000} lab walt-httpd[1]: {ip} - - [{now:yyyy-MM-dd HH:mm:ss}] \"GET /boot/{path} HTTP/1.1\" 200 {size} {duration.TotalSeconds:0.000000}\n");
        lock (_lock) File.AppendAllText(requests, line);
    }
}
