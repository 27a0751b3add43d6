using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>Reading and changing the walltime of a job.</summary>
public sealed partial class OarClient
{
    const int WalltimeUnknown = 2;

    /// <summary>The walltime of a job and the changes made to it.</summary>
    /// <exception cref="G5kException"><c>JobNotFound</c>, <c>WalltimeChangeDisabled</c>, <c>OarUnavailable</c>.</exception>
    public async Task<OarWalltimeStatus> GetWalltimeAsync(long jobId, CancellationToken cancellationToken = default)
    {
        CommandResult result = OarFailures.CheckInstalled(await frontend.RunAsync(OarCommandLine.Walltime(jobId), null, cancellationToken)
            .ConfigureAwait(false), Site);
        if (result.ExitStatus == WalltimeUnknown && result.Output.Contains("UNKNOWN JOB", StringComparison.OrdinalIgnoreCase))
            throw OarFailures.JobNotFound(Site, jobId);
        if (result.ExitStatus == WalltimeUnknown) throw OarWalltimeChange.DisabledAt(Site, jobId);
        OarWalltimeStatus status = OarWalltimeReader.Read(Site, jobId, CheckRead(result).Output);
        if (status.Walltime is not { } walltime) return status; // not started
        OarJob? job = await GetJobAsync(jobId, cancellationToken).ConfigureAwait(false);
        return status with { EndsAt = job?.StartedAt + walltime };
    }

    /// <summary>Asks for another walltime and waits up to <paramref name="wait"/> for OAR to decide.</summary>
    /// <exception cref="G5kException"><c>NotJobOwner</c>, <c>JobNotFound</c>, <c>JobNotRunning</c>, <c>WalltimeChangeRefused</c>,
    /// <c>WalltimeChangeDisabled</c>, <c>InvalidWalltime</c>.</exception>
    public Task<OarWalltimeStatus> ChangeWalltimeAsync(long jobId, OarWalltimeWish wish, TimeSpan wait,
        CancellationToken cancellationToken = default) =>
        new OarWalltimeChange(this, frontend, time, jobId).RunAsync(wish, wait, cancellationToken);
}
