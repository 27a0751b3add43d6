using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>What could be had earlier by giving one thing up.</summary>
static class SlotAlternatives
{
    /// <summary>The first slot gets them, when it is not the earliest start that was asked for.</summary>
    public static IEnumerable<Slot> Attach(IReadOnlyList<Slot> slots, SlotQuery query, IReadOnlyList<SiteSchedule> schedules) =>
        slots.Select((slot, i) => i == 0 && slot.Shortages.Count > 0 ? slot with { Alternatives = [.. Find(slot, query, schedules)] } : slot);

    static IEnumerable<SlotAlternative> Find(Slot slot, SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        SlotQuery sooner = query with { Latest = slot.Start.AddSeconds(-1), Criterion = SlotCriterion.Free, MaximumSlots = 1 };
        if (query.Vlans.Count > 0 && Start(sooner with { Vlans = [] }) is { } withoutVlan)
            yield return new SlotAlternative("without the VLAN", withoutVlan);
        if (query.Subnets.Count > 0 && Start(sooner with { Subnets = [] }) is { } withoutSubnets)
            yield return new SlotAlternative("without the subnets", withoutSubnets);
        if (query.Nodes.Any(d => d.Filter.Disks > 0)
            && Start(sooner with { Nodes = [.. query.Nodes.Select(d => d with { Filter = d.Filter with { Disks = 0 } })] }) is { } withoutDisks)
            yield return new SlotAlternative("without the disks", withoutDisks);
        if (query.Nodes.Any(d => d.Filter.Clusters.Count > 0)
            && Start(sooner with { Nodes = [.. query.Nodes.Select(d => d with { Filter = d.Filter with { Clusters = [] } })] }) is { } otherClusters)
            yield return new SlotAlternative("with any cluster", otherClusters);
        if (FewerNodes(sooner, schedules) is { } fewer) yield return fewer;
        var half = new Walltime(TimeSpan.FromSeconds(Math.Max(60, query.Walltime.Duration.TotalSeconds / 2)));
        if (half < query.Walltime && Start(sooner with { Walltime = half }) is { } shorter)
            yield return new SlotAlternative($"with a walltime of {half}", shorter);
        if (query.Hours != SlotHours.Any && Start(sooner with { Hours = SlotHours.Any }) is { } anyHours)
            yield return new SlotAlternative("outside the wanted hours", anyHours);

        DateTimeOffset? Start(SlotQuery relaxed) => FindStart(relaxed, schedules);
    }

    static DateTimeOffset? FindStart(SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        IReadOnlyList<SlotWindow> windows = SlotWindows.Find(ProblemBuilder.Build(query, schedules), SlotCriterion.Free, 1);
        return windows.Count > 0 ? DateTimeOffset.FromUnixTimeSeconds(windows[0].First) : null;
    }

    /// <summary>The most nodes that can be had before the slot: each demand of nodes beside the server may go down to one.</summary>
    static SlotAlternative? FewerNodes(SlotQuery sooner, IReadOnlyList<SiteSchedule> schedules)
    {
        SlotQuery fewer = sooner with { Nodes = [.. sooner.Nodes.Select(d => d.IsServer ? d : d with { Count = 1, Maximum = d.Count })] };
        IReadOnlyList<SlotWindow> windows = SlotWindows.Find(ProblemBuilder.Build(fewer, schedules), SlotCriterion.Max, 1);
        if (windows.Count == 0) return null;
        int servers = sooner.Nodes.Count(d => d.IsServer);
        int wanted = sooner.Nodes.Sum(d => d.Count) - servers, there = windows[0].Nodes - servers;
        return there < wanted ? new SlotAlternative($"with {there} of {wanted} nodes", DateTimeOffset.FromUnixTimeSeconds(windows[0].First)) : null;
    }
}
