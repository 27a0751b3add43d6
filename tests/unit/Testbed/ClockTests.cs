using System.Diagnostics;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Testbed;

/// <summary>A clock that runs faster than the real one.</summary>
public class ClockTests
{
    static readonly DateTimeOffset s_start = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_wait_takes_its_time_divided_by_the_speed_and_never_ends_early()
    {
        using var clock = new VirtualClock(s_start, 1000);
        long real = Stopwatch.GetTimestamp();
        long started = clock.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(60), clock);
        Assert.True(clock.GetElapsedTime(started) >= TimeSpan.FromSeconds(60));
        Assert.InRange(Stopwatch.GetElapsedTime(real), TimeSpan.FromMilliseconds(60), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_date_and_the_time_stamps_agree()
    {
        using var clock = new VirtualClock(s_start, 3600);
        await Task.Delay(TimeSpan.FromMinutes(1), clock);
        TimeSpan before = clock.GetElapsedTime(0);
        TimeSpan byDate = clock.GetUtcNow() - s_start;
        Assert.InRange(byDate, before, clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task Shorter_waits_end_first_though_set_later()
    {
        using var clock = new VirtualClock(s_start, 1000);
        List<int> order = [];
        await Task.WhenAll(new[] { 90, 60, 30 }.Select(async seconds =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
            lock (order) order.Add(seconds);
        }));
        Assert.Equal([30, 60, 90], order);
    }

    [Fact]
    public async Task A_periodic_timer_goes_on_ticking()
    {
        using var clock = new VirtualClock(s_start, 1000);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), clock);
        for (int i = 0; i < 5; i++) Assert.True(await timer.WaitForNextTickAsync());
        Assert.True(clock.GetUtcNow() >= s_start.AddSeconds(25));
    }

    [Fact]
    public async Task A_forward_jump_is_time_that_has_passed()
    {
        using var clock = new VirtualClock(s_start, 1);
        Task wait = Task.Delay(TimeSpan.FromHours(1), clock);
        clock.Jump(TimeSpan.FromHours(2));
        await wait.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(clock.GetUtcNow() >= s_start.AddHours(2));
    }

    [Fact]
    public void A_backward_jump_changes_the_date_only()
    {
        using var clock = new VirtualClock(s_start, 1);
        long before = clock.GetTimestamp();
        clock.Jump(TimeSpan.FromHours(-2));
        Assert.True(clock.GetTimestamp() >= before);
        Assert.InRange(clock.GetUtcNow(), s_start.AddHours(-2), s_start.AddHours(-1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_a_speed_that_is_none(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualClock(s_start, speed).Dispose());

    [Theory]
    [InlineData("2026-03-29T00:59:59Z", 1)]
    [InlineData("2026-03-29T01:00:00Z", 2)]
    [InlineData("2026-10-25T00:59:59Z", 2)]
    [InlineData("2026-10-25T01:00:00Z", 1)]
    public void Its_local_time_is_that_of_Paris_with_or_without_the_systems_data(string utc, int hours)
    {
        var moment = DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture);
        using var clock = new VirtualClock(moment, 0);
        Assert.Equal(TimeSpan.FromHours(hours), clock.GetLocalNow().Offset);
        Assert.Equal(TimeSpan.FromHours(hours), ParisTime.CreateZone().GetUtcOffset(moment));
    }
}
