using System.Runtime.ExceptionServices;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>
/// One attempt: all sites at one date, at the same time. The ledger knows what is about to exist before the first oarsub runs, and each id as soon as
/// it is printed. When a site fails, nothing is left at the others.
/// </summary>
sealed class SubmissionRound(IGrid grid, ReservationLedger ledger, ReservationCleaner cleaner, ReservationPlan plan, DateTimeOffset start)
{
    /// <summary>How much longer than the first refusal the others may take to say when they could: then one more round knows all dates.</summary>
    static readonly TimeSpan s_hintsWait = TimeSpan.FromSeconds(5);

    /// <summary>OAR takes a date that is just over, and cuts the walltime by as much. It is itself not more exact than this.</summary>
    static readonly TimeSpan s_lateness = TimeSpan.FromSeconds(30);

    readonly Lock _writing = new();
    readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LedgerEntry _entry = new()
    {
        Name = plan.Name,
        CreatedAt = grid.Time.GetUtcNow(),
        Start = start,
        ServerSite = plan.Request.ServerSite,
        Vlan = plan.Request.Vlan,
        Walltime = plan.Request.Walltime.ToString(),
        Submitting = true,
        Jobs = [.. plan.Sites.Select(s => new LedgerJob(s.Site, 0, s.HoldsServer, s.HoldsVlan, s.NodeCount + (s.HoldsServer ? 1 : 0)))],
    };

    /// <summary>How long the slowest site took to answer.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>The reservation as the ledger has it.</summary>
    /// <exception cref="G5kException">
    /// <c>ReservationRefused</c>, for all sites that refused, with the latest of their <c>NextPossibleStart</c>; <c>ReservationTooLate</c>; what
    /// <see cref="OarClient.SubmitAsync"/> says.
    /// </exception>
    public async Task<LedgerEntry> RunAsync(CancellationToken cancellationToken)
    {
        ledger.Write(_entry);
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<OarSubmission>[] submissions = [.. plan.Sites.Select(s => SubmitAsync(s, others))];
        Task all = Task.WhenAll(submissions);
        if (await Task.WhenAny(all, _refused.Task).ConfigureAwait(false) != all)
            await Task.WhenAny(all, Task.Delay(s_hintsWait, grid.Time, others.Token)).ConfigureAwait(false);
        await others.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isLate = grid.Time.GetUtcNow() > start + s_lateness;
        Exception? failure = submissions.All(s => s.IsCompletedSuccessfully)
            ? (isLate && plan.SearchesOn ? TooLate(null) : null)
            : FindCause(submissions, cancellationToken);
        if (failure is not null)
        {
            LedgerEntry made;
            lock (_writing) made = _entry;
            // A site whose id never came may hold a job all the same: it is looked for by its name.
            await cleaner.ClearAsync(made).ConfigureAwait(false);
            ExceptionDispatchInfo.Throw(failure);
        }
        lock (_writing)
        {
            _entry = _entry with { Submitting = false };
            ledger.Write(_entry);
            return _entry;
        }
    }

    async Task<OarSubmission> SubmitAsync(ReservationSitePlan site, CancellationTokenSource others)
    {
        long began = grid.Time.GetTimestamp();
        try
        {
            return await OarClient.For(grid, site.Site)
                .SubmitAsync(site.Job with { Start = start }, id => Note(site.Site, id), others.Token).ConfigureAwait(false);
        }
        catch (G5kException e) when (e.Code == "ReservationRefused" && plan.SearchesOn)
        {
            _refused.TrySetResult();
            throw;
        }
        catch
        {
            await others.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            TimeSpan took = grid.Time.GetElapsedTime(began);
            lock (_writing)
                if (took > Slowest) Slowest = took;
        }
    }

    void Note(string site, long id)
    {
        lock (_writing)
        {
            _entry = _entry with { Jobs = [.. _entry.Jobs.Select(j => j.Site == site ? j with { JobId = id } : j)] };
            ledger.Write(_entry);
        }
    }

    /// <summary>The failure that counts: not the cancellations that it caused at the other sites.</summary>
    Exception FindCause(Task<OarSubmission>[] submissions, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return new OperationCanceledException(cancellationToken);
        Exception[] all = [.. submissions.Where(s => s.Exception is not null).SelectMany(s => s.Exception!.InnerExceptions)];
        G5kException[] refusals = [.. all.OfType<G5kException>().Where(e => e.Code == "ReservationRefused")];
        Exception? other = all.OfType<G5kException>().FirstOrDefault(e => e.Code != "ReservationRefused")
            ?? all.FirstOrDefault(e => e is not G5kException and not OperationCanceledException);
        if (other is not null) return other;
        return refusals.Length > 0 ? Join(refusals) : new OperationCanceledException();
    }

    G5kException Join(G5kException[] refusals)
    {
        DateTimeOffset[] dates = [.. refusals.Select(r => r.Data["NextPossibleStart"]).OfType<DateTimeOffset>()];
        if (dates.Length == 0 && plan.SearchesOn && grid.Time.GetUtcNow() >= start - TimeSpan.FromSeconds(1)) return TooLate(refusals[0]);
        if (refusals.Length == 1) return refusals[0];
        var joined = new G5kException("ReservationRefused", ErrorKind.ResourceBusy, string.Join(' ', refusals.Select(r => r.Message)),
            string.Join(',', refusals.Select(r => r.Target)), refusals[0].Recommendation, refusals[0]);
        if (dates.Length > 0) joined.Data["NextPossibleStart"] = dates.Max();
        return joined;
    }

    G5kException TooLate(Exception? cause) => new("ReservationTooLate", ErrorKind.OperationTimeout,
        $"The sites did not answer before the common start date, {GridZone.Format(start)}.", plan.Name, "Run the command again.", cause);
}
