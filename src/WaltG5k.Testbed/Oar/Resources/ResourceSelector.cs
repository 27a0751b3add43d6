using System.Globalization;
using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Testbed.Oar.Resources;

/// <summary>
/// Chooses the units of a request, group after group. Nodes are given away whole: a request for cores gets as many nodes as have them.
/// </summary>
public sealed class ResourceSelector
{
    readonly ResourceTable _table;
    readonly List<(UnitSet Candidates, IReadOnlyList<ResourceLevel> Levels)> _groups = [];

    /// <exception cref="SqlException">A filter or property cannot be evaluated.</exception>
    public ResourceSelector(ResourceTable table, ResourceRequest request, string properties, string queue)
    {
        _table = table;
        UnitSet allowed = table.Where(u => u.IsInQueue(queue));
        if (properties.Length > 0) allowed.IntersectWith(table.Matching(properties));
        foreach (ResourceGroup group in request.Groups)
        {
            UnitSet candidates = allowed.Clone();
            if (group.Filter is not null) candidates.IntersectWith(table.Matching(group.Filter));
            foreach (ResourceLevel level in group.Levels)
            {
                if (ResourceColumns.Find(level.Property) is null) throw new SqlException($"column \"{level.Property}\" does not exist", 0);
            }
            candidates.IntersectWith(table.Where(u => group.Levels.All(l => ValueOf(u, l.Property) is { Length: > 0 }) && HasRows(u, group.Levels)));
            _groups.Add((candidates, group.Levels));
        }
    }

    /// <summary>The units of the first possible choice, or null when these do not suffice.</summary>
    public UnitSet? Select(UnitSet available)
    {
        UnitSet left = available.Clone();
        var chosen = new UnitSet(available.Capacity);
        foreach ((UnitSet candidates, IReadOnlyList<ResourceLevel> levels) in _groups)
        {
            UnitSet? units = Select(candidates, levels, 0, left);
            if (units is null) return null;
            chosen.UnionWith(units);
            left.ExceptWith(units);
        }
        return chosen;
    }

    UnitSet? Select(UnitSet candidates, IReadOnlyList<ResourceLevel> levels, int depth, UnitSet available)
    {
        ResourceLevel level = levels[depth];
        if (IsUnit(level.Property)) return SelectUnits(candidates, level.Count, available);
        if (IsPartOfNode(level.Property)) return SelectRows(candidates, level.Count, available);
        return SelectBlocks(candidates, levels, depth, available);
    }

    static UnitSet? SelectUnits(UnitSet candidates, int count, UnitSet available)
    {
        if (count == ResourceLevel.All) return !candidates.IsEmpty && available.Contains(candidates) ? candidates : null;
        UnitSet free = candidates.Clone().IntersectWith(available);
        if (count == ResourceLevel.Best) return free.IsEmpty ? null : free;
        return free.TakeFirst(count);
    }

    UnitSet? SelectRows(UnitSet candidates, int count, UnitSet available)
    {
        if (count < 0) return SelectUnits(candidates, count, available);
        var chosen = new UnitSet(available.Capacity);
        foreach (int index in candidates.Clone().IntersectWith(available).Indexes())
        {
            if (count <= 0) break;
            chosen[index] = true;
            count -= _table.Units[index].RowCount;
        }
        return count <= 0 ? chosen : null;
    }

    // Switches, clusters, larger subnets: some of several blocks, and of each of them what the next level asks, or all of it.
    UnitSet? SelectBlocks(UnitSet candidates, IReadOnlyList<ResourceLevel> levels, int depth, UnitSet available)
    {
        ResourceLevel level = levels[depth];
        var chosen = new UnitSet(available.Capacity);
        int found = 0;
        IEnumerable<IGrouping<string, int>> blocks = candidates.Indexes().GroupBy(i => ValueOf(_table.Units[i], level.Property)!);
        foreach (IGrouping<string, int> block in blocks.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            if (found == level.Count) break;
            var members = new UnitSet(available.Capacity);
            foreach (int index in block) members[index] = true;
            UnitSet? units = depth + 1 < levels.Count ? Select(members, levels, depth + 1, available) : available.Contains(members) ? members : null;
            if (units is null)
            {
                if (level.Count == ResourceLevel.All) return null;
                continue;
            }
            chosen.UnionWith(units);
            found++;
        }
        return found > 0 && found >= level.Count ? chosen : null;
    }

    static bool IsUnit(string property) => property is "network_address" or "host" or "vlan" or "slash_22";
    static bool IsPartOfNode(string property) => property is "core" or "cpu" or "thread" or "resource_id" or "cpuset";

    static string? ValueOf(ResourceUnit unit, string property) =>
        Convert.ToString(ResourceColumns.Find(property)!.Get(new ResourceRow(unit, 0)), CultureInfo.InvariantCulture);

    // nodes=2/core=8: only nodes that have so many.
    static bool HasRows(ResourceUnit unit, IReadOnlyList<ResourceLevel> levels)
    {
        bool belowNode = false;
        int wanted = 1;
        foreach (ResourceLevel level in levels)
        {
            if (belowNode && level.Property is "core" or "cpuset" or "resource_id") wanted *= Math.Max(1, level.Count);
            belowNode |= level.Property is "network_address" or "host";
        }
        return unit.RowCount >= wanted || !belowNode;
    }
}
