using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Testbed.Oar;

/// <summary>
/// OAR of one site: its resources, its jobs, its scheduler. It acts at dates that it notes in its jobs (<see cref="JobProgress.Due"/>), with one
/// timer set to the next of them, so that a saved server goes on where it was. Every member takes the world's lock by itself.
/// </summary>
public sealed partial class OarServer : IDisposable
{
    /// <summary>What OAR leaves between two jobs on the same resources (SCHEDULER_JOB_SECURITY_TIME).</summary>
    public const int SecuritySeconds = 60;
    /// <summary>Between two runs of the scheduler when nothing else happens.</summary>
    const int IdlePeriod = 60;

    readonly TestbedWorld _world;
    readonly IJobRunner? _runner;
    readonly ITimer _timer;
    readonly SortedDictionary<long, OarJob> _jobs = [];
    readonly SortedDictionary<long, OarJob> _open = [];
    readonly List<Action> _afterLock = [];
    readonly Random _random;
    long? _nextRun;
    long _lastEventId;
    bool _disposed;

    /// <param name="runner">Runs the commands of jobs; null: a command only sleeps until the walltime.</param>
    public OarServer(TestbedWorld world, SiteModel site, long firstJobId, IJobRunner? runner)
    {
        _world = world;
        _runner = runner;
        Table = new ResourceTable(site);
        NextJobId = firstJobId;
        _random = new Random((int)(world.Faults.Jitter() * 1_000_000));
        _timer = world.Time.CreateTimer(_ => Change(() => true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ResourceTable Table { get; }
    public string Site => Table.Site;
    /// <summary>Now, epoch seconds.</summary>
    public long Now => _world.Time.GetUtcNow().ToUnixTimeSeconds();
    public long NextJobId { get; private set; }

    /// <summary>All jobs in the order of their ids. To be read under the world's lock.</summary>
    public IReadOnlyDictionary<long, OarJob> Jobs => _jobs;
    /// <summary>Those that have not ended.</summary>
    public IEnumerable<OarJob> OpenJobs => _open.Values;

    /// <summary>Reads under the lock, with the random source that shuffles what OAR prints in no order.</summary>
    public T Read<T>(Func<Random, T> read)
    {
        lock (_world.Sync) return read(_random);
    }

    public OarJob? Find(long id) => _jobs.GetValueOrDefault(id);

    /// <summary>Whether a request could ever run, as oarsub checks it: Dead nodes do not count, Absent ones do.</summary>
    /// <returns>How many rows it would get, or null.</returns>
    /// <exception cref="SqlException">The database refuses a filter.</exception>
    public int? Estimate(ResourceRequest request, string properties, string queue)
    {
        lock (_world.Sync)
        {
            UnitSet? units = new ResourceSelector(Table, request, properties, queue).Select(Table.Where(u => u.State != "Dead"));
            return units is null ? null : CountRows(units);
        }
    }

    /// <summary>Takes in a job, or several that form an array: ids follow each other and the first is that of the array.</summary>
    /// <param name="estimatedRows">See <see cref="Estimate"/>.</param>
    /// <param name="serverKnows">False: the server cannot be told, and finds the job at its next run.</param>
    public IReadOnlyList<OarJob> Submit(IReadOnlyList<Submission> submissions, int estimatedRows, bool serverKnows = true) => Change(() =>
    {
        long first = NextJobId;
        OarJob[] jobs = submissions.Count == 1
            ? [AddNew(submissions[0], estimatedRows)]
            : [.. submissions.Select((s, i) => AddNew(s with { ArrayId = first, ArrayIndex = i + 1 }, estimatedRows))];
        RequestRun(serverKnows ? 1 : IdlePeriod);
        return jobs;
    });

    /// <summary>Takes back a saved job, before <see cref="Start"/>.</summary>
    public void Restore(OarJob job)
    {
        Add(job);
        NextJobId = Math.Max(NextJobId, job.Id + 1);
        foreach (JobEvent e in job.Progress.Events) _lastEventId = Math.Max(_lastEventId, e.Id);
    }

    /// <summary>Goes on with the jobs that there are: what became due meanwhile happens now.</summary>
    public void Start() => Change(() =>
    {
        foreach (OarJob job in _open.Values)
        {
            // Its oarsub was waiting for the verdict, and is gone.
            if (job.Progress.Reservation == "toSchedule") Frag(job, "root", now: true);
            if (job.State == "Running" && RunsCommand(job)) GoOn(job);
        }
        _planIsStale = true;
        RequestRun(0);
        return true;
    });

    public void Dispose()
    {
        lock (_world.Sync) _disposed = true;
        _timer.Dispose();
    }

    /// <summary>Changes something under the lock, then does all that is due and what has to happen outside of the lock.</summary>
    T Change<T>(Func<T> change)
    {
        T result;
        Action[] after;
        lock (_world.Sync)
        {
            if (_disposed) return change();
            result = change();
            Advance();
            after = [.. _afterLock];
            _afterLock.Clear();
        }
        foreach (Action action in after) action();
        _world.NotifyChanged();
        return result;
    }

    OarJob AddNew(Submission submission, int estimatedRows)
    {
        var job = new OarJob(Site, NextJobId++, submission with { SubmissionTime = Now });
        job.Progress.Message = job.Describe(estimatedRows, scheduled: false);
        Add(job);
        return job;
    }

    void Add(OarJob job)
    {
        _jobs[job.Id] = job;
        if (!job.HasEnded) _open[job.Id] = job;
        _world.Jobs[(Site, job.Id)] = job;
    }

    void RequestRun(int seconds)
    {
        long date = Now + seconds;
        if (_nextRun is null || _nextRun > date) _nextRun = date;
    }

    // Steps may make other steps due at once; each moves its job on, so this ends.
    void Advance()
    {
        long now = Now;
        while (true)
        {
            OarJob[] due = [.. _open.Values.Where(j => j.Progress.Due <= now || j.Progress.AdministratorKillsAt <= now)];
            foreach (OarJob job in due) Step(job, now);
            if (_nextRun <= now)
            {
                _nextRun = null;
                Schedule(now);
            }
            else if (due.Length == 0)
            {
                break;
            }
        }
        ArmTimer(now);
    }

    void ArmTimer(long now)
    {
        long? next = _nextRun;
        foreach (OarJob job in _open.Values)
        {
            next = Earlier(Earlier(next, job.Progress.Due), job.Progress.AdministratorKillsAt);
        }
        TimeSpan delay = next is null ? Timeout.InfiniteTimeSpan : DateTimeOffset.FromUnixTimeSeconds(next.Value) - _world.Time.GetUtcNow();
        // Timers take at most 49 days; waking up once in between does no harm.
        _timer.Change(delay <= TimeSpan.Zero && next is not null && next > now ? TimeSpan.FromSeconds(1) : Clamp(delay), Timeout.InfiniteTimeSpan);
    }

    static TimeSpan Clamp(TimeSpan delay)
    {
        if (delay == Timeout.InfiniteTimeSpan) return delay;
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay > TimeSpan.FromDays(40) ? TimeSpan.FromDays(40) : delay;
    }

    static long? Earlier(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    int CountRows(UnitSet units) => units.Indexes().Sum(i => Table.Units[i].RowCount);

    void AddEvent(OarJob job, string type, string description, bool toCheck = false) =>
        job.Progress.Events.Add(new JobEvent(++_lastEventId, type, description, Now, toCheck));
}
