namespace WaltG5k.Core.Oar;

/// <summary>Placeholders of the contract: replaced by real methods.</summary>
public sealed partial class OarClient
{
    /// <summary>OAR of a site, read by REST where its address is known.</summary>
    public static OarClient For(Frontends.IGrid grid, string site) => new(grid.GetFrontend(site), grid.Time);

    /// <summary>Jobs as they are read, by REST where there is one, else by the commands.</summary>
    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>OarOutputUnreadable</c>. Unknown ids are left out.</exception>
    public IAsyncEnumerable<OarJob> GetJobsAsync(OarJobQuery query, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>HostNotFound</c>, <c>InvalidProperty</c>.</exception>
    public IAsyncEnumerable<OarResource> GetResourcesAsync(OarResourceQuery query, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Polls until the goal is reached. A job that ends while Running is awaited is an error <c>JobEnded</c>.</summary>
    /// <exception cref="G5kException"><c>JobEnded</c>, <c>JobWaitTimeout</c>, <c>JobNotFound</c>.</exception>
    public Task<OarJob> WaitAsync(long jobId, OarJobGoal goal, TimeSpan timeout, Action<OarJob>? onChange = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Keeps a waiting job from starting.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotInState</c>.</exception>
    public Task HoldAsync(long jobId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Stops a running job's processes, keeping its resources; most sites do not allow it.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotInState</c>, <c>SuspendNotAllowed</c>.</exception>
    public Task SuspendAsync(long jobId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotInState</c>.</exception>
    public Task ResumeAsync(long jobId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="G5kException"><c>JobNotFound</c>, <c>WalltimeChangeDisabled</c>.</exception>
    public Task<OarWalltimeStatus> GetWalltimeAsync(long jobId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Asks for another walltime and waits up to <paramref name="wait"/> for OAR to decide.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotRunning</c>, <c>WalltimeChangeRefused</c>, <c>WalltimeChangeDisabled</c>, <c>InvalidWalltime</c>.</exception>
    public Task<OarWalltimeStatus> ChangeWalltimeAsync(long jobId, OarWalltimeWish wish, TimeSpan wait, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <param name="signal">A name as kill knows it (<c>SIGUSR1</c>); null: the job's checkpoint signal.</param>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotRunning</c>, <c>JobIsInteractive</c>.</exception>
    public Task SignalAsync(long jobId, string? signal, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The lines that a job's command printed; with <paramref name="follow"/> also those to come, until the job has ended.</summary>
    /// <exception cref="G5kException"><c>JobNotFound</c>, <c>JobOutputNotFound</c>.</exception>
    public IAsyncEnumerable<string> ReadOutputAsync(long jobId, OarOutputStream stream, bool follow, int? tail = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The interactive commands: a new job's shell (<c>oarsub -I</c>) and a shell in a running one (<c>oarsub -C</c>).</summary>
    public static Frontends.CommandRequest GetInteractiveCommand(OarJobRequest request) => throw new NotImplementedException();

    public static Frontends.CommandRequest GetConnectCommand(long jobId) => throw new NotImplementedException();
}
