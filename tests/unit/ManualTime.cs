namespace WaltG5k.Tests;

/// <summary>
/// A clock that stands still and is moved by the test. <see cref="RunAsync"/> moves it to the next timer whenever the code under test waits, so that
/// nothing really waits.
/// </summary>
sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<ManualTimer> _timers = [];
    DateTimeOffset _now = start ?? new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    TimeSpan _elapsed;

    public TimeSpan Elapsed => _elapsed;
    /// <summary>How many timers are set: none when nothing will ever happen by itself.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_lock) return _timers.Count;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => _elapsed.Ticks;
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>
    /// Runs it to its end; the clock jumps from timer to timer. Code and timers run on one thread without a synchronization context: what a timer
    /// releases has run up to its next wait before the clock jumps again.
    /// </summary>
    public Task<T> RunAsync<T>(Func<Task<T>> body) => Task.Run(async () =>
    {
        Task<T> task = body();
        while (!task.IsCompleted)
        {
            if (!FireNextTimer()) await Task.Delay(1);
        }
        return await task;
    });

    public Task RunAsync(Func<Task> body) => RunAsync(async () =>
    {
        await body();
        return true;
    });

    /// <summary>Lets time pass; what is due meanwhile happens on the caller's thread.</summary>
    public void Advance(TimeSpan time)
    {
        TimeSpan end = _elapsed + time;
        while (FireNextTimer(end))
        {
        }
        lock (_lock)
        {
            _now += end - _elapsed;
            _elapsed = end;
        }
    }

    bool FireNextTimer(TimeSpan? limit = null)
    {
        ManualTimer? next;
        lock (_lock)
        {
            next = _timers.MinBy(t => t.Due);
            if (next is null || next.Due > limit) return false;
            _timers.Remove(next);
            TimeSpan step = next.Due - _elapsed;
            _elapsed += step;
            _now += step;
        }
        next.Fire();
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._elapsed + dueTime;
                time._timers.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
