using System.Diagnostics;

namespace WaltG5k.Testbed.Time;

/// <summary>
/// The testbed's clock. At a speed above 0 it runs that many times faster than the real one. At speed 0 it stands still while anything in the process
/// runs and jumps to the next timer once everything waits (see <see cref="ProcessQuiescence"/>), so that nothing ever really waits.
/// <para>
/// A testbed's own services set timers all the time: the end of each job, the next round of the scheduler. If they alone moved a clock of speed 0,
/// hours would go by between two commands of a user. Such a clock therefore moves for its clients only: while a timer of <see cref="ForClients"/> is
/// set.
/// </para>
/// </summary>
/// <remarks>
/// <see cref="GetUtcNow"/> is the wall clock, <see cref="GetTimestamp"/> and the timers follow the time that has passed; only <see cref="Jump"/> by a
/// negative amount tells them apart. Callbacks run on the thread pool.
/// </remarks>
public sealed class VirtualClock : TimeProvider, IDisposable
{
    readonly Lock _lock = new();
    readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    readonly bool _forClientsOnly;
    readonly DateTimeOffset _start;
    readonly long _realStart = Stopwatch.GetTimestamp();
    readonly Timer? _alarm;
    readonly JumpDriver? _driver;
    // Added to what the real clock gives: all of the time at speed 0, the forward jumps otherwise.
    long _skipped;
    long _setBack;
    long _sequence = 1;
    // How many of the timers set make a clock of speed 0 move.
    int _driving;
    int _busy;
    bool _disposed;

    /// <param name="start">The date that it shows now.</param>
    /// <param name="speed">Virtual seconds per real second; 0 to jump from timer to timer.</param>
    /// <param name="forClientsOnly">At speed 0, move only while a timer of <see cref="ForClients"/> is set.</param>
    public VirtualClock(DateTimeOffset start, double speed, bool forClientsOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(speed);
        if (!double.IsFinite(speed)) throw new ArgumentOutOfRangeException(nameof(speed));
        _start = start.ToUniversalTime();
        _forClientsOnly = forClientsOnly;
        ForClients = new ClientTime(this);
        Speed = speed;
        if (speed > 0) _alarm = new Timer(static clock => ((VirtualClock)clock!).FireDueTimers(), this, Timeout.Infinite, Timeout.Infinite);
        else _driver = new JumpDriver(this);
    }

    public double Speed { get; }
    /// <summary>The same clock for those who use the testbed: their waits are what makes it move.</summary>
    public TimeProvider ForClients { get; }
    public override TimeZoneInfo LocalTimeZone => ParisTime.Zone;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => GetElapsedTicks();
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetElapsedTicks() - Interlocked.Read(ref _setBack));

    /// <summary>Raised after <see cref="Jump"/>.</summary>
    public event Action? Jumped;

    /// <summary>
    /// Moves the clock, as when a machine wakes from sleep or its date is corrected. Forward: the time has passed, and every timer due by then fires
    /// now. Backward: only the date changes; time that has passed stays passed.
    /// </summary>
    public void Jump(TimeSpan by)
    {
        if (by < TimeSpan.Zero) Interlocked.Add(ref _setBack, -by.Ticks);
        else Interlocked.Add(ref _skipped, by.Ticks);
        FireDueTimers();
        Jumped?.Invoke();
    }

    /// <summary>
    /// Holds the clock at speed 0 until the result is disposed: for work that cannot be seen in the thread pool. Nothing at other speeds.
    /// </summary>
    public IDisposable Busy()
    {
        Interlocked.Increment(ref _busy);
        return new BusyScope(this);
    }

    /// <summary>
    /// Says, until the result is disposed, that somebody waits for something else than a timer of this clock, such as an answer through a socket: at
    /// speed 0 the clock moves meanwhile, from one timer to the next.
    /// </summary>
    public IDisposable Await()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _driving++;
                _driver?.Wake();
            }
        }
        return new AwaitScope(this);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        CreateTimer(callback, state, dueTime, period, isDriving: !_forClientsOnly);

    VirtualTimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period, bool isDriving)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state, isDriving);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Stops the clock's timers: none of them fires any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _timers.Clear();
            _driving = 0;
        }
        _alarm?.Dispose();
        _driver?.Dispose();
    }

    internal bool Schedule(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed) return false;
            Take(timer);
            if (_disposed || dueTime == Timeout.InfiniteTimeSpan) return true;
            long now = GetElapsedTicks();
            timer.Due = dueTime.Ticks > long.MaxValue - now ? long.MaxValue : now + dueTime.Ticks;
            timer.Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
            Put(timer);
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
            Take(timer);
        }
    }

    /// <summary>Whether somebody waits for whom a clock of speed 0 moves.</summary>
    internal bool IsAwaited
    {
        get { lock (_lock) return _driving > 0; }
    }

    internal bool IsBusy => Volatile.Read(ref _busy) > 0;

    /// <summary>Moves the time to the first timer and fires all that are due then.</summary>
    internal void JumpToNextTimer()
    {
        lock (_lock)
        {
            if (IsBusy || _driving == 0 || _timers.Min is not { } first || first.Due == long.MaxValue) return;
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
                Take(first);
                if (first.Period > 0)
                {
                    // Ticks missed by a jump are not made up for, as with the system's timers.
                    first.Due = Math.Max(first.Due + first.Period, now + 1);
                    Put(first);
                }
                ThreadPool.UnsafeQueueUserWorkItem(first, preferLocal: false);
            }
            if (_alarm is not null && _timers.Min is { } next) _alarm.Change(ToRealMilliseconds(next.Due - now), Timeout.Infinite);
        }
    }

    void Put(VirtualTimer timer)
    {
        timer.Sequence = _sequence++;
        _timers.Add(timer);
        if (timer.IsDriving) _driving++;
    }

    void Take(VirtualTimer timer)
    {
        if (_timers.Remove(timer) && timer.IsDriving) _driving--;
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

    void EndAwait()
    {
        lock (_lock)
        {
            if (!_disposed) _driving--;
        }
    }

    sealed class AwaitScope(VirtualClock clock) : IDisposable
    {
        VirtualClock? _clock = clock;

        public void Dispose() => Interlocked.Exchange(ref _clock, null)?.EndAwait();
    }

    sealed class ClientTime(VirtualClock clock) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;
        public override long TimestampFrequency => clock.TimestampFrequency;
        public override long GetTimestamp() => clock.GetTimestamp();
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period, isDriving: true);
    }
}
