using System.Runtime.InteropServices;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Builds a <see cref="PlanningProblem"/>: which element serves which demands, and from when.</summary>
sealed class ProblemBuilder
{
    readonly SlotQuery _query;
    readonly IReadOnlyList<SiteSchedule> _schedules;
    readonly StartRange _window;
    readonly long _length;
    readonly List<CountedDemand> _demands = [];
    readonly Dictionary<ulong, int> _kinds = [];
    readonly List<int> _totals = [];
    readonly List<PlanElement> _elements = [];
    readonly List<Opening> _openings = [];

    ProblemBuilder(SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        _query = query;
        _schedules = schedules;
        _window = new StartRange(query.Earliest.ToUnixTimeSeconds() + (query.Earliest.Ticks % TimeSpan.TicksPerSecond == 0 ? 0 : 1),
            query.Latest.ToUnixTimeSeconds());
        _length = (long)(query.Walltime.Duration + query.Guard).TotalSeconds;
    }

    /// <exception cref="G5kException"><c>TooManyDemands</c>, <c>InvalidSubnet</c>.</exception>
    public static PlanningProblem Build(SlotQuery query, IReadOnlyList<SiteSchedule> schedules)
    {
        var builder = new ProblemBuilder(query, schedules);
        builder.AddNodes();
        builder.AddVlans();
        builder.AddSubnets();
        return new PlanningProblem
        {
            Demands = builder._demands,
            Masks = [.. builder._kinds.OrderBy(k => k.Value).Select(k => k.Key)],
            Elements = builder._elements,
            Openings = builder._openings,
            Totals = [.. builder._totals],
            Window = builder._window,
            Length = builder._length,
            Hours = PolicyHours.GetStarts(query, builder._window),
        };
    }

    void AddNodes()
    {
        NodeDemand[] wanted = [.. _query.Nodes.Where(d => d.Maximum > 0)];
        int[] bits = [.. wanted.Select(d => Add(new CountedDemand(d.Label, d.Count, d.Maximum, d)))];
        foreach (NodeElement node in _schedules.SelectMany(s => s.Nodes))
        {
            if (!node.IsUsable || IsExcluded(node) || node.MaxWalltime < _query.Walltime.Duration) continue;
            var fitting = new List<(int Disks, ulong Bit)>();
            for (int i = 0; i < wanted.Length; i++)
                if (wanted[i].Filter.Fits(node)) fitting.Add((wanted[i].Filter.Disks, 1ul << bits[i]));
            if (fitting.Count > 0) AddNode(node, fitting);
        }
    }

    /// <summary>
    /// Demands with disks can be served only while enough of them are free: the node then is of another kind than when it is free without them.
    /// </summary>
    void AddNode(NodeElement node, List<(int Disks, ulong Bit)> fitting)
    {
        List<StartRange> starts = StartTimes.Find(node.Busy, _length, _window);
        int element = Add(node);
        int[] steps = [.. fitting.Select(f => f.Disks).Distinct().Order()];
        if (steps is [0])
        {
            AddOpenings(KindOf(fitting.Aggregate(0ul, (mask, f) => mask | f.Bit), isNew: true), element, starts);
            return;
        }
        List<StartRange>[] disks = [.. node.Disks.Select(d => StartTimes.Find(d.Busy, _length, _window))];
        List<StartRange>[] free = [.. steps.Select(n => n == 0 ? starts : StartTimes.InAtLeast(2, [starts, StartTimes.InAtLeast(n, disks)]))];
        for (int i = 0; i < steps.Length; i++)
        {
            ulong mask = fitting.Where(f => f.Disks <= steps[i]).Aggregate(0ul, (m, f) => m | f.Bit);
            AddOpenings(KindOf(mask, isNew: i == steps.Length - 1), element,
                i + 1 < steps.Length ? StartTimes.Except(free[i], free[i + 1]) : free[i]);
        }
    }

    bool IsExcluded(NodeElement node) =>
        _query.Excluded.Count > 0 && (_query.Excluded.Contains(node.Cluster) || _query.Excluded.Contains(node.Name)
        || _query.Excluded.Contains(node.Name.Split('.')[0]));

    void AddVlans()
    {
        VlanDemand[] wanted = [.. _query.Vlans.Where(d => d.Kind != VlanKind.None && d.Count > 0)];
        int[] bits = [.. wanted.Select(d => Add(new CountedDemand(Describe(d), d.Count, d.Count, d)))];
        foreach (VlanElement vlan in _schedules.SelectMany(s => s.Vlans))
        {
            ulong mask = 0;
            for (int i = 0; i < wanted.Length; i++)
                if (wanted[i].Kind == vlan.Kind && (wanted[i].Sites.Count == 0 || wanted[i].Sites.Contains(vlan.Site))) mask |= 1ul << bits[i];
            if (mask != 0) AddOpenings(KindOf(mask, isNew: true), Add(vlan), StartTimes.Find(vlan.Busy, _length, _window));
        }
    }

    static string Describe(VlanDemand demand) =>
        $"{demand.Kind switch { VlanKind.Local => "local", VlanKind.Routed => "routed", _ => "global" }} VLAN{(demand.Sites.Count > 0 ? $" at {string.Join(" or ", demand.Sites)}" : "")}";

    /// <summary>
    /// A block takes all the smaller ones in it. So, from the largest to the smallest size, a site must have as many free blocks of a size as are
    /// asked of that size and lie in those of larger sizes; which of the free ones are taken makes no difference.
    /// </summary>
    void AddSubnets()
    {
        foreach (IGrouping<string, SubnetDemand> site in _query.Subnets.Where(d => d.Count > 0).GroupBy(d => d.Site, StringComparer.Ordinal))
        {
            SubnetElement[] subnets = [.. _schedules.Where(s => s.Site == site.Key).SelectMany(s => s.Subnets)];
            List<StartRange>[] starts = [.. subnets.Select(s => StartTimes.Find(s.Busy, _length, _window))];
            int needed = 0, previous = 0;
            foreach (IGrouping<int, SubnetDemand> size in site.GroupBy(d => d.PrefixLength).OrderBy(g => g.Key))
            {
                if (size.Key is < 16 or > SubnetElement.PrefixLength)
                    throw new G5kException("InvalidSubnet", ErrorKind.InvalidArgument, $"Subnets are given out from /16 to /22, not as /{size.Key}.",
                        size.Key, "Ask for slash_22=1, or a larger block such as slash_20=1.");
                needed = (needed << (size.Key - previous)) + size.Sum(d => d.Count);
                previous = size.Key;
                ulong bit = 1ul << Add(new CountedDemand($"/{size.Key} subnets at {site.Key}", needed, needed,
                    new SubnetDemand(site.Key, size.Key, size.Sum(d => d.Count))));
                AddBlocks(site.Key, size.Key, bit, subnets, starts);
            }
        }
    }

    void AddBlocks(string site, int prefixLength, ulong bit, SubnetElement[] subnets, List<StartRange>[] starts)
    {
        int members = 1 << (SubnetElement.PrefixLength - prefixLength);
        foreach (IGrouping<uint, int> block in Enumerable.Range(0, subnets.Length).GroupBy(i => subnets[i].BlockOf(prefixLength)))
        {
            int[] indices = [.. block.OrderBy(i => subnets[i].Address)];
            if (indices.Length < members) continue;   // a block of which a part does not exist
            AddOpenings(KindOf(bit, isNew: true), Add(new SubnetBlock(site, prefixLength, block.Key, [.. indices.Select(i => subnets[i])])),
                StartTimes.InAtLeast(members, [.. indices.Select(i => starts[i])]));
        }
    }

    int Add(CountedDemand demand)
    {
        if (_demands.Count == PlanningProblem.MaximumDemands)
            throw new G5kException("TooManyDemands", ErrorKind.LimitsExceeded,
                $"At most {PlanningProblem.MaximumDemands} different demands can be planned together.", demand.Label,
                "Ask for fewer kinds of nodes at once.");
        _demands.Add(demand);
        return _demands.Count - 1;
    }

    int Add(PlanElement element)
    {
        _elements.Add(element);
        return _elements.Count - 1;
    }

    /// <param name="isNew">Whether an element is counted: one that changes its kind over time counts where it can serve most.</param>
    int KindOf(ulong mask, bool isNew)
    {
        ref int kind = ref CollectionsMarshal.GetValueRefOrAddDefault(_kinds, mask, out bool isKnown);
        if (!isKnown)
        {
            kind = _totals.Count;
            _totals.Add(0);
        }
        if (isNew) _totals[kind]++;
        return kind;
    }

    void AddOpenings(int kind, int element, List<StartRange> starts)
    {
        foreach (StartRange range in starts) _openings.Add(new Opening(kind, element, range));
    }
}
