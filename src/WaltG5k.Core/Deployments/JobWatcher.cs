using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Deployments;

/// <summary>Looks after the jobs while the steps run: without its job, a step can only fail in some obscure way.</summary>
static class JobWatcher
{
    static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="G5kException"><c>JobEnded</c>.</exception>
    public static async Task WatchAsync(StepContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(s_interval, context.Time, cancellationToken).ConfigureAwait(false);
            await CheckAsync(context, cancellationToken).ConfigureAwait(false);
        }
    }

    public static async Task CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        foreach (ReservationJob job in context.Reservation?.Jobs ?? [])
        {
            OarJob? now;
            try { now = await context.Oar(job.Site).GetJobAsync(job.JobId, cancellationToken).ConfigureAwait(false); }
            catch (G5kException e)
            {
                context.Reporter.Verbose($"The job {job} could not be looked at: {e.Message}");   // OAR may be down for a while; the job goes on
                continue;
            }
            if (now is { IsEnded: false }) continue;
            string end = now is null ? "OAR no longer knows it" : OarClient.GetEnd(now) switch
            {
                OarJobEnd.Deleted => "it was deleted",
                OarJobEnd.WalltimeReached => "its walltime is over",
                OarJobEnd.BesteffortKilled => "a job with priority took its nodes",
                OarJobEnd.Completed => "its command ended",
                _ => $"state {now.State}: {now.Message}",
            };
            throw new G5kException("JobEnded", ErrorKind.ResourceUnavailable, $"The job {job.JobId} at {job.Site} has ended: {end}.", job.ToString(),
                $"Reserve and deploy anew with {context.Nouns.New}.");
        }
    }
}
