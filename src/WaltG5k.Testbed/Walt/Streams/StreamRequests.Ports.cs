using System.IO.Pipelines;
using System.Text;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>Connections to ports of nodes: their sshd and their own service listen.</summary>
internal static partial class StreamRequests
{
    const int SshPort = 22, ServicePort = 12346;

    /// <summary>This request has no READY: its first line tells how the connection went.</summary>
    static async Task ConnectNodeAsync(StreamCall call)
    {
        WaltDevice? device;
        lock (call.Host.World.Sync) device = call.Host.Devices.ByIp(call.Text("node_ip"));
        long port = call.Parameters.GetValueOrDefault("node_port") as long? ?? throw new FormatException("parameter node_port");
        bool isUp = device is { IsNode: true } && call.Host.PowerOf(device) == NodePower.Up;
        if (!isUp || port is not (SshPort or ServicePort))
        {
            await call.WriteAsync(isUp ? "[Errno 111] Connection refused\n" : "[Errno 113] No route to host\n").ConfigureAwait(false);
            return;
        }
        await call.WriteAsync("OK\n").ConfigureAwait(false);
        if (port == ServicePort) await ServeNodeAsync(call, device!).ConfigureAwait(false);
        else await GreetAsync(call).ConfigureAwait(false);
    }

    /// <summary>sshd says who it is and waits for the client to do the same; an emulated one goes no further.</summary>
    static async Task GreetAsync(StreamCall call)
    {
        await call.WriteAsync("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n").ConfigureAwait(false);
        using CancellationTokenSource gone = call.WatchClient();
        try { await Task.Delay(TimeSpan.FromSeconds(120), call.Host.World.Time, gone.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) when (!call.Stopped.IsCancellationRequested) { /* the client has gone */ }
    }

    static async Task ServeNodeAsync(StreamCall call, WaltDevice device)
    {
        Pipe input = new(), output = new();
        Task serving = RunAsync();
        Task reading = FeedAsync(call, input.Writer);
        byte[] buffer = new byte[1024];
        using Stream answers = output.Reader.AsStream();
        for (int count; (count = await answers.ReadAsync(buffer, call.Stopped).ConfigureAwait(false)) > 0;)
            await call.WriteAsync(Encoding.UTF8.GetString(buffer, 0, count)).ConfigureAwait(false);
        await serving.ConfigureAwait(false);
        _ = reading;

        async Task RunAsync()
        {
            try { await call.Host.ServiceOf(device).RunAsync(input.Reader.AsStream(), output.Writer.AsStream(), call.Stopped).ConfigureAwait(false); }
            finally { await output.Writer.CompleteAsync().ConfigureAwait(false); }
        }
    }

    static async Task FeedAsync(StreamCall call, PipeWriter writer)
    {
        byte[] buffer = new byte[1024];
        try
        {
            for (int count; (count = await call.Connection.ReadAsync(buffer, call.Stopped).ConfigureAwait(false)) > 0;)
                await writer.WriteAsync(buffer.AsMemory(0, count), call.Stopped).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The same as the end of what the client sends.
        }
        await writer.CompleteAsync().ConfigureAwait(false);
    }
}
