namespace WaltG5k.Testbed.Time;

/// <summary>
/// Tells when nothing happens in the process: no work waits for a thread of the pool, none was completed for some looks in a row, and no thread is at
/// work. A socket's data on its way makes work within the time of those looks. Other work in the process (another clock, another test) can only delay
/// the finding, never hasten it.
/// </summary>
sealed class ProcessQuiescence : IDisposable
{
    public static TimeSpan CheckInterval { get; } = TimeSpan.FromMilliseconds(1);
    const int QuietChecks = 3;
    // Where the system does not tell what threads do: pool threads that are in use at so many looks in a row are held by someone who waits in them.
    const int HeldChecks = 60;

    readonly int[] _recentlyActive = new int[HeldChecks];
    readonly ThreadStates? _threads = OperatingSystem.IsLinux() ? new ThreadStates() : null;
    int _look;
    long _completed;
    int _quiet;

    /// <summary>One look; to be called every <see cref="CheckInterval"/>. True when the process is quiescent.</summary>
    public bool Check()
    {
        long completed = ThreadPool.CompletedWorkItemCount;
        int active = CountPoolThreads();
        _recentlyActive[_look++ % HeldChecks] = active;
        if (ThreadPool.PendingWorkItemCount > 0 || completed != _completed)
        {
            _completed = completed;
            _quiet = 0;
            return false;
        }
        // The threads are looked at last: that is dear, and who runs then is seen, whatever was before.
        if (++_quiet < QuietChecks) return false;
        if (active == 0 || !IsAtWork(active)) return true;
        _quiet = 0;
        return false;
    }

    public void Reset() => _quiet = 0;

    public void Dispose()
    {
        if (OperatingSystem.IsLinux()) _threads?.Dispose();
    }

    /// <summary>Whether a thread other than this one does something. A thread of the pool that does not is held by someone who waits in it.</summary>
    bool IsAtWork(int active) => OperatingSystem.IsLinux() && _threads is { } threads ? threads.CountActive() > 1 : active > _recentlyActive.Min();

    static int CountPoolThreads()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return most - available;
    }
}
