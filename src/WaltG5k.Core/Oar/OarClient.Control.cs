using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>Changing jobs that exist.</summary>
public sealed partial class OarClient
{
    const int NoCpusets = 2;
    const int NotRunning = 5, IsInteractive = 7;
    static readonly TimeSpan s_changePause = TimeSpan.FromMilliseconds(500), s_changeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Keeps a waiting job from starting.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotInState</c>, <c>OarUnavailable</c>.</exception>
    public Task HoldAsync(long jobId, CancellationToken cancellationToken = default) =>
        ChangeAsync(OarCommandLine.Hold(jobId, running: false), jobId, "held", cancellationToken);

    /// <summary>Stops a running job's processes, keeping its resources; most sites do not allow it.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotInState</c>, <c>SuspendNotAllowed</c>,
    /// <c>OarUnavailable</c>.</exception>
    public Task SuspendAsync(long jobId, CancellationToken cancellationToken = default) =>
        ChangeAsync(OarCommandLine.Hold(jobId, running: true), jobId, "suspended", cancellationToken);

    /// <summary>Lets a held job start, or a suspended one go on.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotInState</c>, <c>OarUnavailable</c>.</exception>
    public Task ResumeAsync(long jobId, CancellationToken cancellationToken = default) =>
        ChangeAsync(OarCommandLine.Resume(jobId), jobId, "resumed", cancellationToken);

    /// <summary>The job once a change shows that oarhold and oarresume only ask for; after ten seconds, the job as it is then.</summary>
    /// <exception cref="G5kException"><c>JobNotFound</c>.</exception>
    public async Task<OarJob> GetChangedJobAsync(long jobId, Func<OarJob, bool> isChanged, CancellationToken cancellationToken = default)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            OarJob job = await GetJobAsync(jobId, cancellationToken).ConfigureAwait(false) ?? throw OarFailures.JobNotFound(Site, jobId);
            if (isChanged(job) || time.GetElapsedTime(start) >= s_changeLimit) return job;
            await Task.Delay(s_changePause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a signal to the processes of a running job.</summary>
    /// <param name="signal">A name as kill knows it (<c>SIGUSR1</c>); null: the job's checkpoint signal.</param>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotRunning</c>, <c>JobIsInteractive</c>,
    /// <c>SignalFailed</c>.</exception>
    public async Task SignalAsync(long jobId, string? signal, CancellationToken cancellationToken = default)
    {
        CommandResult result = OarFailures.CheckInstalled(
            await frontend.RunAsync(OarCommandLine.Signal(jobId, signal), null, cancellationToken).ConfigureAwait(false), Site);
        switch (result.ExitStatus)
        {
            case 0: return;
            case 1 when result.Error.Contains("not the right user", StringComparison.Ordinal):
                throw await NotOursAsync(jobId, result, cancellationToken).ConfigureAwait(false);
            case NotRunning:
                throw new CommandFailedException("JobNotRunning", $"Job {jobId} of {Site} is not running", result, jobId,
                    $"Wait for it: Wait-OarJob {jobId} -Site {Site}", ErrorKind.InvalidOperation);
            case IsInteractive:
                throw new CommandFailedException("JobIsInteractive", $"Job {jobId} of {Site} is interactive and takes no signal", result, jobId,
                    $"End it with Stop-OarJob {jobId} -Site {Site}", ErrorKind.InvalidOperation);
            default:
                throw new CommandFailedException("SignalFailed", $"Job {jobId} of {Site} was not told", result, jobId,
                $"Look at its events: Get-OarJob {jobId} -Site {Site} | Format-List");
        }
    }

    async Task ChangeAsync(CommandRequest command, long jobId, string what, CancellationToken cancellationToken)
    {
        CommandResult result = OarFailures.CheckInstalled(await frontend.RunAsync(command, null, cancellationToken).ConfigureAwait(false), Site);
        if (result.ExitStatus == 0) return;
        string words = result.Error.Trim();
        if (words.Contains("does not exist", StringComparison.Ordinal)) throw OarFailures.JobNotFound(Site, jobId);
        if (words.Contains("not the right user", StringComparison.Ordinal)) throw OarFailures.NotJobOwner(Site, jobId, words);
        if (words.Contains("state", StringComparison.Ordinal))
        {
            throw new CommandFailedException("JobNotInState", $"Job {jobId} of {Site} was not {what}", result, jobId,
                $"See its state: Get-OarJob {jobId} -Site {Site}", ErrorKind.InvalidOperation);
        }
        if (what == "suspended" && result.ExitStatus is NoCpusets or 1)
        {
            throw new CommandFailedException("SuspendNotAllowed", $"{Site} does not let jobs be suspended", result, jobId,
                $"Only a waiting job can be kept back: Suspend-OarJob before it starts.", ErrorKind.PermissionDenied);
        }
        throw new CommandFailedException("OarUnavailable", $"Job {jobId} of {Site} was not {what}", result, jobId,
            $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {Site}.");
    }

    /// <summary>OAR gives one answer for a stranger's job and for an unknown one.</summary>
    async Task<G5kException> NotOursAsync(long jobId, CommandResult result, CancellationToken cancellationToken) =>
        await GetJobAsync(jobId, cancellationToken).ConfigureAwait(false) is null
            ? OarFailures.JobNotFound(Site, jobId)
            : OarFailures.NotJobOwner(Site, jobId, result.LastLines(1));
}
