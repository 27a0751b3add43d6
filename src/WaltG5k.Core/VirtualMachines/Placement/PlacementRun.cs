using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>One placement. Pinned units come first, whatever the distribution: they have no choice.</summary>
sealed class PlacementRun
{
    const int Nowhere = -1;

    readonly IReadOnlyList<VMHost> _hosts;
    readonly IReadOnlyList<VirtualMachine> _machines;
    readonly PlacementOptions _options;
    readonly PlacementRules _rules;
    readonly List<PlacementUnit> _units;
    /// <summary>Those that may go anywhere.</summary>
    readonly PlacementUnit[] _free;

    public PlacementRun(IReadOnlyList<VMHost> hosts, IReadOnlyList<VirtualMachine> machines, PlacementOptions options)
    {
        if (!(options.CpuOvercommit is > 0 and <= 1000) || !(options.MemoryOvercommit is > 0 and <= 1000)) throw InvalidOvercommit(options);
        (_hosts, _machines, _options) = (hosts, machines, options);
        _rules = new PlacementRules(options.Apart, options.Together);
        _units = PlacementUnit.Make(machines, hosts, _rules, options.Rule);
        _free = [.. _units.Where(u => u.Pin < 0 && u.Contradiction is null)];
    }

    public PlacementResult Run()
    {
        Attempt attempt = Distribute();
        if (attempt.Refused.Count == 0) return Result(attempt, []);
        // Not all found room. Does any placement of those that fit at all have room for the others as well?
        PlacementBoard empty = Begin().Board;
        PlacementUnit[] able = [.. _free.Where(u => Enumerable.Range(0, _hosts.Count).Any(h => empty.Fits(u, h)))];
        SearchOutcome outcome = Solve(able, out Attempt best);
        bool mayRearrange = _options.Distribution is Distribution.Pack or Distribution.Balanced or Distribution.Spread;
        if (outcome == SearchOutcome.Found && mayRearrange) attempt = best;
        var explainer = new PlacementExplainer(attempt.Board, _rules, _options, able, packPlacesAll: outcome == SearchOutcome.Found && !mayRearrange);
        return Result(attempt, explainer.Explain(attempt.Refused, attempt.Shares, _machines, isImpossible: outcome == SearchOutcome.Impossible));
    }

    Attempt Distribute() => _options.Distribution switch
    {
        Distribution.Pack => Pack(_free),
        Distribution.Balanced => Balance(Pack(_free)),
        Distribution.Spread => Spread(allowed: null),
        Distribution.NByHosts => Share(),
        _ => Visit(),
    };

    /// <summary>A board with the pinned units on it, as far as they fit.</summary>
    Attempt Begin()
    {
        var attempt = new Attempt(new PlacementBoard(_hosts, _rules, _options), _units.Count);
        foreach (PlacementUnit unit in _units)
        {
            if (unit.Contradiction is not null) attempt.Refused.Add(unit);
            else if (unit.Pin >= 0) attempt.Put(unit, attempt.Board.Fits(unit, unit.Pin) ? unit.Pin : Nowhere);
        }
        return attempt;
    }

    Attempt Visit()
    {
        Attempt attempt = Begin();
        var visitor = new HostVisitor(attempt.Board, _options.Distribution, _options.Seed);
        foreach (PlacementUnit unit in _free) attempt.Put(unit, visitor.Choose(unit));
        return attempt;
    }

    /// <summary>
    /// Equal shares in one go: the first hosts take one machine more when they do not come out even. A machine is on the host of its share or
    /// nowhere.
    /// </summary>
    Attempt Share()
    {
        Attempt attempt = Begin();
        if (_hosts.Count == 0)
        {
            attempt.Refused.AddRange(_free);
            return attempt;
        }
        int total = _free.Sum(u => u.Members.Length), host = 0, taken = 0;
        int ShareOf(int h) => total / _hosts.Count + (h < total % _hosts.Count ? 1 : 0);
        foreach (PlacementUnit unit in _free)
        {
            while (host < _hosts.Count - 1 && (taken >= ShareOf(host) || (taken > 0 && taken + unit.Members.Length > ShareOf(host))))
            {
                host++;
                taken = 0;
            }
            taken += unit.Members.Length;
            attempt.Shares[unit] = host;
            attempt.Put(unit, attempt.Board.Fits(unit, host) ? host : Nowhere);
        }
        return attempt;
    }

    /// <summary>Sorted in several ways, until one has room for all; else the one that refuses fewest.</summary>
    Attempt Pack(PlacementUnit[] units)
    {
        Attempt? best = null;
        foreach (SizeOrder order in (ReadOnlySpan<SizeOrder>)[SizeOrder.Dominant, SizeOrder.Memory, SizeOrder.Cpu])
        {
            foreach (bool opensLargest in (ReadOnlySpan<bool>)[true, false])
            {
                Attempt attempt = Begin();
                foreach (PlacementUnit unit in BinPacking.Sort(units, attempt.Board, order))
                    attempt.Put(unit, BinPacking.BestFit(attempt.Board, unit, opensLargest));
                if (best is null || attempt.Refused.Count < best.Refused.Count) best = attempt;
                if (best.Refused.Count == 0) return best;
            }
        }
        return best!;
    }

    /// <summary>The hosts that packing needs, evenly loaded; when that leaves somebody out, the packing as it is.</summary>
    Attempt Balance(Attempt packed)
    {
        if (packed.Refused.Count > 0) return packed;
        Attempt balanced = Spread([.. packed.Board.Count.Select(c => c > 0)]);
        return balanced.Refused.Count == 0 ? balanced : packed;
    }

    Attempt Spread(bool[]? allowed)
    {
        Attempt attempt = Begin();
        foreach (PlacementUnit unit in BinPacking.Sort(_free, attempt.Board, SizeOrder.Dominant))
            attempt.Put(unit, BinPacking.LeastLoad(attempt.Board, unit, allowed));
        return attempt;
    }

    /// <summary>Whether these units fit together, by packing first, then by trying.</summary>
    SearchOutcome Solve(PlacementUnit[] units, out Attempt found)
    {
        found = Pack(units);
        if (found.Refused.Exists(u => u is { Pin: < 0, Contradiction: null }))
        {
            Attempt attempt = Begin();
            PlacementUnit[] sorted = BinPacking.Sort(units, attempt.Board, SizeOrder.Dominant);
            var search = new PlacementSearch(attempt.Board, sorted);
            SearchOutcome outcome = search.Run();
            if (outcome != SearchOutcome.Found) return outcome;
            for (int i = 0; i < sorted.Length; i++) attempt.Placed[sorted[i]] = search.Hosts[i];
            found = attempt;
        }
        found.Refused.AddRange(_free.Except(units));
        return SearchOutcome.Found;
    }

    PlacementResult Result(Attempt attempt, IReadOnlyList<PlacementRefusal> refusals)
    {
        var came = new List<int>[_hosts.Count];
        foreach ((PlacementUnit unit, int host) in attempt.Placed) (came[host] ??= []).AddRange(unit.Members);
        return new PlacementResult
        {
            Hosts = [.. _hosts.Select((h, i) => came[i] is { } more
                ? h with { Machines = [.. h.Machines, .. more.Order().Select(m => _machines[m])] }
                : h)],
            Refusals = refusals,
        };
    }

    static G5kException InvalidOvercommit(PlacementOptions options) => new("InvalidOvercommit", ErrorKind.InvalidArgument,
        FormattableString.Invariant($"{options.CpuOvercommit} vCPU per thread and {options.MemoryOvercommit} MiB per MiB are no ratios."), options,
        "Give numbers above 0, such as 1 or 1.5.");

    /// <summary>Where each unit went in one try.</summary>
    sealed class Attempt(PlacementBoard board, int count)
    {
        public PlacementBoard Board { get; } = board;
        public Dictionary<PlacementUnit, int> Placed { get; } = new(count);
        public List<PlacementUnit> Refused { get; } = [];
        /// <summary>The host of each unit's share, where there are shares.</summary>
        public Dictionary<PlacementUnit, int> Shares { get; } = [];

        public void Put(PlacementUnit unit, int host)
        {
            if (host == Nowhere)
            {
                Refused.Add(unit);
                return;
            }
            Board.Put(unit, host);
            Placed[unit] = host;
        }
    }
}
