using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>
/// Submits a plan, round after round: at a fixed date there is one; a plan that only wants to start soon goes on with the dates that OAR names, until all
/// sites agree on one.
/// </summary>
sealed class ReservationSubmitter(IGrid grid, IReporter reporter, ReservationLedger ledger, ReservationCleaner cleaner, ReservationPlan plan)
{
    /// <summary>How far ahead the common date of "now" lies: every site must have validated its job by then.</summary>
    static readonly TimeSpan s_firstMargin = TimeSpan.FromSeconds(8), s_largestMargin = TimeSpan.FromMinutes(5);

    /// <summary>OAR's dates are those of the moment: one that leads nowhere is left behind by so much.</summary>
    static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);

    readonly List<ReservationRound> _rounds = [];
    TimeSpan _margin = s_firstMargin;

    /// <exception cref="G5kException"><c>NoFreeResource</c>, <c>ReservationTooLate</c>, what <see cref="SubmissionRound.RunAsync"/> says.</exception>
    public async Task<LedgerEntry> SubmitAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset start = plan.Start ?? Soonest();
        for (int number = 1; ; number++)
        {
            var round = new SubmissionRound(grid, ledger, cleaner, plan, start);
            try
            {
                return await round.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (e.Code is "ReservationRefused" or "ReservationTooLate")
            {
                if (!plan.SearchesOn) throw Explain(e);
                DateTimeOffset next = FindNext(start, e, round.Slowest);
                Take(new ReservationRound(number, start, e.Message, next), e);
                start = next;
            }
        }
    }

    void Take(ReservationRound round, G5kException cause)
    {
        _rounds.Add(round);
        bool isLast = round.Number >= plan.Request.MaxRounds, isTooLate = plan.Request.LatestStart is { } latest && round.Next > latest;
        if (isLast || isTooLate) throw Explain(cause);
        string message = $"{Text(round)} Next: {GridZone.Format(round.Next)}.";
        if (cause.Code == "ReservationTooLate") reporter.Verbose(message);
        else reporter.Warning(message);
    }

    string Text(ReservationRound round) => string.Create(CultureInfo.InvariantCulture, $"{plan.Name}: {round.Number} of {plan.Request.MaxRounds} attempts. {round.Reason}");

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
        string elsewhere = plan.Sites.Count > 1 ? " Nothing was reserved at the other sites." : "";
        string attempts = _rounds.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" {_rounds.Count} dates were tried.") : "";
        return new G5kException("NoFreeResource", ErrorKind.ResourceUnavailable,
            $"{cause.Message}{elsewhere}{attempts} It could start at {date} (Paris time).", cause.Target,
            $"Ask for fewer nodes, or reserve ahead: add -Start '{date}'", cause)
        {
            Data = { ["NextPossibleStart"] = moment, ["Rounds"] = _rounds.ToArray() },
        };
    }
}
