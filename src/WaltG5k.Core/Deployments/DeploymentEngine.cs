using System.Globalization;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Deployments;

/// <summary>What every kind of deployment tells of itself.</summary>
interface IDeploymentInfo
{
    string Id { get; }
    DeploymentState State { get; }
    string CurrentStep { get; }
    IReadOnlyList<Finding> Findings { get; }
    bool IsAlive { get; }
}

/// <summary>
/// Deployments of one kind of this user: started, run, resumed, waited for, released. All that is known of one lies in its journal,
/// <c>~/.walt-g5k/FOLDER/ID/journal.jsonl</c>.
/// </summary>
sealed class DeploymentEngine<TContext, TInfo>(
    IGrid grid, IReporter reporter, DeploymentKind<TContext> kind, Func<JournalReader, DateTimeOffset, bool, TInfo> read,
    Func<string, Task<TInfo>, Func<Task>, DrivenDeployment> wrap)
    where TContext : StepContext where TInfo : class, IDeploymentInfo
{
    /// <summary>Journals are written by processes of the real world: they are watched in real time, whatever the clock of the grid.</summary>
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_releaseTimeout = TimeSpan.FromMinutes(10);

    readonly string _root = Path.Combine(grid.HomeDirectory, ".walt-g5k", kind.Nouns.Folder);
    readonly DeploymentNouns _nouns = kind.Nouns;

    /// <summary>For tests: called before each line of a journal.</summary>
    public Action<JournalEntry>? BeforeAppend { get; init; }

    /// <summary>For measurements: another order of the same steps.</summary>
    public Func<IReadOnlyList<Step<TContext>>, IReadOnlyList<Step<TContext>>>? Arrange { get; init; }

    public string FolderOf(string id) => Path.Combine(_root, id);

    /// <summary>Writes the first lines of a journal and begins to drive.</summary>
    /// <param name="check">Called when no other shell can start one: throws where this one may not be.</param>
    public DrivenDeployment Start(Action check, Func<string, IEnumerable<JournalEntry>> begin)
    {
        AtomicFile.CreateFolder(_root);
        using FileLock one = DriverLock.TryTake(_root) ?? throw Busy("A deployment is being started by another shell.", _root);
        check();
        string id = NewId();
        string folder = FolderOf(id);
        using (DeploymentJournal journal = DeploymentJournal.Open(folder, grid.Time, BeforeAppend))
        {
            foreach (JournalEntry entry in begin(id)) journal.Append(entry);
        }
        return Drive(id, folder, DriverLock.TryTake(folder) ?? throw Driven(id), isMainJob: false);
    }

    public DrivenDeployment Resume(string id, bool isMainJob)
    {
        string folder = FolderOf(id);
        JournalReader past = Read(folder);
        FileLock driver = DriverLock.TryTake(folder) ?? throw Driven(id);
        bool ended = past.State is { State: DeploymentState.Released or DeploymentState.Ready } or { State: DeploymentState.Failed, JobsKept: false };
        if (!ended) return Drive(id, folder, driver, isMainJob);
        driver.Dispose();
        throw new G5kException("DeploymentEnded", ErrorKind.InvalidOperation,
            $"The deployment {id} is {past.State!.State}: there is nothing to resume.", id,
            past.State.State == DeploymentState.Ready ? $"Use it: {_nouns.Next}" : $"Deploy anew with {_nouns.New}.");
    }

    DrivenDeployment Drive(string id, string folder, FileLock driverLock, bool isMainJob)
    {
        var cancel = new CancellationTokenSource();
        string request = ReleaseRequest(folder);
        var driver = new DeploymentDriver<TContext>(grid, reporter, kind, folder, driverLock) { BeforeAppend = BeforeAppend, Arrange = Arrange };
        AtomicFile.Delete(request);
        Task<TInfo> completion = Task.Run(async () =>
        {
            Task drive = driver.DriveAsync(isMainJob, cancel.Token);
            using var poll = new PeriodicTimer(s_poll);
            while (!drive.IsCompleted && !cancel.IsCancellationRequested)
            {
                await Task.WhenAny(drive, poll.WaitForNextTickAsync(CancellationToken.None).AsTask()).ConfigureAwait(false);
                if (!File.Exists(request)) continue;
                driver.KeepsJobs = await File.ReadAllTextAsync(request, CancellationToken.None).ConfigureAwait(false) == KeepsJobsText;
                await cancel.CancelAsync().ConfigureAwait(false);
            }
            await drive.ConfigureAwait(false);
            return Get(id);
        });
        return wrap(id, completion, async () =>
        {
            await cancel.CancelAsync().ConfigureAwait(false);
            await completion.ConfigureAwait(false);
        });
    }

    /// <summary>All deployments, newest first. Reads journals, sends nothing.</summary>
    public IReadOnlyList<TInfo> GetAll()
    {
        if (!Directory.Exists(_root)) return [];
        var all = new List<TInfo>();
        foreach (string folder in Directory.EnumerateDirectories(_root).OrderDescending(StringComparer.Ordinal))
        {
            if (!File.Exists(DeploymentJournal.PathIn(folder))) continue;   // a deployment of the walt command
            try { all.Add(Get(Path.GetFileName(folder))); }
            catch (G5kException e) when (e.Code == "JournalCorrupt") { reporter.Warning(e.Message + " " + e.Recommendation); }
        }
        return all;
    }

    /// <summary>By id; <c>DeploymentNotFound</c> otherwise.</summary>
    public TInfo Get(string id)
    {
        string folder = FolderOf(id);
        bool driven = DriverLock.IsHeld(folder);   // before reading: a driver that ends in between has written its end
        return read(Read(folder), grid.Time.GetUtcNow(), driven);
    }

    JournalReader Read(string folder) => JournalReader.Read(folder, _nouns);

    /// <summary>Waits until the deployment is ready or has failed, whoever drives it.</summary>
    public async Task<TInfo> WaitAsync(string id, TimeSpan timeout, Action<TInfo>? onChange, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(s_poll);
        long start = grid.Time.GetTimestamp();
        long seen = -1;
        TInfo? info = null;
        while (true)
        {
            long length = LengthOf(id);
            // A journal of hundreds of machines is long: it is read again when it has grown, or when nobody may be driving it any more.
            bool isNew = length != seen;
            if (isNew || info is null || !DriverLock.IsHeld(FolderOf(id)) || IsOver(info)) info = Get(id);
            if (isNew) onChange?.Invoke(info);
            seen = length;
            switch (info.State)
            {
                case DeploymentState.Ready: return info;
                case DeploymentState.Failed:
                    Finding? cause = info.Findings.LastOrDefault(f => f.Severity == FindingSeverity.Error);
                    throw new G5kException("DeploymentFailed", ErrorKind.ResourceUnavailable,
                        $"The deployment {id} failed. {cause?.Title}".TrimEnd(), id,
                        cause?.Recommendation is { Length: > 0 } advice ? advice : $"Run: {FindingsOf(id)}");
                case DeploymentState.Interrupted:
                    throw new G5kException("DeploymentInterrupted", ErrorKind.OperationStopped, $"Nobody drives the deployment {id} any more.", id,
                    $"Run: {_nouns.Resume} {id}   or   {_nouns.Remove} {id}");
                case DeploymentState.Released or DeploymentState.Expired:
                    throw new G5kException("DeploymentReleased", ErrorKind.InvalidOperation,
                    $"The deployment {id} is {(info.State == DeploymentState.Expired ? "over: its walltime has ended" : "released")}.", id,
                    $"Deploy anew with {_nouns.New}.");
            }
            if (grid.Time.GetElapsedTime(start) >= timeout)
                throw new G5kException("DeploymentTimeout", ErrorKind.OperationTimeout,
                    $"The deployment {id} is not ready after {timeout:hh\\:mm\\:ss}; it goes on ({info.CurrentStep}).", id,
                    $"Run: {_nouns.Wait} {id}   or   {_nouns.Remove} {id}");
            await poll.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    string FindingsOf(string id) => _nouns.Findings.Replace("{0}", id, StringComparison.Ordinal);

    /// <summary>The walltime ends without a line in the journal.</summary>
    bool IsOver(TInfo info) => info is IHasEnd { EndsAt: { } end } && grid.Time.GetUtcNow() >= end;

    long LengthOf(string id)
    {
        var file = new FileInfo(DeploymentJournal.PathIn(FolderOf(id)));
        return file.Exists ? file.Length : 0;
    }

    /// <summary>
    /// Deletes the jobs, all of them, and closes the journal. A process that drives the deployment is told to stop and does it itself.
    /// </summary>
    public async Task<TInfo> ReleaseAsync(string id, bool keepsJobs, CancellationToken cancellationToken)
    {
        TInfo info = Get(id);
        if (info.State is DeploymentState.Released) return info;
        cancellationToken.ThrowIfCancellationRequested();
        string folder = FolderOf(id);
        FileLock? driver = DriverLock.TryTake(folder);
        if (driver is null)
        {
            AtomicFile.Write(ReleaseRequest(folder), keepsJobs ? KeepsJobsText : "");
            driver = await WaitForDriverAsync(folder, id, cancellationToken).ConfigureAwait(false);
        }
        AtomicFile.Delete(ReleaseRequest(folder));
        await new DeploymentDriver<TContext>(grid, reporter, kind, folder, driver) { BeforeAppend = BeforeAppend }.ReleaseAsync(keepsJobs)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return Get(id);
    }

    const string KeepsJobsText = "keep";

    static string ReleaseRequest(string folder) => Path.Combine(folder, "release");

    async Task<FileLock> WaitForDriverAsync(string folder, string id, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(s_poll);
        long start = TimeProvider.System.GetTimestamp();
        while (await poll.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false)
            && TimeProvider.System.GetElapsedTime(start) < s_releaseTimeout)
            if (DriverLock.TryTake(folder) is { } driver) return driver;
        throw Driven(id);
    }

    string NewId()
    {
        string id = grid.Time.GetUtcNow().ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture);
        for (int n = 2; Directory.Exists(FolderOf(id)); n++)
            id = $"{grid.Time.GetUtcNow().ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture)}-{n}";
        return id;
    }

    G5kException Driven(string id) => Busy($"Another process drives the deployment {id}.", id);

    G5kException Busy(string message, string target) =>
        new("DeploymentDriven", ErrorKind.ResourceBusy, message, target,
        $"Wait for it ({_nouns.Wait}), or stop the shell that drives it (Ctrl-C there).");
}

/// <summary>What is over at a date.</summary>
interface IHasEnd
{
    DateTimeOffset? EndsAt { get; }
}
