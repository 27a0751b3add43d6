namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Demands that compete for the same elements, directly or through others.</summary>
sealed class DemandGroup
{
    /// <summary>Up to this many demands looking at all their sets costs less than a flow.</summary>
    const int FewDemands = 4;

    readonly PlanningProblem _problem;
    readonly int[] _demands, _kinds;
    readonly ulong[] _masks;
    readonly DemandFlow _flow;
    /// <summary>Per set of demands: what they need at least together, and what all others can use at most. Empty for many demands.</summary>
    readonly long[] _leastOfSet = [], _mostOutsideSet = [];

    DemandGroup(PlanningProblem problem, int[] demands, int[] kinds)
    {
        _problem = problem;
        _demands = demands;
        _kinds = kinds;
        _masks = [.. kinds.Select(k => ToLocal(problem.Masks[k]))];
        _flow = new DemandFlow(_masks, demands.Length);
        if (demands.Length > FewDemands) return;
        int[] sets = [.. Enumerable.Range(0, 1 << demands.Length)];
        _leastOfSet = [.. sets.Select(set => demands.Where((_, d) => (set >> d & 1) == 1).Sum(d => (long)problem.Demands[d].Least))];
        _mostOutsideSet = [.. sets.Select(set => demands.Where((_, d) => (set >> d & 1) == 0).Sum(d => (long)problem.Demands[d].Most))];
    }

    /// <summary>Whether numbers of its kinds have changed since it was evaluated.</summary>
    public bool IsDirty { get; set; }
    public bool IsMet { get; private set; }
    /// <summary>The nodes that its demands could get; 0 when it is not met.</summary>
    public int Nodes { get; private set; }

    /// <summary>The independent groups of a problem, and for each kind the index of its group.</summary>
    public static DemandGroup[] Divide(PlanningProblem problem, out int[] groupOfKind)
    {
        ulong[] members = [.. Enumerable.Range(0, problem.Demands.Count).Select(d => 1ul << d)];
        foreach (ulong mask in problem.Masks)
        {
            ulong joined = members.Where(m => (m & mask) != 0).Aggregate(0ul, (a, b) => a | b);
            for (int d = 0; d < members.Length; d++)
                if ((joined >> d & 1) == 1) members[d] = joined;
        }
        ulong[] distinct = [.. members.Distinct()];
        groupOfKind = [.. problem.Masks.Select(mask => Array.FindIndex(distinct, m => (m & mask) != 0))];
        int[] groups = groupOfKind;
        return [.. distinct.Select((m, i) => new DemandGroup(problem,
            [.. Enumerable.Range(0, problem.Demands.Count).Where(d => (m >> d & 1) == 1)],
            [.. Enumerable.Range(0, problem.Masks.Length).Where(k => groups[k] == i)]))];
    }

    /// <param name="counts">Per kind of the problem, how many elements there are.</param>
    public void Evaluate(int[] counts, bool countsNodes)
    {
        IsDirty = false;
        Nodes = 0;
        if (_demands.Length <= FewDemands) EvaluateSets(counts, countsNodes);
        else
        {
            IsMet = Fill(counts, null);
            if (!IsMet || !countsNodes) return;
            for (int d = 0; d < _demands.Length; d++)
            {
                CountedDemand demand = _problem.Demands[_demands[d]];
                _flow.Fill(d, demand.Most);
                if (demand.Source is NodeDemand) Nodes += _flow.Given(d);
            }
        }
    }

    /// <summary>
    /// Demands can be met if and only if no set of them needs more than all elements that serve any of it; and what they can get at most is bounded
    /// by each set: what serves it, and what the others can use.
    /// </summary>
    void EvaluateSets(int[] counts, bool countsNodes)
    {
        IsMet = false;
        long most = long.MaxValue;
        for (int set = 0; set < _leastOfSet.Length; set++)
        {
            long serving = 0;
            for (int k = 0; k < _kinds.Length; k++)
                if ((_masks[k] & (ulong)set) != 0) serving += counts[_kinds[k]];
            if (serving < _leastOfSet[set]) return;
            most = Math.Min(most, serving + _mostOutsideSet[set]);
        }
        IsMet = true;
        if (countsNodes && _problem.Demands[_demands[0]].Source is NodeDemand) Nodes = (int)most;   // nodes compete with nodes only
    }

    /// <summary>The smallest set found of demands that together want more than there is, with what each could get; empty when all are met.</summary>
    public IEnumerable<(int Demand, int Available)> GetShortages(int[] counts)
    {
        var isShort = new bool[_demands.Length];
        if (Fill(counts, isShort)) yield break;
        for (int d = 0; d < _demands.Length; d++)
        {
            if (!isShort[d]) continue;
            int available = 0;
            foreach (int kind in _kinds)
                if ((_problem.Masks[kind] >> _demands[d] & 1) == 1) available += counts[kind];
            yield return (_demands[d], available);
        }
    }

    /// <summary>Gives each demand its least. The first that cannot have it tells, with those that compete with it, what is short.</summary>
    bool Fill(int[] counts, bool[]? isShort)
    {
        _flow.Clear();
        for (int k = 0; k < _kinds.Length; k++) _flow.Offer(k, counts[_kinds[k]]);
        for (int d = 0; d < _demands.Length; d++)
        {
            if (_flow.Fill(d, _problem.Demands[_demands[d]].Least)) continue;
            for (int i = 0; isShort is not null && i < isShort.Length; i++) isShort[i] = _flow.IsShort(i);
            return false;
        }
        return true;
    }

    ulong ToLocal(ulong mask)
    {
        ulong local = 0;
        for (int d = 0; d < _demands.Length; d++) local |= (mask >> _demands[d] & 1) << d;
        return local;
    }
}
