using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Reservations;

/// <summary>
/// Looks for jobs of the user that nobody needs. Only jobs with names that this module gives, or that a reservation here has, are looked at: what the
/// user submitted by hand is the user's.
/// </summary>
/// <param name="owners">The deployments: their jobs are no orphans while they live.</param>
public sealed partial class OrphanFinder(IGrid grid, IReadOnlyList<JobOwner> owners)
{
    readonly ReservationLedger _ledger = new(grid);

    /// <summary>The orphans of the sites, jobs first. A site that does not answer is told of by <paramref name="onFailure"/> and left out.</summary>
    public async IAsyncEnumerable<Orphan> FindAsync(
        IReadOnlyList<string> sites, Action<G5kException> onFailure, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LedgerEntry[] entries = [.. _ledger.ReadAll().Where(e => !IsBeingSubmitted(e))];
        var living = new List<OarJob>();
        var silent = new HashSet<string>(StringComparer.Ordinal);
        Task<IReadOnlyList<OarJob>>[] lists = [.. sites.Select(s => OarClient.For(grid, s).FindJobsAsync(grid.User, null, cancellationToken))];
        for (int i = 0; i < lists.Length; i++)
        {
            IReadOnlyList<OarJob> jobs;
            try { jobs = await lists[i].ConfigureAwait(false); }
            catch (G5kException e)
            {
                silent.Add(sites[i]);
                onFailure(e);
                continue;
            }
            foreach (OarJob job in jobs.Where(j => !OarJobEnds.IsBeingDeleted(j)))
            {
                living.Add(job);
                if (Judge(job, entries) is { } orphan) yield return orphan;
            }
        }
        string[] asked = [.. sites.Where(s => !silent.Contains(s))];
        foreach (LedgerEntry entry in entries.Where(e => IsStale(e, asked, living))) yield return Stale(entry);
    }

    /// <summary>Another shell is at it: its jobs will be known in a moment.</summary>
    bool IsBeingSubmitted(LedgerEntry entry)
    {
        if (!entry.Submitting) return false;
        using FileLock? right = _ledger.TryLock(entry.Name);
        return right is null;
    }

    Orphan? Judge(OarJob job, LedgerEntry[] entries)
    {
        JobOwner[] mine = [.. owners.Where(o => o.JobName == job.Name || o.Jobs.Contains((job.Site, job.Id)))];
        if (mine.Any(o => !o.HasEnded)) return null;
        if (mine.Length > 0)
        {
            return New(OrphanKind.EndedDeployment, job, $"It belongs to the deployment {mine[0].Id}, which {mine[0].State}.", mine[0].Release);
        }
        if (entries.FirstOrDefault(e => e.Jobs.Any(j => j.Site == job.Site && j.JobId == job.Id)) is { } known)
        {
            return !known.Submitting ? null : New(OrphanKind.InterruptedSubmission, job,
                $"The process that submitted the reservation {known.Name} died before all sites had answered.");
        }
        if (entries.FirstOrDefault(e => e.Name == job.Name) is { } namesake)
        {
            return namesake.Submitting
                ? New(OrphanKind.InterruptedSubmission, job,
                $"The process that submitted the reservation {namesake.Name} died before this site had answered.")
                : New(OrphanKind.StrayJob, job, $"It has the name of the reservation {namesake.Name}, which counts other jobs as its own.");
        }
        return job.Name is { } name && OurNames().IsMatch(name)
            ? New(OrphanKind.UnknownJob, job,
            "It has a name that only this module gives, and no reservation or deployment in ~/.walt-g5k knows it; one on another machine may.")
            : null;
    }

    static Orphan New(OrphanKind kind, OarJob job, string reason, string? release = null) => new(kind, job.Name ?? "")
    {
        Site = job.Site,
        JobId = job.Id,
        State = job.State,
        Nodes = job.Nodes,
        EndsAt = job.EndsAt,
        Reason = reason,
        Recommendation = release ?? $"Stop-OarJob {job.Site}:{job.Id}",
    };

    /// <summary>All sites of the entry were asked, and none has a job of it.</summary>
    static bool IsStale(LedgerEntry entry, string[] asked, List<OarJob> living) =>
        entry.Jobs.All(j => asked.Contains(j.Site))
        && !living.Any(job => job.Name == entry.Name || entry.Jobs.Any(j => j.Site == job.Site && j.JobId == job.Id));

    static Orphan Stale(LedgerEntry entry) => new(OrphanKind.StaleReservation, entry.Name)
    {
        Site = string.Join(',', entry.Jobs.Select(j => j.Site).Order(StringComparer.Ordinal)),
        Reason = "None of its jobs is left.",
        Recommendation = $"Remove-G5kReservation {entry.Name}",
    };

    /// <summary>What <see cref="ReservationService"/> and deployments call the jobs that the user has given no name.</summary>
    [GeneratedRegex("^(g5k-[0-9a-f]{8}|walt-[0-9]{4}-[0-9]{2}-[0-9]{2}--[0-9]{2}-[0-9]{2}-[0-9]{2}(-[0-9]+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex OurNames();
}
