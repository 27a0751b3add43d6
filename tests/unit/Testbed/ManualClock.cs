namespace WaltG5k.Tests.Testbed;

/// <summary>A clock that a test moves: timers fire on the test's own thread, in the order of their dates.</summary>
sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    readonly Lock _sync = new();
    readonly List<Timer> _timers = [];
    DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => _now.UtcTicks;

    /// <summary>How many timers are set: none when nothing will ever happen by itself.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_sync) return _timers.Count(t => t.Due is not null);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        DateTimeOffset end = _now + time;
        while (FireNext(end))
        {
        }
        _now = end;
    }

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Goes from timer to timer until a task has ended.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (!FireNext(DateTimeOffset.MaxValue)) await Task.Delay(1);
        }
        return await task;
    }

    bool FireNext(DateTimeOffset end)
    {
        Timer? next;
        lock (_sync)
        {
            next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is null) return false;
            if (next.Due > _now) _now = next.Due.Value;
            next.Due = null;
        }
        next.Fire();
        return true;
    }

    sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._sync)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                if (!clock._timers.Contains(this)) clock._timers.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._sync) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
