namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Demands that compete for the same elements, directly or through others.</summary>
sealed class DemandGroup
{
    readonly PlanningProblem _problem;
    readonly int[] _demands, _kinds;
    readonly DemandFlow _flow;

    DemandGroup(PlanningProblem problem, int[] demands, int[] kinds)
    {
        _problem = problem;
        _demands = demands;
        _kinds = kinds;
        _flow = new DemandFlow([.. kinds.Select(k => ToLocal(problem.Masks[k]))], demands.Length);
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
            [.. Enumerable.Range(0, problem.Demands.Count).Where(d => (m >> d & 1) == 1)], [.. Enumerable.Range(0, problem.Masks.Length).Where(k => groups[k] == i)]))];
    }

    /// <param name="counts">Per kind of the problem, how many elements there are.</param>
    public void Evaluate(int[] counts, bool countsNodes)
    {
        IsDirty = false;
        Nodes = 0;
        if (_demands.Length == 1) EvaluateOne(counts, countsNodes);
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

    void EvaluateOne(int[] counts, bool countsNodes)
    {
        int available = 0;
        foreach (int kind in _kinds) available += counts[kind];
        CountedDemand demand = _problem.Demands[_demands[0]];
        IsMet = available >= demand.Least;
        if (IsMet && countsNodes && demand.Source is NodeDemand) Nodes = Math.Min(available, demand.Most);
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
