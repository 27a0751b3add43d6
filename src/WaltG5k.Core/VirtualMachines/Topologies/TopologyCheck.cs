using WaltG5k.Core.VirtualMachines.Placement;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>
/// Mistakes of a topology that no single value shows: names and addresses given twice, rules broken, hosts overfull. All of them, not the first.
/// </summary>
public static class TopologyCheck
{
    /// <param name="topology">What to look at.</param>
    /// <param name="capacity">What counts as room on hosts whose hardware is known; null: room is not looked at.</param>
    public static IReadOnlyList<TopologyProblem> Run(VMTopology topology, PlacementOptions? capacity = null) => Run(topology, capacity, _ => 0);

    /// <param name="topology">What to look at.</param>
    /// <param name="capacity">What counts as room.</param>
    /// <param name="lineOf">The line of a host or machine.</param>
    internal static IReadOnlyList<TopologyProblem> Run(VMTopology topology, PlacementOptions? capacity, Func<object, int> lineOf)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var problems = new List<TopologyProblem>();
        void Add(string code, object part, string target, string message, bool isWarning = false) =>
            problems.Add(new TopologyProblem(code, message) { Line = lineOf(part), Target = target, IsWarning = isWarning });

        if (topology.Hosts.Count == 0) Add("NoHosts", topology, topology.Name, "The topology has no hosts.");
        FindTwins(topology.Hosts, h => h.Name, (h, first) => Add("DuplicateHost", h, h.Name, $"Host {h.Name} is there twice{At(first)}."));
        VirtualMachine[] machines = topology.Machines;
        FindTwins(machines, m => m.Id, (m, first) => Add("DuplicateMachine", m, m.Id, $"Machine {m.Id} is there twice{At(first)}."));
        FindTwins(machines.Where(m => m.Mac is not null), m => m.Mac!,
            (m, first) => Add("DuplicateMac", m, m.Id, $"{m.Id} has the MAC address of {first.Id}, {m.Mac}."));
        FindTwins(machines.Where(m => m.Ip is not null), m => m.Ip!,
            (m, first) => Add("DuplicateIp", m, m.Id, $"{m.Id} has the address of {first.Id}, {m.Ip}."));
        foreach (VMHost host in topology.Hosts)
        {
            if (host.Machines.Count == 0) Add("HostWithoutMachines", host, host.Name,
                $"Host {host.Name} has no machine, and would be reserved all the same.", isWarning: true);
            foreach (VirtualMachine machine in host.Machines.Where(m => m.PinnedHost is { } pin && !HostNames.Mean(pin, host.Name)))
                Add("PinnedElsewhere", machine, machine.Id, $"{machine.Id} is on {host.ShortName} and pinned to {machine.PinnedHost}.");
            if (capacity is not null) CheckRoom(host, capacity, (target, message) => Add("HostOverfull", host, target, message));
        }
        CheckRules(topology, machines, Add);
        return problems;

        string At(object first) => lineOf(first) is > 0 and var line ? FormattableString.Invariant($", first on line {line}") : "";
    }

    static void FindTwins<T>(IEnumerable<T> items, Func<T, string> keyOf, Action<T, T> report)
    {
        var first = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (T item in items)
        {
            if (!first.TryAdd(keyOf(item), item)) report(item, first[keyOf(item)]);
        }
    }

    static void CheckRoom(VMHost host, PlacementOptions options, Action<string, string> report)
    {
        (int cpu, long memory) = PlacementBoard.CapacityOf(host, options);
        int cpuWanted = host.Machines.Sum(m => PlacementUnit.CpuCost(m.Cpu, options.Rule));
        long memoryWanted = host.Machines.Sum(m => (long)m.Memory);
        if (host.Cpu > 0 && cpuWanted > cpu)
            report(host.Name, FormattableString.Invariant($"Host {host.ShortName} has room for {cpu} vCPU, and its machines want {cpuWanted}."));
        if (host.Memory > 0 && memoryWanted > memory)
            report(host.Name, FormattableString.Invariant(
                $"Host {host.ShortName} has room for {memory} of its {host.Memory} MiB, and its machines want {memoryWanted}."));
    }

    static void CheckRules(VMTopology topology, VirtualMachine[] machines, Action<string, object, string, string, bool> add)
    {
        bool Has(VirtualMachine machine, string group) => machine.Groups.Contains(group, StringComparer.OrdinalIgnoreCase);
        void WarnOfNobody(string group, string rule)
        {
            if (!machines.Any(m => Has(m, group))) add("UnknownGroup", topology, rule,
                $"No machine is in group {group}, of which the rule {rule} speaks.", true);
        }
        foreach (string rule in topology.Apart)
        {
            string a, b;
            try { (a, b) = PlacementRules.ParseApart(rule); }
            catch (G5kException e)
            {
                add(e.Code, topology, rule, $"{e.Message} {e.Recommendation}", false);
                continue;
            }
            WarnOfNobody(a, rule);
            if (a != b) WarnOfNobody(b, rule);
            foreach (VMHost host in topology.Hosts)
            {
                VirtualMachine? first = host.Machines.FirstOrDefault(m => Has(m, a));
                VirtualMachine? second = first is null ? null : host.Machines.FirstOrDefault(m => m != first && Has(m, b));
                if (second is not null) add("RuleBroken", second, second.Id,
                    $"{first!.Id} and {second.Id} are both on {host.ShortName}, against the rule that {rule} stays apart.", false);
            }
        }
        foreach (string group in topology.Together)
        {
            WarnOfNobody(group, group);
            VMHost[] hosts = [.. topology.Hosts.Where(h => h.Machines.Any(m => Has(m, group)))];
            if (hosts.Length < 2) continue;
            VirtualMachine stray = hosts[1].Machines.First(m => Has(m, group));
            add("RuleBroken", stray, stray.Id,
                $"{stray.Id} is on {hosts[1].ShortName} and others of its group on {hosts[0].ShortName}, against the rule that {group} stays together.", false);
        }
    }
}
