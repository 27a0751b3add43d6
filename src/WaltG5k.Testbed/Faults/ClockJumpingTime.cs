using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Faults;

/// <summary>The clock as a testbed's user gets it: at his first wait, the fault <c>clock-jumps</c> strikes if it was asked for.</summary>
sealed class ClockJumpingTime(VirtualClock clock, FaultBox faults) : TimeProvider
{
    bool _jumped;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;
    public override long TimestampFrequency => clock.TimestampFrequency;
    public override long GetTimestamp() => clock.GetTimestamp();
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = clock.ForClients.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && !Interlocked.Exchange(ref _jumped, true) && faults.Take(FaultNames.ClockJumps) is { } jump)
            clock.Jump(jump.GetSeconds());
        return timer;
    }
}
