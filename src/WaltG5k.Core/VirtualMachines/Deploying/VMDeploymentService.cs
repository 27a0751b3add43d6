using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// Deployments of virtual machines of this user: planned, run, resumed, waited for, released. Several may be alive at once. Their journals lie in
/// <c>~/.walt-g5k/vm-deployments</c>.
/// </summary>
public sealed class VMDeploymentService(IGrid grid, IReporter reporter)
{
    /// <summary>For tests: called before each line of a journal.</summary>
    internal Action<JournalEntry>? BeforeAppend { get; init; }

    /// <summary>For measurements: another order of the same steps.</summary>
    internal Func<IReadOnlyList<Step<VMDeploymentContext>>, IReadOnlyList<Step<VMDeploymentContext>>>? Arrange { get; init; }

    DeploymentEngine<VMDeploymentContext, VMDeploymentInfo> Engine =>
        new(grid, reporter, VMDeploymentKind.Instance, VMDeploymentView.Of,
        (id, completion, cancel) => new VMDeploymentRun(id, completion, cancel)) { BeforeAppend = BeforeAppend, Arrange = Arrange };

    /// <summary>Checks everything that can be checked without changing anything: machines, hosts, room, images, addresses.</summary>
    /// <exception cref="G5kException"><c>NoMachines</c>, <c>MachinesDoNotFit</c>, <c>ImageNotFound</c>, <c>DiskTooSmall</c>,
    /// <c>NotEnoughAddresses</c>, what <c>ReservationService.PlanAsync</c> says…</exception>
    public Task<VMDeploymentPlan> PlanAsync(VMDeploymentRequest request, CancellationToken cancellationToken = default) =>
        new VMDeploymentPlanner(grid, reporter).PlanAsync(request, cancellationToken);

    /// <summary>Starts a planned deployment in this process and returns once its journal exists.</summary>
    public Task<VMDeploymentRun> StartAsync(VMDeploymentPlan plan, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult((VMDeploymentRun)Engine.Start(() => { }, Begin));

        IEnumerable<JournalEntry> Begin(string id)
        {
            yield return new JournalEntry
                { Created = new CreatedPart(DeploymentJournal.Format, id, null, null, plan.Steps) { Machines = plan.Request } };
            if (plan.Request.Reservation is { } given)
                yield return new JournalEntry { Virtual = new VMDeploymentFacts { Reservation = given, MayRelease = !given.IsAdopted } };
        }
    }

    /// <summary>Goes on with a deployment whose process is gone.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, <c>DeploymentDriven</c> (another process runs it), <c>DeploymentEnded</c>,
    /// <c>JournalCorrupt</c>.</exception>
    public Task<VMDeploymentRun> ResumeAsync(string id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult((VMDeploymentRun)Engine.Resume(id, isMainJob: false));
    }

    /// <summary>All deployments, newest first. Reads journals, sends nothing.</summary>
    public IReadOnlyList<VMDeploymentInfo> GetAll() => Engine.GetAll();

    /// <summary>By id; <c>DeploymentNotFound</c> otherwise.</summary>
    public VMDeploymentInfo Get(string id) => Engine.Get(id);

    /// <summary>Whose jobs those of deployments are: for the search for orphans.</summary>
    public IReadOnlyList<JobOwner> GetJobOwners() =>
        [.. GetAll().Select(d => JobOwners.Of(VMDeploymentContext.Words, d.Id, d.State, d.IsAlive, d.Jobs))];

    /// <summary>Waits until the deployment is ready or has failed, whoever drives it.</summary>
    /// <exception cref="G5kException"><c>DeploymentTimeout</c>, <c>DeploymentFailed</c>, <c>DeploymentInterrupted</c> (nobody drives it),
    /// <c>DeploymentReleased</c>.</exception>
    public Task<VMDeploymentInfo> WaitAsync(string id, TimeSpan timeout, Action<VMDeploymentInfo>? onChange = null,
        CancellationToken cancellationToken = default) =>
        Engine.WaitAsync(id, timeout, onChange, cancellationToken);

    /// <summary>Deletes the jobs, all of them, and with them the machines; or removes the machines alone.</summary>
    /// <param name="keepsJobs">True: the hosts are cleaned and stay.</param>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, or <c>DeploymentDriven</c>: the process that drives it does not stop.</exception>
    public Task<VMDeploymentInfo> ReleaseAsync(string id, bool keepsJobs = false, CancellationToken cancellationToken = default) =>
        Engine.ReleaseAsync(id, keepsJobs, cancellationToken);
}
