using System.Net.Sockets;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>
/// Makes the schedulers run every second. By itself OAR looks at its jobs when something happens and else once a minute, so that a reservation starts
/// up to a minute late.
/// </summary>
sealed class SchedulerTicker : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly Task _ticking;

    public SchedulerTicker(IReadOnlyList<int> almightyPorts) => _ticking = TickAsync(almightyPorts);

    async Task TickAsync(IReadOnlyList<int> ports)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            foreach (int port in ports) await OrderAsync(port);
        }
        while (await timer.WaitForNextTickAsync(_stop.Token).AsTask()
            .ContinueWith(t => t.IsCompletedSuccessfully && t.Result, TaskScheduler.Default));
    }

    /// <summary>OAR's server takes the word from anybody.</summary>
    public static async Task OrderAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            await client.GetStream().WriteAsync("Scheduling\n"u8.ToArray());
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // The server is down: a test wants it so.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ticking;
        _stop.Dispose();
    }
}
