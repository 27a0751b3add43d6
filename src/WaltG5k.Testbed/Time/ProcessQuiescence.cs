namespace WaltG5k.Testbed.Time;

/// <summary>
/// Tells when nothing happens in the process: no work waits for a thread of the pool, none was completed for some looks in a row, and no thread is at
/// work. A socket's data on its way makes work within the time of those looks. Other work in the process (another clock, another test) can only delay
/// the finding, never hasten it.
/// </summary>
sealed class ProcessQuiescence
{
    public static TimeSpan CheckInterval { get; } = TimeSpan.FromMilliseconds(1);
    const int QuietChecks = 3;
    // Where the system does not tell what threads do: pool threads that are in use at so many looks in a row are held by someone who waits in them.
    const int HeldChecks = 60;

    readonly int[] _recentlyActive = new int[HeldChecks];
    int _look;
    long _completed;
    int _quiet;

    /// <summary>One look; to be called every <see cref="CheckInterval"/>. True when the process is quiescent.</summary>
    public bool Check()
    {
        long completed = ThreadPool.CompletedWorkItemCount;
        int active = CountActiveThreads();
        _recentlyActive[_look++ % HeldChecks] = active;
        if (ThreadPool.PendingWorkItemCount > 0 || completed != _completed || IsAtWork(active))
        {
            _completed = completed;
            _quiet = 0;
            return false;
        }
        return ++_quiet >= QuietChecks;
    }

    public void Reset() => _quiet = 0;

    bool IsAtWork(int active) => active > 0 && (OperatingSystem.IsLinux() ? IsAnyThreadRunning() : active > _recentlyActive.Min());

    /// <summary>
    /// Whether a thread other than this one runs, or waits for a disk: a synced write may take long on a busy machine, and uses no processor time. A thread
    /// of the pool that does neither is held by someone who waits in it.
    /// </summary>
    static bool IsAnyThreadRunning()
    {
        int running = 0;
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                string stat = File.ReadAllText(Path.Combine(thread, "stat"));
                int name = stat.LastIndexOf(')');   // "id (name) state …", and a name may hold blanks
                if (name >= 0 && stat.Length > name + 2 && stat[name + 2] is 'R' or 'D') running++;
            }
            catch (IOException) { /* it has ended meanwhile */ }
        }
        return running > 1;
    }

    static int CountActiveThreads()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return most - available;
    }
}
