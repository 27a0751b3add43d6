using System.Net;
using System.Net.Sockets;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Testbed;

/// <summary>A clock of speed 0.</summary>
public sealed class ClockJumpModeTests : IDisposable
{
    static readonly DateTimeOffset s_start = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);
    readonly VirtualClock _clock = new(s_start, 0);
    readonly CancellationToken _limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public void Dispose() => _clock.Dispose();

    [Fact]
    public async Task Stands_still_until_something_waits_for_it()
    {
        await Task.Delay(30, _limit);
        Assert.Equal(s_start, _clock.GetUtcNow());
        await Task.Delay(TimeSpan.FromHours(1), _clock, _limit);
        Assert.Equal(s_start.AddHours(1), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(1), _clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task Wakes_many_waits_at_their_own_moments()
    {
        var random = new Random(7);
        TimeSpan[] waits = [.. Enumerable.Range(0, 500).Select(_ => TimeSpan.FromSeconds(random.Next(1, 60)))];
        await Task.WhenAll(waits.Select(async wait =>
        {
            await Task.Delay(wait, _clock, _limit);
            Assert.Equal(s_start + wait, _clock.GetUtcNow());
        }));
    }

    [Fact]
    public async Task A_chain_of_waits_sees_each_moment_exactly()
    {
        for (int i = 1; i <= 40; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(15), _clock, _limit);
            Assert.Equal(s_start.AddSeconds(15 * i), _clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task A_periodic_timer_ticks_without_drift()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), _clock);
        for (int i = 1; i <= 20; i++)
        {
            Assert.True(await timer.WaitForNextTickAsync(_limit));
            Assert.Equal(s_start.AddSeconds(10 * i), _clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task A_time_limit_strikes_before_a_longer_wait_and_not_before_a_shorter_one()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), _clock);
        await Task.Delay(TimeSpan.FromSeconds(59), _clock, limit.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(59), _clock, limit.Token));
        Assert.Equal(s_start.AddSeconds(60), _clock.GetUtcNow());
    }

    [Fact]
    public async Task A_disposed_timer_is_no_moment_to_go_to()
    {
        ITimer timer = _clock.CreateTimer(_ => throw new InvalidOperationException("fired"), null, TimeSpan.FromSeconds(10),
            Timeout.InfiniteTimeSpan);
        await timer.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(20), _clock, _limit);
        Assert.Equal(s_start.AddSeconds(20), _clock.GetUtcNow());
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_timer_without_delay_fires_at_once()
    {
        var fired = new TaskCompletionSource();
        using IDisposable busy = _clock.Busy();
        await using ITimer timer = _clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(_limit);
        Assert.Equal(s_start, _clock.GetUtcNow());
    }

    [Fact]
    public async Task Waits_for_an_open_busy_scope()
    {
        IDisposable busy = _clock.Busy();
        Task wait = Task.Delay(TimeSpan.FromSeconds(5), _clock, _limit);
        await Task.Delay(80, _limit);
        Assert.False(wait.IsCompleted);
        Assert.Equal(s_start, _clock.GetUtcNow());
        busy.Dispose();
        busy.Dispose();
        await wait;
    }

    [Fact]
    public async Task Waits_for_a_pool_thread_that_computes()
    {
        Task wait = Task.Delay(TimeSpan.FromSeconds(5), _clock, _limit);
        DateTimeOffset seen = default;
        await Task.Run(() =>
        {
            long until = Environment.TickCount64 + 20;
            while (Environment.TickCount64 < until) Thread.SpinWait(100);
            seen = _clock.GetUtcNow();
        }, _limit);
        await wait;
        Assert.Equal(s_start, seen);
    }

    [Fact]
    public async Task Goes_on_although_a_pool_thread_is_blocked()
    {
        using var release = new ManualResetEventSlim();
        Task blocked = Task.Run(() => release.Wait(_limit), _limit);
        for (int i = 0; i < 20; i++) await Task.Delay(TimeSpan.FromSeconds(5), _clock, _limit);
        release.Set();
        await blocked;
        Assert.Equal(s_start.AddSeconds(100), _clock.GetUtcNow());
    }

    [Fact]
    public async Task Goes_on_although_a_pool_thread_is_blocked_and_a_timer_ticks_elsewhere()
    {
        using var release = new ManualResetEventSlim();
        Task blocked = Task.Run(() => release.Wait(_limit), _limit);
        await using var elsewhere = new Timer(_ => { }, null, 0, 40);
        for (int i = 0; i < 5; i++) await Task.Delay(TimeSpan.FromSeconds(5), _clock, _limit);
        release.Set();
        await blocked;
        Assert.Equal(s_start.AddSeconds(25), _clock.GetUtcNow());
    }

    [Fact]
    public async Task Data_on_their_way_through_a_socket_come_before_a_time_limit()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, _limit);
        using TcpClient server = await listener.AcceptTcpClientAsync(_limit);
        Task echo = Task.Run(async () =>
        {
            byte[] data = new byte[1];
            while (await server.GetStream().ReadAsync(data, _limit) > 0) await server.GetStream().WriteAsync(data, _limit);
        }, _limit);
        byte[] buffer = new byte[1];
        for (int i = 0; i < 500; i++)
        {
            using var answerLimit = new CancellationTokenSource(TimeSpan.FromMilliseconds(1), _clock);
            await client.GetStream().WriteAsync(buffer, answerLimit.Token);
            Assert.Equal(1, await client.GetStream().ReadAsync(buffer, answerLimit.Token));
        }
        client.Client.Shutdown(SocketShutdown.Send);
        await echo;
    }

    [Fact]
    public async Task Two_clocks_go_on_side_by_side()
    {
        using var other = new VirtualClock(s_start, 0);
        async Task Run(VirtualClock clock)
        {
            for (int i = 0; i < 30; i++) await Task.Delay(TimeSpan.FromSeconds(3), clock, _limit);
        }
        await Task.WhenAll(Run(_clock), Run(other));
        Assert.Equal(s_start.AddSeconds(90), _clock.GetUtcNow());
        Assert.Equal(s_start.AddSeconds(90), other.GetUtcNow());
    }

    [Fact]
    public async Task A_jump_fires_what_is_due_by_then()
    {
        using IDisposable busy = _clock.Busy();
        Task due = Task.Delay(TimeSpan.FromMinutes(5), _clock, _limit);
        Task later = Task.Delay(TimeSpan.FromHours(2), _clock, _limit);
        _clock.Jump(TimeSpan.FromHours(1));
        await due.WaitAsync(_limit);
        Assert.False(later.IsCompleted);
        Assert.Equal(s_start.AddHours(1), _clock.GetUtcNow());
    }

    [Fact]
    public async Task A_callback_sees_the_context_in_which_its_timer_was_made()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        var seen = new TaskCompletionSource<string?>();
        await using ITimer timer = _clock.CreateTimer(_ => seen.SetResult(local.Value), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        local.Value = "changed";
        Assert.Equal("mine", await seen.Task.WaitAsync(_limit));
    }

    [Fact]
    public async Task A_testbeds_clock_moves_only_while_a_client_waits()
    {
        using var clock = new VirtualClock(s_start, 0, forClientsOnly: true);
        List<TimeSpan> rounds = [];
        await using ITimer service = clock.CreateTimer(_ =>
        {
            lock (rounds) rounds.Add(clock.GetUtcNow() - s_start);
        }, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        await Task.Delay(60, _limit);
        Assert.Equal(s_start, clock.GetUtcNow());
        await Task.Delay(TimeSpan.FromSeconds(35), clock.ForClients, _limit);
        await Task.Delay(60, _limit);
        Assert.Equal(s_start.AddSeconds(35), clock.GetUtcNow());
        Assert.Equal([10, 20, 30], rounds.Select(r => r.TotalSeconds));
    }

    [Fact]
    public async Task A_clients_time_limit_that_was_not_needed_does_not_keep_the_clock_moving()
    {
        using var clock = new VirtualClock(s_start, 0, forClientsOnly: true);
        await using ITimer service = clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        using (new CancellationTokenSource(TimeSpan.FromHours(1), clock.ForClients))
            await Task.Delay(TimeSpan.FromSeconds(5), clock.ForClients, _limit);
        DateTimeOffset after = clock.GetUtcNow();
        await Task.Delay(60, _limit);
        Assert.Equal(after, clock.GetUtcNow());
    }

    [Fact]
    public async Task A_wait_for_something_else_moves_a_testbeds_clock_from_timer_to_timer()
    {
        using var clock = new VirtualClock(s_start, 0, forClientsOnly: true);
        var answer = new TaskCompletionSource();
        await using ITimer service = clock.CreateTimer(_ => answer.SetResult(), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        await Task.Delay(30, _limit);
        Assert.False(answer.Task.IsCompleted);
        using (clock.Await()) await answer.Task.WaitAsync(_limit);
        Assert.Equal(s_start.AddSeconds(10), clock.GetUtcNow());
    }
}
