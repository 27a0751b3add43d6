namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>Which of two resources counts when machines are sorted by size.</summary>
enum SizeOrder
{
    /// <summary>The larger of the two shares of what all hosts have.</summary>
    Dominant,
    Memory,
    Cpu,
}

/// <summary>Places large units first: best fit for few hosts, least load for even ones.</summary>
static class BinPacking
{
    /// <summary>
    /// The units of which rules speak, which have the least choice, then the others; largest first, and equal ones keep their order.
    /// </summary>
    public static PlacementUnit[] Sort(IEnumerable<PlacementUnit> units, PlacementBoard board, SizeOrder order)
    {
        double cpu = Math.Max(1, board.CpuCapacity.Sum(c => (double)c)), memory = Math.Max(1, board.MemoryCapacity.Sum(m => (double)m));
        IOrderedEnumerable<PlacementUnit> sorted = units.OrderByDescending(u => u.Foes.Length > 0);
        return order switch
        {
            SizeOrder.Memory => [.. sorted.ThenByDescending(u => u.Memory).ThenByDescending(u => u.Cpu)],
            SizeOrder.Cpu => [.. sorted.ThenByDescending(u => u.Cpu).ThenByDescending(u => u.Memory)],
            _ => [.. sorted.ThenByDescending(u => Math.Max(u.Cpu / cpu, u.Memory / memory))],
        };
    }

    /// <summary>
    /// A host in use that the unit leaves with the least memory, then the fewest CPU; only when there is none an empty one: the largest, so that few
    /// are opened, or the tightest, which keeps large hosts for what is large.
    /// </summary>
    public static int BestFit(PlacementBoard board, PlacementUnit unit, bool opensLargest)
    {
        int best = -1, empty = -1, cpu = unit.Cpu;
        long memory = unit.Memory;
        int[] cpuFree = board.Cpu;
        long[] memoryFree = board.Memory;
        for (int host = 0; host < cpuFree.Length; host++)
        {
            if (memoryFree[host] < memory || cpuFree[host] < cpu) continue;
            bool isUsed = board.Count[host] > 0;
            if (!isUsed && best >= 0) continue;
            ref int rival = ref (isUsed ? ref best : ref empty);
            if (rival >= 0 && !IsBetter(board, host, rival, isUsed || !opensLargest)) continue;
            if (board.Fits(unit, host)) rival = host;
        }
        return best >= 0 ? best : empty;
    }

    static bool IsBetter(PlacementBoard board, int host, int rival, bool prefersLess)
    {
        long difference = board.Memory[rival] - board.Memory[host];
        if (difference == 0) difference = board.Cpu[rival] - board.Cpu[host];
        return prefersLess ? difference > 0 : difference < 0;
    }

    /// <summary>The host, among those allowed, whose fuller resource is least full afterwards; the first of equals.</summary>
    public static int LeastLoad(PlacementBoard board, PlacementUnit unit, bool[]? allowed)
    {
        int best = -1, cpu = unit.Cpu;
        long memory = unit.Memory;
        double least = double.MaxValue;
        int[] cpuFree = board.Cpu;
        long[] memoryFree = board.Memory;
        double[] cpuShare = board.CpuShare, memoryShare = board.MemoryShare;
        for (int host = 0; host < cpuFree.Length; host++)
        {
            if (memoryFree[host] < memory || cpuFree[host] < cpu || allowed?[host] == false) continue;
            double load = 1 - Math.Min((memoryFree[host] - memory) * memoryShare[host], (cpuFree[host] - cpu) * cpuShare[host]);
            if (load >= least || !board.Fits(unit, host)) continue;
            best = host;
            least = load;
        }
        return best;
    }
}
