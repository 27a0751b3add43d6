namespace WaltG5k.Testbed.Walt.Streams;

internal static partial class StreamRequests
{
    static StreamRequest[] DeviceRequests() => [new(5, "DEVICE_PING", StreamOpening.Ready, PingAsync)];

    /// <summary><c>ping</c> on the server: it goes on until the client goes.</summary>
    static async Task PingAsync(StreamCall call)
    {
        string ip = call.Text("device_ip");
        await call.WriteLineAsync($"PING {ip} ({ip}) 56(84) bytes of data.").ConfigureAwait(false);
        using CancellationTokenSource gone = call.WatchClient();
        for (int number = 1; !gone.IsCancellationRequested; number++)
        {
            bool answers = Answers(call.Host, ip);
            // Addresses that nobody has are reported after three seconds of asking for them.
            await Task.Delay(TimeSpan.FromSeconds(answers ? number == 1 ? 0 : 1 : number == 1 ? 3 : 1), call.Host.World.Time, gone.Token)
                .ConfigureAwait(false);
            await call.WriteLineAsync(answers
                ? FormattableString.Invariant($"64 bytes from {ip}: icmp_seq={number} ttl=64 time=0.{200 + number * 37 % 60} ms")
                : FormattableString.Invariant($"From 192.168.204.1 icmp_seq={number} Destination Host Unreachable")).ConfigureAwait(false);
        }
    }

    static bool Answers(WaltHost host, string ip)
    {
        lock (host.World.Sync) return host.Devices.ByIp(ip) is WaltDevice device && host.IsReachable(device);
    }
}
