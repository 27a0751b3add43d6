using System.Net.Sockets;
using System.Text;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// A connection to tcp 12347: the boot notification (id 14) and incoming logs (id 0), the two that need no pickled parameters. The server knows a node by
/// the address it comes from.
/// </summary>
internal sealed class NodeStream(WaltHost host, Socket socket)
{
    public async Task RunAsync(CancellationToken stopped)
    {
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream, Encoding.UTF8);
        string? request = await reader.ReadLineAsync(stopped).ConfigureAwait(false);
        WaltDevice? device = null;
        lock (host.World.Sync)
        {
            if (NodeAddresses.GetNodeIp(socket) is string ip) device = host.Devices.ByIp(ip);
        }
        if (device is null) return;
        if (request is "14" or "REQ_NOTIFY_BOOTUP_STATUS") await FollowAsync(device, stream, reader, stopped).ConfigureAwait(false);
        else if (request is "0" or "REQ_NEW_INCOMING_LOGS") await ReadLogsAsync(device, reader, stopped).ConfigureAwait(false);
    }

    async Task FollowAsync(WaltDevice device, NetworkStream stream, StreamReader reader, CancellationToken stopped)
    {
        await stream.WriteAsync("OK\n"u8.ToArray(), stopped).ConfigureAwait(false);
        char[] buffer = new char[64];
        int connection = 0;
        try
        {
            while (await reader.ReadAsync(buffer, stopped).ConfigureAwait(false) > 0)
            {
                // The first byte says "booted", the later ones "still there".
                if (connection != 0) continue;
                lock (host.World.Sync)
                {
                    host.MarkBooted(device);
                    connection = device.ConnectionGeneration;
                }
            }
        }
        finally
        {
            // Only the latest connection of a node counts.
            lock (host.World.Sync)
            {
                if (connection != 0 && device.ConnectionGeneration == connection) host.MarkDown(device, WaltHost.Disconnection);
            }
        }
    }

    async Task ReadLogsAsync(WaltDevice device, StreamReader reader, CancellationToken stopped)
    {
        string? name = await reader.ReadLineAsync(stopped).ConfigureAwait(false);
        bool hasTimes = await reader.ReadLineAsync(stopped).ConfigureAwait(false) == "TIMESTAMPS_INSIDE";
        while (await reader.ReadLineAsync(stopped).ConfigureAwait(false) is string line && line != "CLOSE")
        {
            string text = hasTimes && line.IndexOf(' ', StringComparison.Ordinal) is > 0 and int blank ? line[(blank + 1)..] : line;
            lock (host.World.Sync) host.Log(text, name ?? "", device.Name);
        }
    }
}
