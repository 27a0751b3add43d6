namespace WaltG5k.Core.Reservations.Planning;

/// <summary>A stretch of starts over which nothing changes.</summary>
/// <param name="InHours">Whether the hours allow a start.</param>
/// <param name="IsMet">Whether every demand has its least; not looked at, and false, out of hours.</param>
/// <param name="Nodes">How many nodes there are for the demands, when they are counted and met.</param>
readonly record struct SweepStep(long From, long To, bool InHours, bool IsMet, int Nodes)
{
    public bool IsFeasible => InHours && IsMet;
}

/// <summary>
/// Goes once through the times at which anything changes and keeps the numbers of free elements of every kind. Only what a change touches is looked
/// at again: demands that share no elements are independent.
/// </summary>
sealed class EventSweep
{
    readonly PlanningProblem _problem;
    readonly bool _countsNodes;
    readonly DemandGroup[] _groups;
    readonly int[] _groupOfKind;
    readonly int[] _counts;

    /// <param name="countsNodes">Whether the most that demands could get is wanted too.</param>
    public EventSweep(PlanningProblem problem, bool countsNodes)
    {
        _problem = problem;
        _countsNodes = countsNodes;
        _counts = new int[problem.Masks.Length];
        _groups = DemandGroup.Divide(problem, out _groupOfKind);
    }

    /// <summary>The steps from the beginning of the window to its end, in order and without gaps.</summary>
    public IEnumerable<SweepStep> Run()
    {
        StartRange window = _problem.Window;
        if (window.First > window.Last) yield break;
        ulong[] events = GetEvents(window);
        Array.Clear(_counts);
        foreach (DemandGroup group in _groups) group.IsDirty = true;
        int next = 0, hours = 0;
        for (long time = window.First; time <= window.Last;)
        {
            for (; next < events.Length && window.First + (long)(events[next] >> 32) <= time; next++) Apply((uint)events[next]);
            while (hours < _problem.Hours.Count && _problem.Hours[hours].Last < time) hours++;
            bool inHours = hours < _problem.Hours.Count && _problem.Hours[hours].First <= time;
            long end = next < events.Length ? window.First + (long)(events[next] >> 32) - 1 : window.Last;
            if (hours < _problem.Hours.Count) end = Math.Min(end, inHours ? _problem.Hours[hours].Last : _problem.Hours[hours].First - 1);
            bool isMet = inHours && IsMet();
            yield return new SweepStep(time, end, inHours, isMet, isMet && _countsNodes ? _groups.Sum(g => g.Nodes) : 0);
            time = end + 1;
        }
    }

    void Apply(uint change)
    {
        int kind = (int)(change >> 1);
        _counts[kind] += (change & 1) == 1 ? 1 : -1;
        _groups[_groupOfKind[kind]].IsDirty = true;
    }

    bool IsMet()
    {
        bool isMet = true;
        foreach (DemandGroup group in _groups)
        {
            if (group.IsDirty) group.Evaluate(_counts, _countsNodes);
            isMet &= group.IsMet;
            if (!isMet && !_countsNodes) return false;   // the others stay as they are until they matter
        }
        return isMet;
    }

    /// <summary>Seconds since the window's beginning, kind, and whether it comes or goes, in one word: so that sorting is cheap.</summary>
    ulong[] GetEvents(StartRange window)
    {
        var events = new List<ulong>(_problem.Openings.Count * 2);
        foreach (Opening opening in _problem.Openings)
        {
            events.Add((ulong)(opening.Starts.First - window.First) << 32 | (uint)opening.Kind << 1 | 1);
            if (opening.Starts.Last < window.Last) events.Add((ulong)(opening.Starts.Last + 1 - window.First) << 32 | (uint)opening.Kind << 1);
        }
        ulong[] sorted = [.. events];
        Array.Sort(sorted);
        return sorted;
    }
}
