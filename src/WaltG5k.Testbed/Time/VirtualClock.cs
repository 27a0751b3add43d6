using System.Diagnostics;

namespace WaltG5k.Testbed.Time;

/// <summary>
/// The testbed's clock. At a speed above 0 it runs that many times faster than the real one. At speed 0 it stands still while anything in the process
/// runs and jumps to the next timer once everything waits (see <see cref="ProcessQuiescence"/>), so that nothing ever really waits.
/// </summary>
/// <remarks>
/// <see cref="GetUtcNow"/> is the wall clock, <see cref="GetTimestamp"/> and the timers follow the time that has passed; only <see cref="Jump"/> by a
/// negative amount tells them apart. Callbacks run on the thread pool.
/// </remarks>
public sealed class VirtualClock : TimeProvider, IDisposable
{
    readonly Lock _lock = new();
    readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    readonly DateTimeOffset _start;
    readonly long _realStart = Stopwatch.GetTimestamp();
    readonly Timer? _alarm;
    readonly JumpDriver? _driver;
    // Added to what the real clock gives: all of the time at speed 0, the forward jumps otherwise.
    long _skipped;
    long _setBack;
    long _sequence = 1;
    int _busy;
    bool _disposed;

    /// <param name="start">The date that it shows now.</param>
    /// <param name="speed">Virtual seconds per real second; 0 to jump from timer to timer.</param>
    public VirtualClock(DateTimeOffset start, double speed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(speed);
        if (!double.IsFinite(speed)) throw new ArgumentOutOfRangeException(nameof(speed));
        _start = start.ToUniversalTime();
        Speed = speed;
        if (speed > 0) _alarm = new Timer(static clock => ((VirtualClock)clock!).FireDueTimers(), this, Timeout.Infinite, Timeout.Infinite);
        else _driver = new JumpDriver(this);
    }

    public double Speed { get; }
    public override TimeZoneInfo LocalTimeZone => ParisTime.Zone;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => GetElapsedTicks();
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetElapsedTicks() - Interlocked.Read(ref _setBack));

    /// <summary>Raised after <see cref="Jump"/>.</summary>
    public event Action? Jumped;

    /// <summary>
    /// Moves the clock, as when a machine wakes from sleep or its date is corrected. Forward: the time has passed, and every timer due by then fires now.
    /// Backward: only the date changes; time that has passed stays passed.
    /// </summary>
    public void Jump(TimeSpan by)
    {
        if (by < TimeSpan.Zero) Interlocked.Add(ref _setBack, -by.Ticks);
        else Interlocked.Add(ref _skipped, by.Ticks);
        FireDueTimers();
        Jumped?.Invoke();
    }

    /// <summary>Holds the clock at speed 0 until the result is disposed: for work that cannot be seen in the thread pool. Nothing at other speeds.</summary>
    public IDisposable Busy()
    {
        Interlocked.Increment(ref _busy);
        return new BusyScope(this);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// A timer for what happens by itself, such as the end of a job: at speed 0 the clock passes it on its way to what somebody waits for, and stands still
    /// when nobody waits for anything. Not set yet.
    /// </summary>
    public ITimer CreateBackgroundTimer(TimerCallback callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return new VirtualTimer(this, callback, state) { IsBackground = true };
    }

    /// <summary>Stops the clock's timers: none of them fires any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _timers.Clear();
        }
        _alarm?.Dispose();
        _driver?.Dispose();
    }

    internal bool Schedule(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed) return false;
            _timers.Remove(timer);
            if (_disposed || dueTime == Timeout.InfiniteTimeSpan) return true;
            long now = GetElapsedTicks();
            timer.Due = dueTime.Ticks > long.MaxValue - now ? long.MaxValue : now + dueTime.Ticks;
            timer.Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
            timer.Sequence = _sequence++;
            _timers.Add(timer);
            _driver?.Wake();
        }
        FireDueTimers();
        return true;
    }

    internal void Remove(VirtualTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    /// <summary>Whether somebody waits for a timer.</summary>
    internal bool HasTimers
    {
        get { lock (_lock) return _timers.Any(t => !t.IsBackground); }
    }

    internal bool IsBusy => Volatile.Read(ref _busy) > 0;

    /// <summary>Moves the time to the first timer and fires all that are due then.</summary>
    internal void JumpToNextTimer()
    {
        lock (_lock)
        {
            if (IsBusy || !HasTimers || _timers.Min is not { } first || first.Due == long.MaxValue) return;
            long now = GetElapsedTicks();
            if (first.Due > now) Interlocked.Add(ref _skipped, first.Due - now);
        }
        FireDueTimers();
    }

    long GetElapsedTicks() =>
        Interlocked.Read(ref _skipped) + (Speed > 0 ? (long)(Stopwatch.GetElapsedTime(_realStart).Ticks * Speed) : 0);

    void FireDueTimers()
    {
        lock (_lock)
        {
            if (_disposed) return;
            long now = GetElapsedTicks();
            while (_timers.Min is { } first && first.Due <= now)
            {
                _timers.Remove(first);
                if (first.Period > 0)
                {
                    // Ticks missed by a jump are not made up for, as with the system's timers.
                    first.Due = Math.Max(first.Due + first.Period, now + 1);
                    first.Sequence = _sequence++;
                    _timers.Add(first);
                }
                ThreadPool.UnsafeQueueUserWorkItem(first, preferLocal: false);
            }
            if (_alarm is not null && _timers.Min is { } next) _alarm.Change(ToRealMilliseconds(next.Due - now), Timeout.Infinite);
        }
    }

    // Rounded up, so that a timer never fires early; the upper bound is what a system timer takes (it is then set again).
    long ToRealMilliseconds(long virtualTicks) =>
        Math.Clamp((long)Math.Min(Math.Ceiling(virtualTicks / Speed / TimeSpan.TicksPerMillisecond), int.MaxValue), 1, int.MaxValue);

    sealed class BusyScope(VirtualClock clock) : IDisposable
    {
        VirtualClock? _clock = clock;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _clock, null) is { } clock) Interlocked.Decrement(ref clock._busy);
        }
    }
}
