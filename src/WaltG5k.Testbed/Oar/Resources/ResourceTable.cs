using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Testbed.Oar.Resources;

/// <summary>
/// OAR's resources of one site. Kept by node, VLAN and subnet; a row per core exists only while it is printed. Units stand in the order in which OAR
/// gives them away: by host name as text, then VLANs, then subnets; ids follow the clusters.
/// </summary>
public sealed class ResourceTable
{
    internal const int SubnetCount = 8;
    const int CachedFilters = 200;
    readonly Dictionary<string, UnitSet> _matches = new(StringComparer.Ordinal);
    readonly Dictionary<string, ResourceUnit> _byHost;

    public ResourceTable(SiteModel site)
    {
        Site = site.Name;
        var firstIds = new Dictionary<NodeModel, int>();
        int id = 1;
        foreach (NodeModel node in site.Clusters.SelectMany(c => c.Nodes))
        {
            firstIds[node] = id;
            id += RowCount(node);
        }
        var units = new List<ResourceUnit>();
        foreach (NodeModel node in firstIds.Keys.OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            units.Add(new ResourceUnit
            {
                Index = units.Count, Kind = ResourceKind.Node, Site = site.Name, Node = node, FirstId = firstIds[node], RowCount = RowCount(node),
            });
        }
        foreach (VlanModel vlan in site.Vlans.Values)
        {
            units.Add(new ResourceUnit { Index = units.Count, Kind = ResourceKind.Vlan, Site = site.Name, Vlan = vlan, FirstId = id++,
                RowCount = 1 });
        }
        for (int number = 1; number <= SubnetCount; number++)
        {
            units.Add(new ResourceUnit
            {
                Index = units.Count, Kind = ResourceKind.Subnet, Site = site.Name, SubnetNumber = number, FirstId = id++, RowCount = 1,
            });
        }
        Units = units;
        _byHost = units.Where(u => u.Node is not null).ToDictionary(u => u.NetworkAddress, StringComparer.Ordinal);
    }

    public string Site { get; }
    public IReadOnlyList<ResourceUnit> Units { get; }
    public IEnumerable<ResourceRow> Rows => Units.OrderBy(u => u.FirstId).SelectMany(RowsOf);

    public static IEnumerable<ResourceRow> RowsOf(ResourceUnit unit) =>
        Enumerable.Range(0, unit.RowCount).Select(offset => new ResourceRow(unit, offset));

    public IEnumerable<ResourceUnit> UnitsOf(UnitSet set) => set.Indexes().Select(i => Units[i]);
    public ResourceUnit? FindHost(string host) => _byHost.GetValueOrDefault(host);
    public ResourceRow? FindRow(int id) => Units.FirstOrDefault(u => id >= u.FirstId && id < u.FirstId + u.RowCount) is { } unit
        ? new ResourceRow(unit, id - unit.FirstId)
        : null;

    public UnitSet Where(Func<ResourceUnit, bool> condition)
    {
        var set = new UnitSet(Units.Count);
        foreach (ResourceUnit unit in Units)
        {
            if (condition(unit)) set[unit.Index] = true;
        }
        return set;
    }

    /// <summary>The units of which at least one row meets a filter. Not to be changed by the caller.</summary>
    /// <exception cref="SqlException">The filter cannot be evaluated.</exception>
    public UnitSet Matching(string filter)
    {
        if (_matches.TryGetValue(filter, out UnitSet? known)) return known;
        SqlFilter parsed = Parse(filter);
        ResourceColumn[] columns = [.. parsed.Columns.Select(c => ResourceColumns.Find(c)!)];
        bool perRow = columns.Any(c => c.IsPerRow);
        UnitSet matches = Where(unit => perRow ? RowsOf(unit).Any(r => Matches(parsed, r)) : Matches(parsed, new ResourceRow(unit, 0)));
        if (columns.Any(c => c.IsVolatile)) return matches;
        if (_matches.Count >= CachedFilters) _matches.Clear();
        return _matches[filter] = matches;
    }

    public IEnumerable<ResourceRow> RowsMatching(string filter)
    {
        SqlFilter parsed = Parse(filter);
        return Rows.Where(r => Matches(parsed, r));
    }

    SqlFilter Parse(string filter) =>
        new(filter, name => ResourceColumns.Find(name)?.IsNumber,
        () => Rows.Select(r => (Func<string, object?>)(name => ResourceColumns.Find(name)!.Get(r))));
    static bool Matches(SqlFilter filter, ResourceRow row) => filter.Matches(name => ResourceColumns.Find(name)!.Get(row));
    static int RowCount(NodeModel node) => Math.Max(1, node.Cluster.Cores);
}
