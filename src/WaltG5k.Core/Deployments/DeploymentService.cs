using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

/// <summary>WalT deployments of this user: planned, run, resumed, waited for, released. All that is known of one lies in its journal.</summary>
public sealed partial class DeploymentService(IGrid grid, IReporter reporter)
{
    /// <summary>Checks everything that can be checked without changing anything.</summary>
    /// <exception cref="G5kException"><c>DeploymentAlive</c>, what <c>ReservationService.PlanAsync</c> says, <c>ReservationHasNoServer</c>, <c>ReservationHasNoVlan</c>…</exception>
    public partial Task<DeploymentPlan> PlanAsync(DeploymentRequest request, CancellationToken cancellationToken = default);

    /// <summary>Starts a planned deployment in this process and returns once its journal exists.</summary>
    public partial Task<DeploymentRun> StartAsync(DeploymentPlan plan, CancellationToken cancellationToken = default);

    /// <summary>Goes on with a deployment whose process is gone.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, <c>DeploymentDriven</c> (another process runs it), <c>DeploymentEnded</c>, <c>JournalCorrupt</c>.</exception>
    public partial Task<DeploymentRun> ResumeAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>All deployments, newest first. Reads journals, sends nothing.</summary>
    public partial IReadOnlyList<DeploymentInfo> GetAll();

    /// <summary>By id; <c>DeploymentNotFound</c> otherwise.</summary>
    public partial DeploymentInfo Get(string id);

    /// <summary>The newest one that is alive, or null.</summary>
    public partial DeploymentInfo? GetCurrent();

    /// <summary>
    /// Waits until the deployment is ready or has failed, whoever drives it.
    /// </summary>
    /// <exception cref="G5kException"><c>DeploymentTimeout</c>, <c>DeploymentFailed</c>, <c>DeploymentInterrupted</c> (nobody drives it), <c>DeploymentReleased</c>.</exception>
    public partial Task<DeploymentInfo> WaitAsync(string id, TimeSpan timeout, Action<DeploymentInfo>? onChange = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes the jobs, all of them, and closes the journal.</summary>
    public partial Task<DeploymentInfo> ReleaseAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A connection to the deployment's WalT server; hard reboots asked by the server go to kareboot3.</summary>
    public partial WaltServer OpenServer(DeploymentInfo deployment);
}

/// <summary>A deployment that this process drives.</summary>
public sealed partial class DeploymentRun
{
    public string Id { get; }
    /// <summary>Ends when the deployment is ready, has failed or was cancelled; never faults.</summary>
    public Task<DeploymentInfo> Completion { get; }

    internal DeploymentRun(string id, Task<DeploymentInfo> completion, Func<Task> cancel)
    {
        Id = id;
        Completion = completion;
        _cancel = cancel;
    }

    readonly Func<Task> _cancel;

    /// <summary>Stops the steps and releases the jobs (unless asked to keep them). The returned task ends when nothing is left.</summary>
    public Task CancelAsync() => _cancel();
}
