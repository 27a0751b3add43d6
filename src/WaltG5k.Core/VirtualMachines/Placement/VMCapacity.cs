using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>What ends the room for more machines.</summary>
public enum CapacityLimit
{
    Memory,
    Cpu,
    /// <summary>Both at once.</summary>
    Both,
}

/// <summary>How many more machines of one size a host takes.</summary>
public sealed record VMHostCapacity(string Host)
{
    public string Site { get; init; } = "";
    public string Cluster { get; init; } = "";
    /// <summary>Machines that fit beside those that are there.</summary>
    public int Count { get; init; }
    public CapacityLimit LimitedBy { get; init; }
    /// <summary>vCPU that machines may still take, over-commit included.</summary>
    public int CpuFree { get; init; }
    /// <summary>MiB that machines may still take, without what is kept for the hypervisor.</summary>
    public long MemoryFree { get; init; }
    /// <summary>vCPU and MiB left when it is full.</summary>
    public int CpuLeft { get; init; }
    public long MemoryLeft { get; init; }
    public override string ToString() => Host;
}

/// <summary>How many machines of one size fit on hosts.</summary>
public sealed record VMCapacity(VirtualMachine Machine)
{
    public IReadOnlyList<VMHostCapacity> Hosts { get; init => field = value.AsArray(); } = [];
    /// <summary>Of that size, on all hosts.</summary>
    public int Count => Hosts.Sum(h => h.Count);
    public int HostCount => Hosts.Count;
    /// <summary>vCPU of one machine.</summary>
    public int Cpu => Machine.Cpu;
    /// <summary>MiB of one machine.</summary>
    public int Memory => Machine.Memory;
    public int CpuFree => Hosts.Sum(h => h.CpuFree);
    public long MemoryFree => Hosts.Sum(h => h.MemoryFree);
    /// <summary>What ends the room on most hosts; null: there are no hosts.</summary>
    public CapacityLimit? LimitedBy => Hosts.Count == 0
        ? null
        : Hosts.GroupBy(h => h.LimitedBy).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;
    public override string ToString() => FormattableString.Invariant($"{Count} × {Machine.Size}");

    /// <summary>Counts, host by host. Groups of the machine do not count: how many fit when no rule is in the way.</summary>
    public static VMCapacity Measure(IReadOnlyList<VMHost> hosts, VirtualMachine machine, PlacementOptions options)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(options);
        var board = new PlacementBoard(hosts, new PlacementRules([], []), options);
        int cpu = PlacementUnit.CpuCost(machine.Cpu, options.Rule);
        return new VMCapacity(machine)
            { Hosts = [.. hosts.Select((host, i) => Measure(host, cpu, machine.Memory, Math.Max(0, board.Cpu[i]), Math.Max(0, board.Memory[i])))] };
    }

    static VMHostCapacity Measure(VMHost host, int cpu, int memory, int cpuFree, long memoryFree)
    {
        // vm5k counts small machines as no CPU at all.
        long byCpu = cpu == 0 ? long.MaxValue : cpuFree / cpu, byMemory = memory == 0 ? int.MaxValue : memoryFree / memory;
        int count = (int)Math.Min(int.MaxValue, Math.Min(byCpu, byMemory));
        return new VMHostCapacity(host.Name)
        {
            Site = host.Site, Cluster = host.Cluster, Count = count,
            LimitedBy = byCpu == byMemory ? CapacityLimit.Both : byCpu < byMemory ? CapacityLimit.Cpu : CapacityLimit.Memory,
            CpuFree = cpuFree, MemoryFree = memoryFree, CpuLeft = cpuFree - count * cpu, MemoryLeft = memoryFree - (long)count * memory,
        };
    }
}
