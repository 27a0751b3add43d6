using System.Globalization;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>Says of each refused machine what its hosts lack, as the board stands, and what would help.</summary>
/// <param name="board">With everything on it that was placed.</param>
/// <param name="rules">The rules of the placement.</param>
/// <param name="options">How it was placed.</param>
/// <param name="able">Units that fit on some host while only pinned machines are there.</param>
/// <param name="packPlacesAll">Whether packing has room for all of <paramref name="able"/>.</param>
sealed class PlacementExplainer(PlacementBoard board, PlacementRules rules, PlacementOptions options, IReadOnlyCollection<PlacementUnit> able,
    bool packPlacesAll)
{
    readonly HashSet<PlacementUnit> _able = [.. able];
    readonly Dictionary<((int, long, int, string) Shape, int Share, string? Contradiction), Explanation> _known = [];

    /// <param name="refused">The units without a host.</param>
    /// <param name="shares">The host of each unit's share, where there are shares.</param>
    /// <param name="machines">What was to be placed.</param>
    /// <param name="isImpossible">Whether it was proven that the able units do not fit together.</param>
    public IReadOnlyList<PlacementRefusal> Explain(
        IEnumerable<PlacementUnit> refused, IReadOnlyDictionary<PlacementUnit, int> shares, IReadOnlyList<VirtualMachine> machines, bool isImpossible)
    {
        var refusals = new List<(int Index, PlacementRefusal Refusal)>();
        foreach (PlacementUnit unit in refused)
        {
            int share = shares.GetValueOrDefault(unit, -1);
            var key = (unit.Shape, share, unit.Contradiction);
            // Machines that belong together are told with what they need together, not by the shape alone.
            if (unit.Members.Length > 1 || !_known.TryGetValue(key, out Explanation? explanation)) _known[key] = explanation = Explain(unit, share);
            bool isProven = isImpossible || unit.Pin >= 0 || !_able.Contains(unit);
            foreach (int member in unit.Members)
            {
                refusals.Add((member, new PlacementRefusal(machines[member])
                {
                    Shortages = explanation.Shortages, IsProven = isProven, Reason = explanation.Reason, Remedy = explanation.Remedy,
                }));
            }
        }
        return [.. refusals.OrderBy(r => r.Index).Select(r => r.Refusal)];
    }

    Explanation Explain(PlacementUnit unit, int share)
    {
        if (unit.Contradiction is { } contradiction)
            return new Explanation([], $"{contradiction}.", new PlacementRemedy(RemedyKind.None, 0, null, "Change its groups or its host."));
        int[] candidates = unit.Pin >= 0 ? [unit.Pin] : share >= 0 ? [share] : [.. Enumerable.Range(0, board.Hosts.Count)];
        HostShortage[] shortages = [.. candidates.Select(h => ShortageOn(unit, h))];
        return new Explanation(shortages, Reason(unit, share, shortages), FindRemedy(unit));
    }

    HostShortage ShortageOn(PlacementUnit unit, int host) => new(
        board.Hosts[host].Name,
        Math.Max(0, unit.Cpu - board.Cpu[host]),
        (int)Math.Min(int.MaxValue, Math.Max(0, unit.Memory - board.Memory[host])),
        board.FoeOn(unit, host) is >= 0 and var foe ? RuleText(unit, foe) : null);

    string RuleText(PlacementUnit unit, int foe)
    {
        int own = unit.Groups.First(g => rules.FoesOf([g]).Contains(foe));
        return own == foe ? $"another machine of group {rules.NameOf(foe)} is there"
            : $"machines of group {rules.NameOf(foe)} are there, from which {rules.NameOf(own)} stays apart";
    }

    string Reason(PlacementUnit unit, int share, HostShortage[] shortages)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"{unit.VirtualCpu} vCPU and {unit.Memory} MiB");
        if (unit.Members.Length > 1) what = string.Create(CultureInfo.InvariantCulture,
            $"{unit.Members.Length} machines that belong together, {what},");
        if (shortages.Length == 0) return $"there is no host for {what.TrimEnd(',')}.";
        if (shortages is [var only])
        {
            string why = unit.Pin >= 0 ? ", to which it is pinned," : share >= 0 ? ", on which its equal share lies," : "";
            return $"{HostNames.Short(only.Host)}{why} has no room for {what.TrimEnd(',')}: {string.Join(" and ", Lacks(only))}.";
        }
        List<string> parts = [];
        if (shortages.Where(s => s.Memory > 0).ToArray() is { Length: > 0 } memory && memory.MinBy(s => s.Memory) is { } nearest)
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"memory is short on {memory.Length} (least on {HostNames.Short(nearest.Host)}, by {nearest.Memory} MiB)"));
        if (shortages.Where(s => s.Cpu > 0).ToArray() is { Length: > 0 } cpu && cpu.MinBy(s => s.Cpu) is { } next)
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"{CpuName} is short on {cpu.Length} (least on {HostNames.Short(next.Host)}, by {next.Cpu})"));
        if (shortages.Where(s => s.Rule is not null).ToArray() is { Length: > 0 } barred)
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"a rule bars {barred.Length} (on {HostNames.Short(barred[0].Host)} {barred[0].Rule})"));
        return string.Create(CultureInfo.InvariantCulture,
            $"{what.TrimEnd(',')} fit on none of {shortages.Length} hosts: {string.Join(", ", parts)}.");
    }

    string CpuName => options.Rule == CapacityRule.Vm5k ? "cores" : "vCPU";

    IEnumerable<string> Lacks(HostShortage shortage)
    {
        if (shortage.Memory > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{shortage.Memory} MiB of memory are missing");
        if (shortage.Cpu > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{shortage.Cpu} {CpuName} are missing");
        if (shortage.Rule is { } rule) yield return rule;
    }

    PlacementRemedy FindRemedy(PlacementUnit unit)
    {
        // Nothing has to shrink where another choice of hosts is enough.
        if (unit.Pin < 0 && FirstFit(unit) is >= 0 and var roomy)
            return new PlacementRemedy(RemedyKind.OtherDistribution, 0, board.Hosts[roomy].Name,
                $"{board.Hosts[roomy].ShortName} has room for it: -Distribution RoundRobin or Pack uses it.");
        if (packPlacesAll && _able.Contains(unit))
            return new PlacementRemedy(RemedyKind.OtherDistribution, 0, null, "-Distribution Pack places all of them.");
        var unbound = new PlacementUnit { Members = unit.Members, Cpu = unit.Cpu, Memory = unit.Memory, VirtualCpu = unit.VirtualCpu };
        if ((unit.Pin >= 0 || unit.Foes.Length > 0) && FirstFit(unbound) is >= 0 and var barred)
            return new PlacementRemedy(RemedyKind.WithoutRule, 0, board.Hosts[barred].Name,
                $"Without its {(unit.Pin >= 0 ? "pinned host" : "rule")} it fits on {board.Hosts[barred].ShortName}.");
        var remedies = new RemedySearch(board, options, unit);
        return remedies.Find() ?? new PlacementRemedy(RemedyKind.None, 0, null, "No host of these kinds would hold it, empty or not.");
    }

    int FirstFit(PlacementUnit unit)
    {
        for (int host = 0; host < board.Hosts.Count; host++)
        {
            if (board.Fits(unit, host)) return host;
        }
        return -1;
    }

    sealed record Explanation(HostShortage[] Shortages, string Reason, PlacementRemedy Remedy);
}
