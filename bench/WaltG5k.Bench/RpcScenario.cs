using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;

namespace WaltG5k.Bench;

/// <summary>
/// RPC calls per second over the loopback interface, one after the other and eight at a time, each with one callback of the server.
/// </summary>
static class RpcScenario
{
    const int Calls = 4_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener);
        await using WaltServer server = new(new Loopback((IPEndPoint)listener.LocalEndpoint), "server", "bench", TimeProvider.System);
        await MeasureAsync(server, 1, Calls / 4);
        double alone = await MeasureAsync(server, 1, Calls), together = await MeasureAsync(server, 8, Calls);
        listener.Stop();
        await serving;
        return [AtLeast("RPC calls per second, one after the other", alone, 2_000),
            AtLeast("RPC calls per second, eight at a time", together, 2_000)];
    }

    static Measurement AtLeast(string name, double value, double limit) =>
        new(name, FormattableString.Invariant($"{value:0} /s"), FormattableString.Invariant($">= {limit:0} /s"), value >= limit);

    static async Task<double> MeasureAsync(WaltServer server, int parallel, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < calls / parallel; i++) await server.GetTimeAsync();
        })));
        return calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static async Task ServeAsync(TcpListener listener)
    {
        try
        {
            while (true) _ = AnswerAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    static async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            using StreamReader reader = new(stream, Encoding.UTF8);
            await reader.ReadLineAsync();
            await reader.ReadLineAsync();
            await stream.WriteAsync("10.0\n"u8.ToArray());
            while (await reader.ReadLineAsync() is not null)
            {
                await stream.WriteAsync("('API_CALL', 'get_username', (), {})\n"u8.ToArray());
                if (await reader.ReadLineAsync() is null) return;
                await stream.WriteAsync("('RESULT', 1774342800.5)\n"u8.ToArray());
            }
        }
    }

    sealed class Loopback(IPEndPoint endpoint) : IFrontend
    {
        public string Site => "";
        public string Name => "loopback";
        public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
            CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
