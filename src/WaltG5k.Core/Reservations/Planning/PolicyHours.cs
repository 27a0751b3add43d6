namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// The starts at which a job keeps the hours that a query asks for. The policy constrains the job as a whole: no element is busy because of it.
/// </summary>
static class PolicyHours
{
    static readonly TimeSpan s_shortJob = TimeSpan.FromHours(1), s_shortNotice = TimeSpan.FromMinutes(10), s_eveningBegins = TimeSpan.FromHours(17);

    public static IReadOnlyList<StartRange> GetStarts(SlotQuery query, StartRange window)
    {
        if (window.First > window.Last) return [];
        if (query.Hours == SlotHours.Any) return [window];
        long walltime = (long)query.Walltime.Duration.TotalSeconds;
        DateTimeOffset from = DateTimeOffset.FromUnixTimeSeconds(window.First), to = DateTimeOffset.FromUnixTimeSeconds(window.Last);
        List<StartRange> starts = [];
        foreach (UsagePeriod period in UsageCalendar.GetPeriods(from, to))
        {
            if (!IsWanted(query.Hours, period)) continue;
            Add(starts, period.Start.ToUnixTimeSeconds(), period.End.ToUnixTimeSeconds() - walltime, window);
        }
        if (query.Hours != SlotHours.Policy || query.SubmittedAt is not { } submitted) return starts;
        List<StartRange> exceptions = [];
        long now = submitted.ToUnixTimeSeconds();
        if (query.Walltime.Duration <= s_shortJob) Add(exceptions, now, now + (long)s_shortNotice.TotalSeconds - 1, window);
        List<StartRange> evening = [];
        if (UsageCalendar.IsDay(submitted) && Text.GridZone.ToLocal(submitted).TimeOfDay >= s_eveningBegins)
        {
            // Submitted after 17:00, a job may go on into the night.
            UsagePeriod[] tonight = [.. UsageCalendar.GetPeriods(submitted, submitted + TimeSpan.FromHours(3)).Take(2)];
            Add(evening, now, Math.Min(tonight[1].End.ToUnixTimeSeconds() - walltime, tonight[0].End.ToUnixTimeSeconds() - 1), window);
        }
        return StartTimes.InAtLeast(1, [starts, exceptions, evening]);
    }

    static bool IsWanted(SlotHours hours, UsagePeriod period) => hours switch
    {
        SlotHours.Day => period.IsDay,
        SlotHours.Night => !period.IsDay,
        SlotHours.Weekend => period.IsWeekend,
        _ => true,
    };

    static void Add(List<StartRange> starts, long first, long last, StartRange window)
    {
        first = Math.Max(first, window.First);
        last = Math.Min(last, window.Last);
        if (first <= last) starts.Add(new StartRange(first, last));
    }
}
