using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>
/// Submits a plan, round after round: at a fixed date there is one; a date that was searched for is searched anew after a refusal, in the same hours
/// and no earlier than OAR says; "now" goes on with the dates that OAR names, as long as they are near.
/// </summary>
sealed class ReservationSubmitter(
    IGrid grid, IReporter reporter, ReservationLedger ledger, ReservationCleaner cleaner, ReservationPlanner planner, ScheduleCache schedules,
    ReservationPlan plan)
{
    /// <summary>How far ahead the common date of "now" lies: every site must have validated its job by then.</summary>
    static readonly TimeSpan s_firstMargin = TimeSpan.FromSeconds(8), s_largestMargin = TimeSpan.FromMinutes(5);

    /// <summary>OAR's dates are those of the moment: one that leads nowhere is left behind by so much.</summary>
    static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);

    readonly List<ReservationRound> _rounds = [];
    ReservationPlan _plan = plan;
    TimeSpan _margin = s_firstMargin;

    /// <exception cref="G5kException"><c>NoFreeResource</c>, <c>ReservationTooLate</c>, what <see cref="SubmissionRound.RunAsync"/> and the planner
    /// say.</exception>
    public async Task<LedgerEntry> SubmitAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset start = _plan.Start ?? Soonest();
        DateTimeOffset? latest = _plan.Request.LatestStart ?? (_plan.Request.Start.IsNow ? grid.Time.GetUtcNow() + ReservationStart.NowLimit : null);
        for (int number = 1; ; number++)
        {
            var round = new SubmissionRound(grid, ledger, cleaner, _plan, start);
            try
            {
                return await round.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (e.Code is "ReservationRefused" or "ReservationTooLate")
            {
                if (!_plan.SearchesOn) throw Explain(e);
                DateTimeOffset next = FindNext(start, e, round.Slowest);
                if (number < _plan.Request.MaxRounds) next = await PlanAgainAsync(next, cancellationToken).ConfigureAwait(false);
                Take(new ReservationRound(number, start, e.Message, next), latest, e);
                start = next;
            }
            finally
            {
                schedules.Clear();   // what was read is over, whatever came of it
            }
        }
    }

    /// <summary>The start that a new plan finds, with fresh schedules; where nothing was searched for, the one given.</summary>
    async Task<DateTimeOffset> PlanAgainAsync(DateTimeOffset earliest, CancellationToken cancellationToken)
    {
        ReservationPlan refused = _plan;
        if (!refused.Asked.Start.IsSearched) return earliest;
        bool isMax = refused.Asked.Start.IsMax;
        // What OAR says of the most nodes holds for as many: fewer may be free sooner, as the schedules tell if they have heard of it.
        if (isMax) await PlanFromAsync(Soonest(), cancellationToken).ConfigureAwait(false);
        if (!isMax || HasSameCounts(refused))
        {
            if (earliest > refused.Asked.LatestStart) return earliest;
            await PlanFromAsync(earliest, cancellationToken).ConfigureAwait(false);
        }
        DateTimeOffset found = _plan.Slot?.Start ?? earliest;
        return found > Soonest() ? found : Soonest();
    }

    async Task PlanFromAsync(DateTimeOffset earliest, CancellationToken cancellationToken)
    {
        schedules.Clear();
        _plan = await planner.PlanAsync(_plan.Asked, earliest, cancellationToken).ConfigureAwait(false);
    }

    bool HasSameCounts(ReservationPlan other) =>
        _plan.Request.NodeCounts.OrderBy(c => c.Key, StringComparer.Ordinal)
        .SequenceEqual(other.Request.NodeCounts.OrderBy(c => c.Key, StringComparer.Ordinal));

    void Take(ReservationRound round, DateTimeOffset? latest, G5kException cause)
    {
        _rounds.Add(round);
        if (round.Number >= _plan.Request.MaxRounds || round.Next > latest) throw Explain(cause);
        string message = $"{Text(round)} Next: {GridZone.Format(round.Next)}.";
        if (cause.Code == "ReservationTooLate") reporter.Verbose(message);
        else reporter.Warning(message);
    }

    string Text(ReservationRound round) => string.Create(CultureInfo.InvariantCulture,
        $"{_plan.Name}: {round.Number} of {_plan.Request.MaxRounds} attempts. {round.Reason}");

    DateTimeOffset FindNext(DateTimeOffset start, G5kException cause, TimeSpan slowest)
    {
        // Three times the slowest answer seen, and twice as long as what was not enough.
        TimeSpan wanted = cause.Code == "ReservationTooLate" ? _margin * 2 : _margin;
        if (slowest * 3 > wanted) wanted = slowest * 3;
        _margin = wanted < s_largestMargin ? wanted : s_largestMargin;
        if (cause.Code == "ReservationTooLate") return Soonest();
        DateTimeOffset next = cause.Data["NextPossibleStart"] is DateTimeOffset hint && hint > start ? hint : start + s_step;
        return next > Soonest() ? next : Soonest();
    }

    DateTimeOffset Soonest()
    {
        DateTimeOffset moment = grid.Time.GetUtcNow() + _margin;
        return new DateTimeOffset((moment.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    G5kException Explain(G5kException cause)
    {
        DateTimeOffset? next = _rounds.Count > 0 ? _rounds[^1].Next : cause.Data["NextPossibleStart"] as DateTimeOffset?;
        if (cause.Code == "ReservationTooLate" || next is not { } moment) return cause;
        string date = GridZone.ToLocal(moment).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string elsewhere = _plan.Sites.Count > 1 ? " Nothing was reserved at the other sites." : "";
        string attempts = _rounds.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" {_rounds.Count} dates were tried.") : "";
        string limit = _plan.Request is { LatestStart: null, Start.IsNow: true }
            ? string.Create(CultureInfo.InvariantCulture, $" Now is within {ReservationStart.NowLimit.TotalMinutes:0} minutes.")
            : "";
        string search = _plan.Request.Start.IsSearched ? "" : ", or let the date be found: -Start First";
        return new G5kException("NoFreeResource", ErrorKind.ResourceUnavailable,
            $"{cause.Message}{elsewhere}{attempts} It could start at {date} (Paris time).{limit}", cause.Target,
            $"Ask for fewer nodes, or reserve ahead: add -Start '{date}'{search}", cause)
        {
            Data = { ["NextPossibleStart"] = moment, ["Rounds"] = _rounds.ToArray() },
        };
    }
}
