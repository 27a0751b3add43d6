namespace WaltG5k.Testbed.Time;

/// <summary>A timer of a <see cref="VirtualClock"/>; its fields belong to the clock's lock.</summary>
sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, bool isDriving) : ITimer, IThreadPoolWorkItem
{
    readonly ExecutionContext? _context = ExecutionContext.Capture();

    public static IComparer<VirtualTimer> ByDueTime { get; } = Comparer<VirtualTimer>.Create(static (a, b) =>
        a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));

    /// <summary>In ticks of the time that has passed on the clock.</summary>
    public long Due { get; set; }
    /// <summary>In ticks; 0: fires once.</summary>
    public long Period { get; set; }
    /// <summary>Timers due at the same moment fire in the order in which they were set.</summary>
    public long Sequence { get; set; }
    /// <summary>Whether a clock of speed 0 moves while it is set.</summary>
    public bool IsDriving => isDriving;
    public bool IsDisposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        RequireTimerValue(dueTime, nameof(dueTime));
        RequireTimerValue(period, nameof(period));
        return clock.Schedule(this, dueTime, period);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (IsDisposed) return;
        if (_context is null) callback(state);
        else ExecutionContext.Run(_context, static timer => ((VirtualTimer)timer!).Call(), this);
    }

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    void Call() => callback(state);

    static void RequireTimerValue(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(name);
    }
}
