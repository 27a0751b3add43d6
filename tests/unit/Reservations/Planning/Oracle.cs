using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;

namespace WaltG5k.Tests.Reservations.Planning;

/// <summary>The definition of a slot, looked up at every minute and half minute: slow, simple, and sharing no code with the planner.</summary>
sealed class Oracle(PlanningCase world)
{
    readonly SlotQuery _query = world.Query;

    /// <summary>The most nodes that can be had from that start on, or null when something that is needed is not free.</summary>
    public int? CountAt(DateTimeOffset start) => IsInHours(start) && HasVlans(start) && HasSubnets(start) ? CountNodes(start) : null;

    bool IsInHours(DateTimeOffset start)
    {
        bool[] isDay = [.. Enumerable.Range(0, 2 * (int)world.Walltime.Duration.TotalMinutes)
            .Select(m => UsageCalendar.IsDay(start.AddMinutes(m / 2.0)))];
        return _query.Hours switch
        {
            SlotHours.Any => true,
            SlotHours.Day => isDay.All(d => d),
            SlotHours.Night => !isDay.Any(d => d),
            _ => isDay.Distinct().Count() == 1,
        };
    }

    bool HasVlans(DateTimeOffset start) => _query.Vlans.All(d => world.Schedules.SelectMany(s => s.Vlans)
        .Count(v => v.Kind == d.Kind && (d.Sites.Count == 0 || d.Sites.Contains(v.Site)) && world.IsFree(v, start)) >= d.Count);

    bool HasSubnets(DateTimeOffset start)
    {
        bool[] free = [.. world.Schedules.Single(s => s.Site == "rennes").Subnets.Select(s => world.IsFree(s, start))];
        return Place(free, [.. _query.Subnets.SelectMany(d => Enumerable.Repeat(1 << (22 - d.PrefixLength), d.Count))], 0);
    }

    /// <summary>Tries every place for every block.</summary>
    static bool Place(bool[] free, int[] sizes, int next)
    {
        if (next == sizes.Length) return true;
        for (int at = 0; at + sizes[next] <= free.Length; at += sizes[next])
        {
            if (!free.AsSpan(at, sizes[next]).ToArray().All(f => f)) continue;
            bool[] left = [.. free];
            left.AsSpan(at, sizes[next]).Clear();
            if (Place(left, sizes, next + 1)) return true;
        }
        return false;
    }

    /// <summary>By the theorems of Hall and König over all sets of demands.</summary>
    int? CountNodes(DateTimeOffset start)
    {
        NodeElement[] nodes = [.. world.Schedules.SelectMany(s => s.Nodes).Where(n => n.IsUsable && !IsExcluded(n) && world.IsFree(n, start)
            && (n.MaxWalltime is not { } longest || world.Walltime.Duration <= longest))];
        bool Serves(NodeElement n, NodeDemand d) => d.Filter.Fits(n) && n.Disks.Count(k => world.IsFree(k, start)) >= d.Filter.Disks;
        int most = int.MaxValue;
        for (int set = 0; set < 1 << _query.Nodes.Count; set++)
        {
            NodeDemand[] inside = [.. _query.Nodes.Where((_, i) => (set >> i & 1) == 1)];
            int served = nodes.Count(n => inside.Any(d => Serves(n, d)));
            if (served < inside.Sum(d => d.Count)) return null;
            most = Math.Min(most, served + _query.Nodes.Except(inside).Sum(d => d.Maximum));
        }
        return most;
    }

    bool IsExcluded(NodeElement node) => _query.Excluded.Overlaps([node.Cluster, node.Name, node.Name.Split('.')[0]]);
}
