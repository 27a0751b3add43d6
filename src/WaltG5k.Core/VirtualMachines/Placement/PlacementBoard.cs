using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>
/// What is free on each host while machines are dealt out. Plain arrays: ten thousand machines on a thousand hosts are ten million looks.
/// </summary>
sealed class PlacementBoard
{
    /// <summary>Bytes of a MiB against those of a decimal MB.</summary>
    const double MegabytesPerMebibyte = 1.048576;

    readonly PlacementRules _rules;
    /// <summary>Machines of each group on each host.</summary>
    readonly int[] _present;

    public PlacementBoard(IReadOnlyList<VMHost> hosts, PlacementRules rules, PlacementOptions options)
    {
        _rules = rules;
        Hosts = hosts;
        Cpu = new int[hosts.Count];
        Memory = new long[hosts.Count];
        Count = new int[hosts.Count];
        _present = new int[hosts.Count * rules.Count];
        for (int h = 0; h < hosts.Count; h++)
        {
            (Cpu[h], Memory[h]) = CapacityOf(hosts[h], options);
            foreach (VirtualMachine machine in hosts[h].Machines)
            {
                Cpu[h] -= PlacementUnit.CpuCost(machine.Cpu, options.Rule);
                Memory[h] -= machine.Memory;
                Count[h]++;
                foreach (int group in rules.Known(machine.Groups)) _present[h * rules.Count + group]++;
            }
        }
        CpuCapacity = [.. hosts.Select(h => CapacityOf(h, options).Cpu)];
        MemoryCapacity = [.. hosts.Select(h => CapacityOf(h, options).Memory)];
        CpuShare = Array.ConvertAll(CpuCapacity, c => 1.0 / Math.Max(1, c));
        MemoryShare = Array.ConvertAll(MemoryCapacity, m => 1.0 / Math.Max(1, m));
    }

    public IReadOnlyList<VMHost> Hosts { get; }
    /// <summary>Free.</summary>
    public int[] Cpu { get; }
    /// <summary>Free, in MiB.</summary>
    public long[] Memory { get; }
    /// <summary>Machines on it.</summary>
    public int[] Count { get; }
    /// <summary>What an empty host offers.</summary>
    public int[] CpuCapacity { get; }
    public long[] MemoryCapacity { get; }
    /// <summary>What one vCPU, or one MiB, is of all that a host has.</summary>
    public double[] CpuShare { get; }
    public double[] MemoryShare { get; }

    /// <summary>What machines may take of an empty host: vCPU (cores under vm5k's rule) and MiB.</summary>
    public static (int Cpu, long Memory) CapacityOf(VMHost host, PlacementOptions options)
    {
        // vm5k wants something left of both: one unit less than all.
        if (options.Rule == CapacityRule.Vm5k) return ((host.Cores > 0 ? host.Cores : host.Cpu) - 1,
            (long)Math.Round(host.Memory * MegabytesPerMebibyte) - 1);
        long memory = Math.Max(0, host.Memory - options.Reserve.Of(host.Memory));
        return ((int)Math.Floor(host.Cpu * options.CpuOvercommit + 1e-9), (long)Math.Floor(memory * options.MemoryOvercommit + 1e-9));
    }

    public bool Fits(PlacementUnit unit, int host) =>
        Cpu[host] >= unit.Cpu && Memory[host] >= unit.Memory && (unit.Pin < 0 || unit.Pin == host)
        && (unit.Foes.Length == 0 || FoeOn(unit, host) < 0);

    /// <summary>A group on the host from which the unit must stay apart; -1: none.</summary>
    public int FoeOn(PlacementUnit unit, int host)
    {
        foreach (int foe in unit.Foes)
        {
            if (_present[host * _rules.Count + foe] > 0) return foe;
        }
        return -1;
    }

    public void Put(PlacementUnit unit, int host) => Change(unit, host, 1);

    public void Take(PlacementUnit unit, int host) => Change(unit, host, -1);

    void Change(PlacementUnit unit, int host, int sign)
    {
        Cpu[host] -= sign * unit.Cpu;
        Memory[host] -= sign * unit.Memory;
        Count[host] += sign * unit.Members.Length;
        foreach (int group in unit.Groups) _present[host * _rules.Count + group] += sign;
    }

    /// <summary>Whether two hosts are alike for whatever comes: a search needs to try only one of them.</summary>
    public bool AreAlike(int first, int second) =>
        Cpu[first] == Cpu[second] && Memory[first] == Memory[second]
        && _present.AsSpan(first * _rules.Count, _rules.Count).SequenceEqual(_present.AsSpan(second * _rules.Count, _rules.Count));
}
