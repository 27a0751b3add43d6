using System.Globalization;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Storage;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

/// <summary>
/// WalT deployments of this user: planned, run, resumed, waited for, released. All that is known of one lies in its journal,
/// <c>~/.walt-g5k/deployments/ID/journal.jsonl</c>.
/// </summary>
public sealed class DeploymentService(IGrid grid, IReporter reporter)
{
    /// <summary>Journals are written by processes of the real world: they are watched in real time, whatever the clock of the grid.</summary>
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_releaseTimeout = TimeSpan.FromMinutes(10);

    readonly string _root = Path.Combine(grid.HomeDirectory, ".walt-g5k", "deployments");

    /// <summary>For tests: called before each line of a journal.</summary>
    internal Action<JournalEntry>? BeforeAppend { get; init; }

    /// <summary>For measurements: another order of the same steps.</summary>
    internal Func<IReadOnlyList<DeploymentStep>, IReadOnlyList<DeploymentStep>>? Arrange { get; init; }

    /// <summary>Checks everything that can be checked without changing anything.</summary>
    /// <exception cref="G5kException"><c>DeploymentAlive</c>, what <c>ReservationService.PlanAsync</c> says, <c>ReservationHasNoServer</c>, <c>ReservationHasNoVlan</c>…</exception>
    public Task<DeploymentPlan> PlanAsync(DeploymentRequest request, CancellationToken cancellationToken = default)
    {
        RefuseSecond();
        return new DeploymentPlanner(grid, reporter).PlanAsync(request, cancellationToken);
    }

    /// <summary>What a recipe asks to be reserved.</summary>
    /// <exception cref="G5kException"><c>RecipeIncomplete</c>.</exception>
    public static ReservationRequest ToReservation(Recipes.WaltRecipe recipe) => DeploymentPlanner.FromRecipe(recipe);

    /// <summary>Starts a planned deployment in this process and returns once its journal exists.</summary>
    public Task<DeploymentRun> StartAsync(DeploymentPlan plan, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AtomicFile.CreateFolder(_root);
        using FileLock one = DriverLock.TryTake(_root) ?? throw Busy("A deployment is being started by another shell.", _root);
        RefuseSecond();
        string id = NewId();
        string folder = Path.Combine(_root, id);
        DeploymentRequest request = plan.Request with { Recipe = null };
        using (DeploymentJournal journal = DeploymentJournal.Open(folder, grid.Time, BeforeAppend))
        {
            journal.Append(new JournalEntry { Created = new CreatedPart(DeploymentJournal.Format, id, request, plan.Request.Recipe?.Name, plan.Steps) });
            if (request.Reservation is { } given) journal.Append(new JournalEntry { Facts = new DeploymentFacts { Reservation = given, MayRelease = !given.IsAdopted } });
        }
        return Task.FromResult(Drive(id, folder, DriverLock.TryTake(folder) ?? throw Driven(id), isMainJob: false));
    }

    /// <summary>Goes on with a deployment whose process is gone.</summary>
    /// <param name="isMainJob">True inside the OAR job of an unattended deployment.</param>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, <c>DeploymentDriven</c> (another process runs it), <c>DeploymentEnded</c>, <c>JournalCorrupt</c>.</exception>
    public Task<DeploymentRun> ResumeAsync(string id, bool isMainJob = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string folder = Path.Combine(_root, id);
        JournalReader past = JournalReader.Read(folder);
        FileLock driver = DriverLock.TryTake(folder) ?? throw Driven(id);
        bool ended = past.State is { State: DeploymentState.Released or DeploymentState.Ready } or { State: DeploymentState.Failed, JobsKept: false };
        if (!ended) return Task.FromResult(Drive(id, folder, driver, isMainJob));
        driver.Dispose();
        throw new G5kException("DeploymentEnded", ErrorKind.InvalidOperation, $"The deployment {id} is {past.State!.State}: there is nothing to resume.", id,
            past.State.State == DeploymentState.Ready ? "Use it: Get-WaltNode" : "Deploy anew with New-WaltDeployment.");
    }

    DeploymentRun Drive(string id, string folder, FileLock driverLock, bool isMainJob)
    {
        var cancel = new CancellationTokenSource();
        string request = ReleaseRequest(folder);
        var driver = new DeploymentDriver(grid, reporter, folder, driverLock) { BeforeAppend = BeforeAppend, Arrange = Arrange };
        AtomicFile.Delete(request);
        Task<DeploymentInfo> completion = Task.Run(async () =>
        {
            Task drive = driver.DriveAsync(isMainJob, cancel.Token);
            using var poll = new PeriodicTimer(s_poll);
            while (!drive.IsCompleted && !cancel.IsCancellationRequested)
            {
                await Task.WhenAny(drive, poll.WaitForNextTickAsync(CancellationToken.None).AsTask()).ConfigureAwait(false);
                if (File.Exists(request)) await cancel.CancelAsync().ConfigureAwait(false);
            }
            await drive.ConfigureAwait(false);
            return Get(id);
        });
        return new DeploymentRun(id, completion, async () =>
        {
            await cancel.CancelAsync().ConfigureAwait(false);
            await completion.ConfigureAwait(false);
        });
    }

    /// <summary>All deployments, newest first. Reads journals, sends nothing.</summary>
    public IReadOnlyList<DeploymentInfo> GetAll()
    {
        if (!Directory.Exists(_root)) return [];
        var all = new List<DeploymentInfo>();
        foreach (string folder in Directory.EnumerateDirectories(_root).OrderDescending(StringComparer.Ordinal))
        {
            if (!File.Exists(DeploymentJournal.PathIn(folder))) continue;   // a deployment of the walt command
            try { all.Add(Get(Path.GetFileName(folder))); }
            catch (G5kException e) when (e.Code == "JournalCorrupt") { reporter.Warning(e.Message + " " + e.Recommendation); }
        }
        return all;
    }

    /// <summary>Whose jobs those of deployments are: for the search for orphans.</summary>
    public IReadOnlyList<JobOwner> GetJobOwners() =>
    [
        .. GetAll().Select(d => new JobOwner(d.Id, Steps.JobSteps.JobName(d.Id), [.. d.Jobs.Select(j => (j.Site, j.JobId))])
        {
            HasEnded = !d.IsAlive,
            State = d.State switch { DeploymentState.Failed => "has failed", DeploymentState.Expired => "has outlived its walltime", _ => "has been released" },
            Release = d.State == DeploymentState.Released ? null : $"Remove-WaltDeployment {d.Id}",
        }),
    ];

    /// <summary>By id; <c>DeploymentNotFound</c> otherwise.</summary>
    public DeploymentInfo Get(string id)
    {
        string folder = Path.Combine(_root, id);
        bool driven = DriverLock.IsHeld(folder);   // before reading: a driver that ends in between has written its end
        return JournalReader.Read(folder).ToInfo(grid.Time.GetUtcNow(), driven);
    }

    /// <summary>The newest one that is alive, or null.</summary>
    public DeploymentInfo? GetCurrent() => GetAll().FirstOrDefault(d => d.IsAlive);

    /// <summary>
    /// Waits until the deployment is ready or has failed, whoever drives it.
    /// </summary>
    /// <exception cref="G5kException"><c>DeploymentTimeout</c>, <c>DeploymentFailed</c>, <c>DeploymentInterrupted</c> (nobody drives it), <c>DeploymentReleased</c>.</exception>
    public async Task<DeploymentInfo> WaitAsync(string id, TimeSpan timeout, Action<DeploymentInfo>? onChange = null, CancellationToken cancellationToken = default)
    {
        using var poll = new PeriodicTimer(s_poll);
        long start = grid.Time.GetTimestamp();
        long seen = -1;
        while (true)
        {
            long length = LengthOf(id);
            DeploymentInfo info = Get(id);
            if (length != seen) onChange?.Invoke(info);
            seen = length;
            switch (info.State)
            {
                case DeploymentState.Ready: return info;
                case DeploymentState.Failed:
                    Finding? cause = info.Findings.LastOrDefault(f => f.Severity == FindingSeverity.Error);
                    throw new G5kException("DeploymentFailed", ErrorKind.ResourceUnavailable, $"The deployment {id} failed. {cause?.Title}".TrimEnd(), id, cause?.Recommendation is { Length: > 0 } advice ? advice : $"Run: Get-WaltFinding -Id {id}");
                case DeploymentState.Interrupted:
                    throw new G5kException("DeploymentInterrupted", ErrorKind.OperationStopped, $"Nobody drives the deployment {id} any more.", id, $"Run: Resume-WaltDeployment {id}   or   Remove-WaltDeployment {id}");
                case DeploymentState.Released or DeploymentState.Expired:
                    throw new G5kException("DeploymentReleased", ErrorKind.InvalidOperation, $"The deployment {id} is {(info.State == DeploymentState.Expired ? "over: its walltime has ended" : "released")}.", id, "Deploy anew with New-WaltDeployment.");
            }
            if (grid.Time.GetElapsedTime(start) >= timeout)
                throw new G5kException("DeploymentTimeout", ErrorKind.OperationTimeout, $"The deployment {id} is not ready after {timeout:hh\\:mm\\:ss}; it goes on ({info.CurrentStep}).", id, $"Run: Wait-WaltDeployment {id}   or   Remove-WaltDeployment {id}");
            await poll.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    long LengthOf(string id)
    {
        var file = new FileInfo(DeploymentJournal.PathIn(Path.Combine(_root, id)));
        return file.Exists ? file.Length : 0;
    }

    /// <summary>Deletes the jobs, all of them, and closes the journal. A process that drives the deployment is told to stop and does it itself.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, or <c>DeploymentDriven</c>: the process that drives it does not stop.</exception>
    public async Task<DeploymentInfo> ReleaseAsync(string id, CancellationToken cancellationToken = default)
    {
        DeploymentInfo info = Get(id);
        if (info.State is DeploymentState.Released) return info;
        cancellationToken.ThrowIfCancellationRequested();
        string folder = Path.Combine(_root, id);
        FileLock? driver = DriverLock.TryTake(folder);
        if (driver is null)
        {
            AtomicFile.Write(ReleaseRequest(folder), "");
            driver = await WaitForDriverAsync(folder, id, cancellationToken).ConfigureAwait(false);
        }
        AtomicFile.Delete(ReleaseRequest(folder));
        await new DeploymentDriver(grid, reporter, folder, driver) { BeforeAppend = BeforeAppend }.ReleaseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return Get(id);
    }

    static string ReleaseRequest(string folder) => Path.Combine(folder, "release");

    static async Task<FileLock> WaitForDriverAsync(string folder, string id, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(s_poll);
        long start = TimeProvider.System.GetTimestamp();
        while (await poll.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false) && TimeProvider.System.GetElapsedTime(start) < s_releaseTimeout)
            if (DriverLock.TryTake(folder) is { } driver) return driver;
        throw Driven(id);
    }

    /// <summary>A connection to the deployment's WalT server; hard reboots asked by the server go to kareboot3.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotReady</c>: it has no server yet.</exception>
    public WaltServer OpenServer(DeploymentInfo deployment)
    {
        if (deployment.Server is not { } host || deployment.ServerSite is not { } site || deployment.State is not (DeploymentState.Ready or DeploymentState.Running or DeploymentState.Interrupted))
            throw new G5kException("DeploymentNotReady", ErrorKind.InvalidOperation, $"The deployment {deployment.Id} is {deployment.State}: it has no server to talk to.", deployment.Id, $"Run: Wait-WaltDeployment {deployment.Id}");
        return WaltServers.Open(grid, grid.GetFrontend(site), host, deployment.Nodes, reporter);
    }

    void RefuseSecond()
    {
        if (GetCurrent() is { } alive)
            throw new G5kException("DeploymentAlive", ErrorKind.ResourceExists, $"The deployment {alive.Id} is alive ({alive.State}).", alive.Id,
                $"Use it (Wait-WaltDeployment {alive.Id}), resume it, or release it first: Remove-WaltDeployment {alive.Id}");
    }

    string NewId()
    {
        string id = grid.Time.GetUtcNow().ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture);
        for (int n = 2; Directory.Exists(Path.Combine(_root, id)); n++)
            id = $"{grid.Time.GetUtcNow().ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture)}-{n}";
        return id;
    }

    static G5kException Driven(string id) => Busy($"Another process drives the deployment {id}.", id);

    static G5kException Busy(string message, string target) => new("DeploymentDriven", ErrorKind.ResourceBusy, message, target, "Wait for it (Wait-WaltDeployment), or stop the shell that drives it (Ctrl-C there).");
}
