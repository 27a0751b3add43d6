using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>What is placed at once: one machine, or all those that must be together.</summary>
sealed class PlacementUnit
{
    /// <summary>Indices of the machines, in their order.</summary>
    public required int[] Members { get; init; }
    /// <summary>In what the capacity rule counts.</summary>
    public required int Cpu { get; init; }
    /// <summary>In MiB.</summary>
    public required long Memory { get; init; }
    /// <summary>vCPU, whatever the rule counts.</summary>
    public required int VirtualCpu { get; init; }
    public int[] Groups { get; init; } = [];
    public int[] Foes { get; init; } = [];
    /// <summary>Index of the one host that it may be on; -1: any.</summary>
    public int Pin { get; init; } = -1;
    /// <summary>Why no host at all comes into question, in words; null: some may.</summary>
    public string? Contradiction { get; init; }

    /// <summary>Equal keys: what is said of one's room holds for the other.</summary>
    public (int, long, int, string) Shape => (Cpu, Memory, Pin, string.Join(',', Groups));

    /// <summary>The units of machines, in the order of their first members.</summary>
    public static List<PlacementUnit> Make(IReadOnlyList<VirtualMachine> machines, IReadOnlyList<VMHost> hosts, PlacementRules rules,
        CapacityRule capacity)
    {
        var units = new List<PlacementUnit>(machines.Count);
        if (rules.Count == 0)
        {
            for (int i = 0; i < machines.Count; i++) units.Add(Single(machines[i], i, hosts, capacity));
            return units;
        }
        int[][] groups = new int[machines.Count][];
        var members = new List<List<int>>(machines.Count);
        var byGroup = new Dictionary<int, List<int>>();
        for (int i = 0; i < machines.Count; i++)
        {
            groups[i] = rules.Known(machines[i].Groups);
            List<int> own = [i];
            members.Add(own);
            foreach (int group in groups[i].Where(rules.IsTogether))
            {
                if (!byGroup.TryGetValue(group, out List<int>? other)) byGroup[group] = members[i];
                else if (other != members[i]) Merge(members, byGroup, other, members[i]);
            }
        }
        for (int i = 0; i < machines.Count; i++)
        {
            if (members[i][0] == i) units.Add(Join(machines, hosts, rules, capacity, groups, members[i]));
        }
        return units;
    }

    /// <summary>A machine of which no rule speaks.</summary>
    static PlacementUnit Single(VirtualMachine machine, int index, IReadOnlyList<VMHost> hosts, CapacityRule capacity)
    {
        int pin = machine.PinnedHost is { Length: > 0 } name ? Find(hosts, name) : -1;
        return new PlacementUnit
        {
            Members = [index], Cpu = CpuCost(machine.Cpu, capacity), VirtualCpu = machine.Cpu, Memory = machine.Memory, Pin = pin,
            Contradiction = pin < 0 && machine.PinnedHost is { Length: > 0 } missing ? Unknown(missing) : null,
        };
    }

    static string Unknown(string host) => $"its host {host} is not among the hosts";

    static void Merge(List<List<int>> members, Dictionary<int, List<int>> byGroup, List<int> first, List<int> second)
    {
        first.AddRange(second);
        first.Sort();
        foreach (int i in second) members[i] = first;
        foreach (int group in byGroup.Where(g => g.Value == second).Select(g => g.Key).ToArray()) byGroup[group] = first;
    }

    static PlacementUnit Join(
        IReadOnlyList<VirtualMachine> machines, IReadOnlyList<VMHost> hosts, PlacementRules rules, CapacityRule capacity, int[][] groups,
        List<int> members)
    {
        string? contradiction = null;
        int pin = -1;
        foreach (int i in members)
        {
            if (machines[i].PinnedHost is not { Length: > 0 } name) continue;
            int host = Find(hosts, name);
            if (host < 0) contradiction ??= Unknown(name);
            else if (pin >= 0 && pin != host)
                contradiction ??= $"it belongs together with machines that are pinned to both {hosts[pin].ShortName} and {hosts[host].ShortName}";
            else pin = host;
        }
        int[] all = members.Count == 1 ? groups[members[0]] : [.. members.SelectMany(i => groups[i]).Distinct().Order()];
        int[] foes = all.Length == 0 ? [] : rules.FoesOf(all);
        if (foes.Length > 0) contradiction ??= FindConflict(rules, groups, members);
        return new PlacementUnit
        {
            Members = [.. members],
            Cpu = members.Sum(i => CpuCost(machines[i].Cpu, capacity)),
            VirtualCpu = members.Sum(i => machines[i].Cpu),
            Memory = members.Sum(i => (long)machines[i].Memory),
            Groups = all,
            Foes = foes,
            Pin = pin,
            Contradiction = contradiction,
        };
    }

    /// <summary>Rules that no host can keep: members that must be apart from one another, or from themselves.</summary>
    static string? FindConflict(PlacementRules rules, int[][] groups, List<int> members)
    {
        foreach (int i in members)
        {
            if (groups[i].Any(g => groups[i].Any(other => other != g && rules.FoesOf([g]).Contains(other))))
                return "it is in two groups that must stay apart";
            int[] foes = rules.FoesOf(groups[i]);
            if (members.Any(m => m != i && groups[m].Any(foes.Contains))) return "rules want its group both together and apart";
        }
        return null;
    }

    public static int CpuCost(int cpu, CapacityRule capacity) => capacity == CapacityRule.Vm5k ? cpu / 3 : cpu;

    static int Find(IReadOnlyList<VMHost> hosts, string name)
    {
        for (int i = 0; i < hosts.Count; i++)
        {
            if (HostNames.Mean(hosts[i].Name, name)) return i;
        }
        return -1;
    }
}
