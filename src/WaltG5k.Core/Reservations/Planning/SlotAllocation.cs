using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// Chooses among equals at one start: fewer sites, then fewer clusters, then nodes that are switched on, then those with the smallest hole left
/// behind, then by name.
/// </summary>
sealed class SlotAllocation
{
    readonly PlanningProblem _problem;
    readonly long _start;
    readonly List<Batch> _batches;

    /// <summary>Elements of one kind that are alike in what the choice looks at.</summary>
    sealed record Batch(int Kind, string Site, string Cluster, bool IsStandby, List<PlanElement> Elements);

    SlotAllocation(PlanningProblem problem, long start)
    {
        _problem = problem;
        _start = start;
        _batches = [.. problem.At(start)
            .GroupBy(e => (e.Kind, e.Element.Site, Cluster: (e.Element as NodeElement)?.Cluster ?? "",
            IsStandby: e.Element is NodeElement { Health: NodeHealth.Standby }))
            .Select(g => new Batch(g.Key.Kind, g.Key.Site, g.Key.Cluster, g.Key.IsStandby, [.. g.Select(e => e.Element)]))];
        Sort();
    }

    /// <summary>The elements of each demand.</summary>
    public static IReadOnlyList<IReadOnlyList<PlanElement>> Choose(PlanningProblem problem, long start) =>
        new SlotAllocation(problem, start).Choose();

    IReadOnlyList<PlanElement>[] Choose()
    {
        var flow = new DemandFlow([.. _batches.Select(b => _problem.Masks[b.Kind])], _problem.Demands.Count);
        // What a batch has given it goes on giving, though perhaps to another demand: so the preferred ones are used first and no more than is
        // needed.
        for (int b = 0; b < _batches.Count; b++)
        {
            flow.Offer(b, _batches[b].Elements.Count);
            for (int d = 0; d < _problem.Demands.Count; d++) flow.Fill(d, _problem.Demands[d].Least);
        }
        for (int d = 0; d < _problem.Demands.Count; d++) flow.Fill(d, _problem.Demands[d].Most);
        List<PlanElement>[] chosen = [.. _problem.Demands.Select(_ => new List<PlanElement>())];
        for (int b = 0; b < _batches.Count; b++)
        {
            PlanElement[] ordered = [.. _batches[b].Elements.OrderBy(GetHole).ThenBy(e => e.Name, NaturalComparer.Instance)];
            int taken = 0;
            for (int d = 0; d < chosen.Length; d++)
                for (int i = 0; i < flow.Flow(d, b); i++) chosen[d].Add(ordered[taken++]);
        }
        return chosen;
    }

    /// <summary>Sites that must take part come first, then those that can give most; inside a site the clusters that can give most.</summary>
    void Sort()
    {
        HashSet<string> involved = [.. _problem.Demands.Select(d => d.Source).SelectMany(Named)];
        Dictionary<string, int> nodes = _batches.Where(b => b.Cluster.Length > 0).GroupBy(b => b.Site)
            .ToDictionary(g => g.Key, g => g.Sum(b => b.Elements.Count));
        Dictionary<(string, string), int> clusters = _batches.GroupBy(b => (b.Site, b.Cluster))
            .ToDictionary(g => g.Key, g => g.Sum(b => b.Elements.Count));
        List<string> order = [.. _problem.Demands.Select(d => d.Source).OfType<VlanDemand>().SelectMany(v => v.Sites)];
        List<Batch> sorted = [.. _batches
            .OrderBy(b => b.Cluster.Length == 0)
            .ThenBy(b => !involved.Contains(b.Site))
            .ThenByDescending(b => nodes.GetValueOrDefault(b.Site))
            .ThenBy(b => order.IndexOf(b.Site) is >= 0 and var i ? i : int.MaxValue)
            .ThenBy(b => b.Site, StringComparer.Ordinal)
            .ThenByDescending(b => clusters[(b.Site, b.Cluster)])
            .ThenBy(b => b.Cluster, NaturalComparer.Instance)
            .ThenBy(b => b.IsStandby)];
        _batches.Clear();
        _batches.AddRange(sorted);
    }

    /// <summary>Sites that a demand cannot do without.</summary>
    static IEnumerable<string> Named(object source) => source switch
    {
        NodeDemand { Filter.Sites: [var only] } => [only],
        SubnetDemand subnets => [subnets.Site],
        _ => [],
    };

    long GetHole(PlanElement element) => FreeUntil(element, _start) is { } until ? until - _start - _problem.Length : long.MaxValue;

    /// <summary>When the next job takes an element that is free at <paramref name="start"/>; null when none is planned.</summary>
    public static long? FreeUntil(PlanElement element, long start)
    {
        int low = 0, high = element.Busy.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (element.Busy[middle].From < start) low = middle + 1;
            else high = middle;
        }
        long? own = low < element.Busy.Length ? element.Busy[low].From : null;
        return element is SubnetBlock block ? block.Members.Select(m => FreeUntil(m, start)).Min() : own;
    }
}
