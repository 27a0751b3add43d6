using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

/// <summary>
/// WalT deployments of this user: planned, run, resumed, waited for, released. Their journals lie in <c>~/.walt-g5k/deployments</c>.
/// </summary>
public sealed class DeploymentService(IGrid grid, IReporter reporter)
{
    /// <summary>For tests: called before each line of a journal.</summary>
    internal Action<JournalEntry>? BeforeAppend { get; init; }

    /// <summary>For measurements: another order of the same steps.</summary>
    internal Func<IReadOnlyList<DeploymentStep>, IReadOnlyList<DeploymentStep>>? Arrange { get; init; }

    DeploymentEngine<DeploymentContext, DeploymentInfo> Engine =>
        new(grid, reporter, WaltDeploymentKind.Instance, (past, now, driven) => past.ToInfo(now, driven),
        (id, completion, cancel) => new DeploymentRun(id, completion, cancel))
    {
        BeforeAppend = BeforeAppend,
        Arrange = Arrange is null ? null : steps => Arrange([.. steps.Cast<DeploymentStep>()]),
    };

    /// <summary>Checks everything that can be checked without changing anything.</summary>
    /// <exception cref="G5kException"><c>DeploymentAlive</c>, what <c>ReservationService.PlanAsync</c> says, <c>ReservationHasNoServer</c>,
    /// <c>ReservationHasNoVlan</c>…</exception>
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
        DeploymentRequest request = plan.Request with { Recipe = null };
        return Task.FromResult((DeploymentRun)Engine.Start(RefuseSecond, Begin));

        IEnumerable<JournalEntry> Begin(string id)
        {
            yield return new JournalEntry { Created = new CreatedPart(DeploymentJournal.Format, id, request, plan.Request.Recipe?.Name, plan.Steps) };
            if (request.Reservation is { } given) yield return new JournalEntry
                { Facts = new DeploymentFacts { Reservation = given, MayRelease = !given.IsAdopted } };
        }
    }

    /// <summary>Goes on with a deployment whose process is gone.</summary>
    /// <param name="isMainJob">True inside the OAR job of an unattended deployment.</param>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, <c>DeploymentDriven</c> (another process runs it), <c>DeploymentEnded</c>,
    /// <c>JournalCorrupt</c>.</exception>
    public Task<DeploymentRun> ResumeAsync(string id, bool isMainJob = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult((DeploymentRun)Engine.Resume(id, isMainJob));
    }

    /// <summary>All deployments, newest first. Reads journals, sends nothing.</summary>
    public IReadOnlyList<DeploymentInfo> GetAll() => Engine.GetAll();

    /// <summary>Whose jobs those of deployments are: for the search for orphans.</summary>
    public IReadOnlyList<JobOwner> GetJobOwners() => [.. GetAll().Select(d => JobOwners.Of(DeploymentNouns.Walt, d.Id, d.State, d.IsAlive, d.Jobs))];

    /// <summary>By id; <c>DeploymentNotFound</c> otherwise.</summary>
    public DeploymentInfo Get(string id) => Engine.Get(id);

    /// <summary>The newest one that is alive, or null.</summary>
    public DeploymentInfo? GetCurrent() => GetAll().FirstOrDefault(d => d.IsAlive);

    /// <summary>
    /// Waits until the deployment is ready or has failed, whoever drives it.
    /// </summary>
    /// <exception cref="G5kException"><c>DeploymentTimeout</c>, <c>DeploymentFailed</c>, <c>DeploymentInterrupted</c> (nobody drives it),
    /// <c>DeploymentReleased</c>.</exception>
    public Task<DeploymentInfo> WaitAsync(string id, TimeSpan timeout, Action<DeploymentInfo>? onChange = null,
        CancellationToken cancellationToken = default) =>
        Engine.WaitAsync(id, timeout, onChange, cancellationToken);

    /// <summary>
    /// Deletes the jobs, all of them, and closes the journal. A process that drives the deployment is told to stop and does it itself.
    /// </summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, or <c>DeploymentDriven</c>: the process that drives it does not stop.</exception>
    public Task<DeploymentInfo> ReleaseAsync(string id, CancellationToken cancellationToken = default) =>
        Engine.ReleaseAsync(id, keepsJobs: false, cancellationToken);

    /// <summary>A connection to the deployment's WalT server; hard reboots asked by the server go to kareboot3.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotReady</c>: it has no server yet.</exception>
    public WaltServer OpenServer(DeploymentInfo deployment)
    {
        if (deployment.Server is not { } host || deployment.ServerSite is not { } site
            || deployment.State is not (DeploymentState.Ready or DeploymentState.Running or DeploymentState.Interrupted))
            throw new G5kException("DeploymentNotReady", ErrorKind.InvalidOperation,
                $"The deployment {deployment.Id} is {deployment.State}: it has no server to talk to.", deployment.Id,
                $"Run: Wait-WaltDeployment {deployment.Id}");
        return WaltServers.Open(grid, grid.GetFrontend(site), host, deployment.Nodes, reporter);
    }

    void RefuseSecond()
    {
        if (GetCurrent() is { } alive)
            throw new G5kException("DeploymentAlive", ErrorKind.ResourceExists, $"The deployment {alive.Id} is alive ({alive.State}).", alive.Id,
                $"Use it (Wait-WaltDeployment {alive.Id}), resume it, or release it first: Remove-WaltDeployment {alive.Id}");
    }
}
