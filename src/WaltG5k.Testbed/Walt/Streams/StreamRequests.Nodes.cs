namespace WaltG5k.Testbed.Walt.Streams;

internal static partial class StreamRequests
{
    /// <summary>What nodes ask for, and what leads to nodes. The server knows a node by the address it comes from.</summary>
    static StreamRequest[] NodeRequests() =>
    [
        new(11, "TCP_TO_NODE", StreamOpening.Parameters, ConnectNodeAsync),
        new(12, "FAKE_TFTP_GET", StreamOpening.Ready, SendBootFileAsync),
        new(14, "NOTIFY_BOOTUP_STATUS", StreamOpening.Text, FollowBootAsync),
    ];

    static WaltDevice? FindPeer(StreamCall call)
    {
        lock (call.Host.World.Sync) return call.Connection.NodeIp is string ip ? call.Host.Devices.ByIp(ip) : null;
    }

    static async Task SendBootFileAsync(StreamCall call)
    {
        if ((call.Parameters.GetValueOrDefault("node_mac") ?? call.Parameters.GetValueOrDefault("node_ip")) is not string id)
        {
            await call.WriteAsync("NO MAC OR IP SPECIFIED\n").ConfigureAwait(false);
            return;
        }
        string path = call.Text("path");
        byte[]? content;
        lock (call.Host.World.Sync)
        {
            WaltDevice? device = call.Host.Devices.ByMac(id) ?? call.Host.Devices.ByIp(id);
            content = device is { IsNode: true } ? call.Host.GetBootFile(device, path.TrimStart('/')) : null;
        }
        if (content is null)
        {
            await call.WriteAsync("NO SUCH FILE\n").ConfigureAwait(false);
            return;
        }
        await call.WriteAsync(FormattableString.Invariant($"OK\n{content.Length}\n")).ConfigureAwait(false);
        await call.Connection.WriteAsync(content, call.Stopped).ConfigureAwait(false);
    }

    static async Task FollowBootAsync(StreamCall call)
    {
        if (FindPeer(call) is not WaltDevice device) return;
        WaltHost host = call.Host;
        await call.WriteAsync("OK\n").ConfigureAwait(false);
        byte[] buffer = new byte[64];
        int connection = 0;
        try
        {
            while (await call.Connection.ReadAsync(buffer, call.Stopped).ConfigureAwait(false) > 0)
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
}
