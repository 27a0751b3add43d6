namespace WaltG5k.Testbed.Time;

/// <summary>
/// Tells when nothing happens in the process: no work waits for a thread of the pool, none was completed for some checks in a row, and no thread of the
/// pool is at work. A socket's data on its way makes work within the time of those checks. Other work in the process (another clock, another test)
/// can only delay the finding, never hasten it.
/// </summary>
sealed class ProcessQuiescence
{
    public static TimeSpan CheckInterval { get; } = TimeSpan.FromMilliseconds(1);
    const int QuietChecks = 3;
    // A pool thread that completes nothing for so many checks is held by someone who waits in it; that one is not waited for any longer.
    const int PatienceChecks = 50;

    long _completed;
    int _quiet;
    int _heldThreads;

    /// <summary>One look; to be called every <see cref="CheckInterval"/>. True when the process is quiescent.</summary>
    public bool Check()
    {
        long completed = ThreadPool.CompletedWorkItemCount;
        int active = CountActiveThreads();
        _heldThreads = Math.Min(_heldThreads, active);
        if (ThreadPool.PendingWorkItemCount > 0 || completed != _completed)
        {
            _completed = completed;
            _quiet = 0;
            return false;
        }
        _quiet++;
        if (active > _heldThreads)
        {
            if (_quiet < PatienceChecks) return false;
            _heldThreads = active;
        }
        return _quiet >= QuietChecks;
    }

    public void Reset() => _quiet = 0;

    static int CountActiveThreads()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return most - available;
    }
}
