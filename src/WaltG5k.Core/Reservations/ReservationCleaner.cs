using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Reservations;

/// <summary>Deletes whatever a submission may have made, and sees it gone. It does not stop when its caller is cancelled.</summary>
sealed class ReservationCleaner(IGrid grid, IReporter reporter, ReservationLedger ledger)
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5), s_poll = TimeSpan.FromSeconds(1);

    /// <summary>A deletion takes effect within seconds; one that OAR has registered and not finished by then needs nobody to watch it.</summary>
    static readonly TimeSpan s_watch = TimeSpan.FromSeconds(60);

    /// <summary>
    /// With OAR's database down oarsub asks for it again every 30 s, cannot be ended by its user, and makes the job in the end: so long one has to
    /// look for it when the database is back.
    /// </summary>
    static readonly TimeSpan s_lateJob = TimeSpan.FromSeconds(40);

    /// <summary>True when nothing is left. Otherwise the ledger keeps the entry, and the next look tries again.</summary>
    public async Task<bool> ClearAsync(LedgerEntry entry)
    {
        bool[] cleared = await Task.WhenAll(entry.Jobs.Select(job => ClearAsync(entry.Name, job))).ConfigureAwait(false);
        if (!cleared.All(c => c)) return false;
        ledger.Remove(entry.Name);
        return true;
    }

    async Task<bool> ClearAsync(string name, LedgerJob job)
    {
        using var limit = new CancellationTokenSource(s_limit, grid.Time);
        var oar = OarClient.For(grid, job.Site);
        G5kException? failure = null;
        bool mayFollow = false;
        long? answers = null;
        try
        {
            while (true)
            {
                try
                {
                    bool found = await DeleteAsync(oar, name, job.JobId, limit.Token).ConfigureAwait(false);
                    answers ??= grid.Time.GetTimestamp();
                    if (found || !mayFollow || grid.Time.GetElapsedTime(answers.Value) > s_lateJob) return true;
                }
                catch (G5kException e)
                {
                    failure = e;   // the front-end or OAR's database may be back in a moment
                    mayFollow |= job.JobId == 0 && e.Code == "OarUnavailable";
                    answers = null;
                }
                await Task.Delay(s_retry, grid.Time, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            reporter.Warning(
                $"Jobs of the reservation {name} may be left at {job.Site}: {failure?.Message ?? "OAR takes too long to delete them."} Look for them with Find-G5kOrphan -Site {job.Site}");
            return false;
        }
    }

    /// <summary>The job, and all of that name: a lost connection may have hidden an id. False: there is none.</summary>
    async Task<bool> DeleteAsync(OarClient oar, string name, long jobId, CancellationToken cancellationToken)
    {
        var ids = new SortedSet<long>();
        if (jobId > 0) ids.Add(jobId);
        foreach (OarJob found in await oar.FindJobsAsync(grid.User, name, cancellationToken).ConfigureAwait(false)) ids.Add(found.Id);
        foreach (long id in ids)
            if (await oar.DeleteAsync(id, cancellationToken).ConfigureAwait(false))
                await SeeGoneAsync(oar, id, cancellationToken).ConfigureAwait(false);
        return ids.Count > 0;
    }

    async Task SeeGoneAsync(OarClient oar, long jobId, CancellationToken cancellationToken)
    {
        long began = grid.Time.GetTimestamp();
        while (await oar.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false) is { IsEnded: false })
        {
            if (grid.Time.GetElapsedTime(began) > s_watch)
            {
                reporter.Verbose($"OAR has registered the deletion of job {jobId} at {oar.Site} and is still at it.");
                return;
            }
            await Task.Delay(s_poll, grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
