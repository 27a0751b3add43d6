using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>
/// The deletion of one job. A deletion that OAR only noted while its server was down is not carried out when the server returns, and a waiting job
/// even starts then: oardel is repeated until it says that the deletion is registered, or was before.
/// </summary>
sealed class OarDeletion(IFrontend frontend, TimeProvider time, long jobId)
{
    const int Registered = 0, OnlyNoted = 2, AlreadyKilled = 6;
    const int MaximumFailures = 3;
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int failures = 0;
        while (true)
        {
            G5kException failure;
            try
            {
                CommandResult result = await frontend.RunAsync(OarCommandLine.Delete(jobId), null, cancellationToken).ConfigureAwait(false);
                if (result.ExitStatus is Registered or AlreadyKilled) return true;
                if (IsNotOurs(result)) return false;
                failure = Failed(result);
                if (result.ExitStatus != OnlyNoted && ++failures == MaximumFailures) throw failure;
            }
            catch (G5kException e) when (e.Code is "CommandTimeout" or "FrontendUnreachable")
            {
                if (++failures == MaximumFailures) throw;
                failure = e;
            }
            if (time.GetElapsedTime(start) + s_pause > s_limit)
            {
                throw new G5kException("OarDeleteTimeout", ErrorKind.OperationTimeout,
                    $"OAR at {frontend.Site} has not taken the deletion of job {jobId} within {s_limit.TotalMinutes:0} minutes.", jobId, Advice,
                    failure);
            }
            await Task.Delay(s_pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The one answer for a job of somebody else and for an unknown one.</summary>
    static bool IsNotOurs(CommandResult result) =>
        result.ExitStatus == 1 && (result.Error + result.Output).Contains("not the right user", StringComparison.OrdinalIgnoreCase);

    CommandFailedException Failed(CommandResult result) => new("OarDeleteFailed", $"Job {jobId} was not deleted", result, jobId, Advice);

    string Advice => $"The job may still hold nodes. On the front-end of {frontend.Site}: oardel {jobId}";
}
