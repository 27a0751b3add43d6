namespace WaltG5k.Testbed.Time;

/// <summary>
/// Tells when nothing happens in the process: no work waits for a thread of the pool, none was completed for some checks in a row, and no thread of the
/// pool is at work, and the process uses no processor time. A socket's data on its way makes work within the time of those checks. Other work in the process (another clock, another test)
/// can only delay the finding, never hasten it.
/// </summary>
sealed class ProcessQuiescence
{
    public static TimeSpan CheckInterval { get; } = TimeSpan.FromMilliseconds(1);
    const int QuietChecks = 3;
    // A pool thread that completes nothing for so many checks, while the process hardly computes, is held by someone who waits in it; that one is not
    // waited for any longer. A thread that compiles or computes is waited for as long as it takes.
    const int PatienceChecks = 100;
    static readonly TimeSpan s_idleCost = TimeSpan.FromMilliseconds(0.5);

    long _completed;
    int _quiet;
    int _heldThreads;
    TimeSpan _cost;

    /// <summary>One look; to be called every <see cref="CheckInterval"/>. True when the process is quiescent.</summary>
    public bool Check()
    {
        long completed = ThreadPool.CompletedWorkItemCount;
        int active = CountActiveThreads();
        TimeSpan cost = Environment.CpuUsage.TotalTime;
        bool isComputing = cost - _cost > s_idleCost;
        _cost = cost;
        _heldThreads = Math.Min(_heldThreads, active);
        if (ThreadPool.PendingWorkItemCount > 0 || completed != _completed || isComputing)
        {
            _completed = completed;
            _quiet = 0;
            return false;
        }
        _quiet++;
        if (active > _heldThreads)
        {
            if (_quiet < PatienceChecks) return false;
            if (IsAnyThreadAtWork())
            {
                _quiet = 0;
                return false;
            }
            _heldThreads = active;
        }
        return _quiet >= QuietChecks;
    }

    public void Reset() => _quiet = 0;

    /// <summary>
    /// Whether a thread runs, or waits for a disk: a synced write may take long on a busy machine and uses no processor time. Linux tells; elsewhere the
    /// answer is no.
    /// </summary>
    static bool IsAnyThreadAtWork()
    {
        if (!OperatingSystem.IsLinux()) return false;
        int count = 0;
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                string stat = File.ReadAllText(Path.Combine(thread, "stat"));
                int name = stat.LastIndexOf(')');   // "pid (name) state …", and a name may hold blanks
                if (name >= 0 && stat.Length > name + 2 && stat[name + 2] is 'R' or 'D') count++;
            }
            catch (IOException) { /* it has ended meanwhile */ }
        }
        return count > 1;   // this one runs
    }

    static int CountActiveThreads()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return most - available;
    }
}
