using System.Globalization;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>Finds the change of one number, relative to what it is, that is smallest and makes a unit fit while all others stay.</summary>
sealed class RemedySearch(PlacementBoard board, PlacementOptions options, PlacementUnit unit)
{
    /// <summary>A machine with less is none.</summary>
    const long LeastMemory = 64;
    /// <summary>One host more weighs as much as halving the machine.</summary>
    const double CostOfHost = 0.5;

    PlacementRemedy? _best;
    double _cost = double.MaxValue;

    public PlacementRemedy? Find()
    {
        for (int host = 0; host < board.Hosts.Count; host++)
        {
            if ((unit.Pin >= 0 && unit.Pin != host) || board.FoeOn(unit, host) >= 0) continue;
            if (unit.Members.Length == 1) Shrink(host);
            Overcommit(host);
        }
        AddHost();
        return _best;
    }

    void Shrink(int host)
    {
        long memory = board.Memory[host];
        int cpu = board.Cpu[host];
        string name = board.Hosts[host].ShortName;
        if (cpu >= unit.Cpu && memory >= LeastMemory && memory < unit.Memory)
        {
            Offer(1 - memory / (double)unit.Memory, RemedyKind.LessMemory, memory, host,
                string.Create(CultureInfo.InvariantCulture, $"With {memory} MiB of memory it fits on {name}."));
        }
        if (options.Rule == CapacityRule.Strict && memory >= unit.Memory && cpu >= 1 && cpu < unit.Cpu)
        {
            Offer(1 - cpu / (double)unit.Cpu, RemedyKind.FewerCpu, cpu, host,
                string.Create(CultureInfo.InvariantCulture, $"With {cpu} vCPU it fits on {name}."));
        }
    }

    void Overcommit(int host)
    {
        int threads = board.Hosts[host].Cpu;
        if (options.Rule != CapacityRule.Strict || threads == 0 || board.Memory[host] < unit.Memory || board.Cpu[host] >= unit.Cpu) return;
        int wanted = board.CpuCapacity[host] - board.Cpu[host] + unit.Cpu;
        double ratio = Math.Ceiling(wanted * 100.0 / threads) / 100;
        Offer(ratio / options.CpuOvercommit - 1, RemedyKind.CpuOvercommit, ratio, host,
            string.Create(CultureInfo.InvariantCulture, $"With -CpuOvercommit {ratio} it fits on {board.Hosts[host].ShortName}."));
    }

    void AddHost()
    {
        if (unit.Pin >= 0) return;
        for (int host = 0; host < board.Hosts.Count; host++)
        {
            if (board.CpuCapacity[host] < unit.Cpu || board.MemoryCapacity[host] < unit.Memory) continue;
            VMHost model = board.Hosts[host];
            Offer(CostOfHost, RemedyKind.MoreHosts, 1, host, $"One more host like {model.ShortName} takes it.");
            return;
        }
    }

    void Offer(double cost, RemedyKind kind, double value, int host, string text)
    {
        if (cost >= _cost) return;
        _cost = cost;
        _best = new PlacementRemedy(kind, value, board.Hosts[host].Name, text);
    }
}
