using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Deployments;

/// <summary>A testbed on a clock that jumps, with what a deployment test needs.</summary>
sealed class Platform : IAsyncDisposable
{
    /// <summary>Nothing is measured by it: it ends a test that hangs, on a machine that is busy too.</summary>
    readonly CancellationTokenSource _limit;

    Platform(TestbedGrid grid, TimeSpan limit) => (Grid, _limit) = (grid, new CancellationTokenSource(limit));

    public TestbedGrid Grid { get; }
    public CancellationToken Limit => _limit.Token;
    public CollectingReporter Reporter { get; } = new();
    public DeploymentService Service => new(Grid, Reporter);
    public ReservationService Reservations => new(Grid, Reporter);

    public static async Task<Platform> OpenAsync(params string[] faults) =>
        new(await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults }), TimeSpan.FromMinutes(3));

    /// <summary>For deployments of hundreds of nodes.</summary>
    public static async Task<Platform> OpenLargeAsync(params string[] faults) =>
        new(await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, NodeCount = 2000, Faults = faults }), TimeSpan.FromMinutes(10));

    public static DeploymentRequest OneSite(int nodes = 3) => Request(("nancy", nodes));

    public static DeploymentRequest TwoSites() => Request(("nancy", 2), ("rennes", 2));

    public static DeploymentRequest Request(params (string Site, int Nodes)[] sites) => new()
    {
        Reserve = new ReservationRequest
        {
            NodeCounts = sites.ToDictionary(s => s.Site, s => s.Nodes),
            ServerSite = sites[0].Site,
            Walltime = new Walltime(TimeSpan.FromHours(2)),
        },
    };

    /// <summary>Deploys and waits for the end, whichever it is.</summary>
    public async Task<DeploymentInfo> DeployAsync(DeploymentRequest request)
    {
        DeploymentRun run = await StartAsync(request);
        return await run.Completion.WaitAsync(Limit);
    }

    public async Task<DeploymentRun> StartAsync(DeploymentRequest request, IGrid? grid = null, Action<JournalEntry>? beforeAppend = null)
    {
        var service = new DeploymentService(grid ?? Grid, Reporter) { BeforeAppend = beforeAppend };
        return await service.StartAsync(await service.PlanAsync(request, Limit), Limit);
    }

    /// <summary>Fails with the whole story when the deployment is in another state.</summary>
    public static void AssertState(DeploymentState expected, DeploymentInfo info) => Assert.True(info.State == expected,
        $"{info.State} instead of {expected}\n{string.Join("\n", info.Steps.Select(s => $"  {s.Name} {s.State} {s.Duration?.TotalSeconds:0} s {s.Note}"))}\n{string.Join("\n", info.Findings.Select(f => $"  {f}\n    {f.Seen}"))}");

    /// <summary>Jobs that hold resources or will, and that nobody has deleted.</summary>
    public IReadOnlyList<JobModel> LiveJobs
    {
        get
        {
            lock (Grid.World.Sync) return [.. Grid.World.Jobs.Values.Where(j => j.User == Grid.User && j.State is not ("Terminated" or "Error")
                && !j.Details.Events.Any(e => e.Type == "FRAG_JOB_REQUEST"))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        _limit.Dispose();
    }
}

/// <summary>Keeps what is reported.</summary>
sealed class CollectingReporter : IReporter
{
    public System.Collections.Concurrent.ConcurrentQueue<string> Warnings { get; } = new();
    public void Verbose(string message) { }
    public void Warning(string message) => Warnings.Enqueue(message);
    public void Progress(ProgressUpdate update) { }
}

/// <summary>
/// A grid whose power can be cut: from then on nothing that this process does has any effect, as after kill -9. What was done before stays.
/// </summary>
sealed class PowerSwitch(IGrid inner) : IGrid
{
    int _writes;

    public bool IsOff { get; private set; }
    public int Writes => _writes;
    /// <summary>Cuts the power at that write of a journal, before it happens. 0: never.</summary>
    public int CutAtWrite { get; init; }

    public void OnAppend(JournalEntry entry)
    {
        if (Interlocked.Increment(ref _writes) == CutAtWrite) IsOff = true;
        ThrowIfOff();
    }

    void ThrowIfOff()
    {
        if (IsOff) throw new PowerLostException();
    }

    public string Name => inner.Name;
    public string User => inner.User;
    public string? LocalSite => inner.LocalSite;
    public string HomeDirectory => inner.HomeDirectory;
    public TimeProvider Time => inner.Time;
    public HttpClient Api => inner.Api;
    public IReadOnlyList<string> ConnectArguments => inner.ConnectArguments;
    public IFrontend GetFrontend(string site) => new Frontend(this, inner.GetFrontend(site));
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class Frontend(PowerSwitch power, IFrontend inner) : IFrontend
    {
        public string Site => inner.Site;
        public string Name => inner.Name;

        public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
            CancellationToken cancellationToken = default)
        {
            power.ThrowIfOff();
            CommandResult result = await inner.RunAsync(request, line => { if (!power.IsOff) onLine?.Invoke(line); }, cancellationToken);
            power.ThrowIfOff();
            return result;
        }

        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
        {
            power.ThrowIfOff();
            return inner.ConnectAsync(host, port, cancellationToken);
        }
    }
}

sealed class PowerLostException() : Exception("The power was cut.");
