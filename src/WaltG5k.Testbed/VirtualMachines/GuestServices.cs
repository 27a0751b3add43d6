using System.Globalization;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>
/// What listens in a guest, as others reach it: by ports of its node, or under its address. An sshd names its version, a web server says the guest's
/// name; behind any other port nobody is, which QEMU shows by a connection that ends at once.
/// </summary>
internal sealed class GuestServices : IDisposable
{
    const int Ssh = 22, Web = 80;
    readonly TestbedWorld _world;
    readonly List<(string Host, int Port)> _places = [];
    readonly List<LoopbackService> _services = [];

    public GuestServices(TestbedWorld world, Guest guest, IReadOnlyList<int> ports)
    {
        _world = world;
        if (guest.Specification.Bridge is null)
        {
            foreach ((int outer, int inner) in guest.Specification.Ports) Open(guest.Host.Name, outer, guest, inner);
        }
        else if (world.Guests.AddressOf(guest) is { } address)
        {
            foreach (int port in ports.Append(Ssh).Append(Web).Distinct()) Open(address, port, guest, port);
        }
    }

    void Open(string host, int port, Guest guest, int inner)
    {
        var service = new LoopbackService((socket, token) => ServeAsync(socket, guest, inner, token));
        _services.Add(service);
        _places.Add((host, port));
        _world.Endpoints[(host, port)] = service.EndPoint;
    }

    static async Task ServeAsync(Socket socket, Guest guest, int port, CancellationToken cancellationToken)
    {
        if (!guest.Answers || port is not (Ssh or Web)) return;
        string body = $"{guest.Name}\n";
        string answer = port == Ssh ? "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5\r\n"
            : string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        if (port == Web) await socket.ReceiveAsync(new byte[4096], cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(Encoding.ASCII.GetBytes(answer), cancellationToken).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
        // Until the other side has gone, too.
        if (port == Ssh) await socket.ReceiveAsync(new byte[4096], cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach ((string host, int port) in _places) _world.Endpoints.TryRemove((host, port), out _);
        foreach (LoopbackService service in _services) service.Dispose();
    }
}
