namespace WaltG5k.IntegrationTests;

/// <summary>Real time, some times faster.</summary>
sealed class FastTime(double speed) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    public override long TimestampFrequency => (long)(base.TimestampFrequency / speed);

    TimeSpan Shorten(TimeSpan time) => time <= TimeSpan.Zero ? time : time / speed;
}
