using System.Globalization;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Says why a slot does not begin earlier, or why there is none.</summary>
static class SlotExplanation
{
    /// <summary>The name of the usage policy among the shortages.</summary>
    public const string Hours = "hours";

    /// <summary>What is short at one start. Of each set of demands that compete, those that the shortage is about.</summary>
    public static IReadOnlyList<SlotShortage> GetShortages(PlanningProblem problem, SlotQuery query, IReadOnlyList<SiteSchedule> schedules,
        long start)
    {
        var shortages = new List<SlotShortage>();
        if (!problem.Hours.Any(h => h.First <= start && start <= h.Last))
        {
            StartRange[] later = [.. problem.Hours.Where(h => h.First > start).Take(1)];
            shortages.Add(new SlotShortage(Hours, 1, 0) { MetAt = later.Length > 0 ? DateTimeOffset.FromUnixTimeSeconds(later[0].First) : null });
        }
        int[] counts = problem.CountAt(start);
        foreach (DemandGroup group in DemandGroup.Divide(problem, out _))
        {
            (int Demand, int Available)[] found = [.. group.GetShortages(counts)];
            if (found.Length == 0) continue;
            object[] sources = [.. found.Select(f => problem.Demands[f.Demand].Source)];
            DateTimeOffset? metAt = FindNext(query, schedules, start, sources);
            shortages.AddRange(found.Select(f => new SlotShortage(problem.Demands[f.Demand].Label, problem.Demands[f.Demand].Least,
                f.Available) { MetAt = metAt }));
        }
        return shortages;
    }

    /// <summary>When these demands alone can be met, whatever the hours.</summary>
    static DateTimeOffset? FindNext(SlotQuery query, IReadOnlyList<SiteSchedule> schedules, long after, object[] sources)
    {
        SlotQuery alone = query with
        {
            Nodes = [.. query.Nodes.Where(d => sources.Contains(d))],
            Vlans = [.. query.Vlans.Where(d => sources.Contains(d))],
            Subnets = [.. query.Subnets.Where(d => sources.OfType<SubnetDemand>().Any(s => s.Site == d.Site))],
            Hours = SlotHours.Any,
            Earliest = DateTimeOffset.FromUnixTimeSeconds(after),
        };
        IReadOnlyList<SlotWindow> windows = SlotWindows.Find(ProblemBuilder.Build(alone, schedules), SlotCriterion.Free, 1);
        return windows.Count > 0 ? DateTimeOffset.FromUnixTimeSeconds(windows[0].First) : null;
    }

    public static string Describe(IReadOnlyList<SlotShortage> shortages, SlotQuery query) =>
        string.Join("; ", shortages.Select(s => Describe(s, query)));

    static string Describe(SlotShortage shortage, SlotQuery query)
    {
        string until = shortage.MetAt is { } date ? $" until {Date(date)}" : "";
        if (shortage.Demand != Hours) return $"{shortage.Available} of {shortage.Wanted} {shortage.Demand}{until}";
        return query.Hours switch
        {
            SlotHours.Policy => $"it would cross 9:00 or 19:00 of a working day{until}",
            SlotHours.Day => $"no day hours long enough{until}",
            SlotHours.Night => $"no night long enough{until}",
            _ => $"no week-end long enough{until}",
        };
    }

    /// <summary>Nothing fits: either it never can, or not in the window.</summary>
    public static G5kException Refuse(PlanningProblem problem, SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        string unread = string.Concat(schedules.Where(s => s.Error is not null).Select(s => $" {s.Site} could not be read: {s.Error!.Message}"));
        (CountedDemand Demand, int Available)[] never =
            [.. DemandGroup.Divide(problem, out _).SelectMany(g => g.GetShortages(problem.Totals))
            .Select(s => (problem.Demands[s.Demand], s.Available))];
        if (never.Length > 0)
        {
            string short_ = string.Join(", ", never.Select(n => $"{n.Available} of {n.Demand.Least} {n.Demand.Label}"));
            return new G5kException("NotEnoughResources", ErrorKind.LimitsExceeded,
                $"There are never enough: {short_} can be used for {query.Walltime}.{Unusable(query, schedules)}{unread}", never[0].Demand.Label,
                "Ask for fewer, for another site or cluster, or for a shorter -Walltime: Get-G5kCluster shows what there is.");
        }
        if (problem.Hours.Count == 0)
            return new G5kException("NoSuchHours", ErrorKind.LimitsExceeded,
                $"A walltime of {query.Walltime} fits into no {HoursName(query.Hours)} between {Date(query.Earliest)} and {Date(query.Latest)}.",
                query.Walltime,
                "Shorten -Walltime, give a later -Latest, or add -Hours Any (the usage policy then asks for an agreement).");
        // The window's beginning tells best what one waits for.
        IReadOnlyList<SlotShortage> shortages =
            GetShortages(problem, query with { Latest = query.Latest.AddYears(1) }, schedules, problem.Window.First);
        if (shortages.Count == 0) shortages = GetShortages(problem, query with { Latest = query.Latest.AddYears(1) }, schedules, problem.Window.Last);
        var refusal = new G5kException("NoSlot", ErrorKind.ResourceUnavailable,
            $"Nothing fits between {Date(query.Earliest)} and {Date(query.Latest)} (Paris time). At first {Describe(shortages, query)}.{unread}",
            shortages.Count > 0 ? shortages[0].Demand : null,
            "Give a later -Latest, ask for fewer nodes, or for a shorter -Walltime.");
        refusal.Data["Shortages"] = shortages.ToArray();
        return refusal;
    }

    /// <summary>How many nodes that fit are out of order or limited: without it the numbers would not add up for who counts the cluster.</summary>
    static string Unusable(SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        NodeElement[] fitting = [.. schedules.SelectMany(s => s.Nodes).Where(n => query.Nodes.Any(d => d.Filter.Fits(n)))];
        int down = fitting.Count(n => !n.IsUsable), limited = fitting.Count(n => n.IsUsable && n.MaxWalltime < query.Walltime.Duration);
        return (down > 0 ? $" {down} more are absent, suspected or dead." : "")
            + (limited > 0
            ? $" {limited} take jobs of at most {new Oar.Walltime(fitting.Where(n => n.MaxWalltime < query.Walltime.Duration).Max(n => n.MaxWalltime)!.Value)}." : "");
    }

    static string HoursName(SlotHours hours) => hours switch
    {
        SlotHours.Day => "day hours",
        SlotHours.Night => "night or week-end",
        SlotHours.Weekend => "week-end",
        _ => "stretch between 9:00 and 19:00 of working days",
    };

    static string Date(DateTimeOffset date) =>
        GridZone.ToLocal(date).ToString(date.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
