using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Finds slots in schedules that have been read: pure computation.</summary>
public static class SlotFinder
{
    /// <summary>The walltime that is looked for when the longest one is wanted.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromDays(60);

    /// <summary>The slots that the query's criterion wants, or the reason why there are none.</summary>
    /// <exception cref="G5kException"><c>TooManyDemands</c>, <c>InvalidSubnet</c>.</exception>
    public static SlotSearch Find(SlotQuery query, IReadOnlyList<SiteSchedule> schedules, DateTimeOffset now)
    {
        PlanningProblem problem = ProblemBuilder.Build(query, schedules);
        IReadOnlyList<SlotWindow> windows = SlotWindows.Find(problem, query.Criterion, query.MaximumSlots);
        if (windows.Count == 0) return new SlotSearch([]) { Refusal = SlotExplanation.Refuse(problem, query, schedules) };
        return new SlotSearch([.. windows.Select(w => ToSlot(problem, query, schedules, w, now))]);
    }

    /// <summary>The longest walltime with which the query's demands fit at its earliest start; null when they do not fit at all then.</summary>
    public static Walltime? FindLongestWalltime(SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        long fits = 0, tooLong = (long)s_longest.TotalSeconds + 1;
        while (tooLong - fits > 1)   // what fits for a time fits for any shorter one
        {
            long middle = fits + (tooLong - fits) / 2;
            SlotQuery tried = query with { Latest = query.Earliest, Walltime = new Walltime(TimeSpan.FromSeconds(middle)) };
            if (SlotWindows.Find(ProblemBuilder.Build(tried, schedules), SlotCriterion.Free, 1).Count > 0) fits = middle;
            else tooLong = middle;
        }
        return fits > 0 ? new Walltime(TimeSpan.FromSeconds(fits)) : null;
    }

    static Slot ToSlot(PlanningProblem problem, SlotQuery query, IReadOnlyList<SiteSchedule> schedules, SlotWindow window, DateTimeOffset now)
    {
        IReadOnlyList<IReadOnlyList<PlanElement>> chosen = SlotAllocation.Choose(problem, window.First);
        DateTimeOffset start = DateTimeOffset.FromUnixTimeSeconds(window.First);
        SlotShare[] shares = [.. SlotShares.Build(problem, chosen, schedules)];
        IReadOnlyList<SlotShortage> shortages = window.First > problem.Window.First
            ? SlotExplanation.GetShortages(problem, query, schedules, window.First - 1)
            : [];
        if (shortages.Count == 0 && window.First > problem.Window.First) shortages = Fewer(problem, window);
        HashSet<string> used = [.. shares.Select(s => s.Site)];
        return new Slot(start, query.Walltime)
        {
            Wait = start > now ? start - now : TimeSpan.Zero,
            LastStart = DateTimeOffset.FromUnixTimeSeconds(window.Last),
            Shares = shares,
            Vlan = query.Vlans.Count > 0 ? query.Vlans[0].Kind : VlanKind.None,
            VlanSite = shares.FirstOrDefault(s => s.Vlans.Count > 0)?.Site,
            ServerSite = shares.FirstOrDefault(s => s.ServerNode is not null)?.Site,
            Hours = DescribeHours(start, start + query.Walltime.Duration),
            LongestWalltime = GetLongest(chosen, query, window.First),
            Shortages = shortages,
            WhyNotEarlier = SlotExplanation.Describe(shortages, query),
            UnreadSites = [.. schedules.Where(s => s.Error is not null).Select(s => s.Site)],
            UnplannedJobs = schedules.Where(s => used.Contains(s.Site)).Aggregate((int?)0, (sum, s) => sum + s.UnplannedJobs),
        };
    }

    /// <summary>Where more nodes than the least were wanted, the earlier start had fewer.</summary>
    static SlotShortage[] Fewer(PlanningProblem problem, SlotWindow window)
    {
        SweepStep before = new EventSweep(problem, countsNodes: true).Run().First(s => s.To >= window.First - 1);
        return before.Nodes < window.Nodes ? [new SlotShortage("nodes", window.Nodes,
            before.Nodes) { MetAt = DateTimeOffset.FromUnixTimeSeconds(window.First) }] : [];
    }

    static string DescribeHours(DateTimeOffset start, DateTimeOffset end)
    {
        UsagePeriod[] periods = [.. UsageCalendar.GetPeriods(start, end.AddSeconds(-1)).Take(2)];
        return periods.Length == 1 ? periods[0].ToString() : "mixed";
    }

    static TimeSpan? GetLongest(IReadOnlyList<IReadOnlyList<PlanElement>> chosen, SlotQuery query, long start)
    {
        long? until = chosen.SelectMany(c => c).Select(e => SlotAllocation.FreeUntil(e, start)).Min();
        return until is { } end ? TimeSpan.FromSeconds(end - start) - query.Guard : null;
    }
}
