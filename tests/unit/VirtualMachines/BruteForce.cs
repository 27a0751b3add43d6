using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines;

/// <summary>
/// Every assignment of machines to hosts, one after the other: what a placement has to be compared with. Written from the rules alone.
/// </summary>
static class BruteForce
{
    public static bool Fits(VMHost[] hosts, VirtualMachine[] machines, PlacementOptions options)
    {
        int[] at = new int[machines.Length];
        return Place(0);

        bool Place(int index)
        {
            if (index == machines.Length) return IsRight(hosts, machines, at, options);
            for (int host = 0; host < hosts.Length; host++)
            {
                at[index] = host;
                if (HasRoom(host, index) && Place(index + 1)) return true;
            }
            return false;
        }

        // Leaves out early what can only become worse.
        bool HasRoom(int host, int last)
        {
            int cpu = 0, memory = 0;
            for (int i = 0; i <= last; i++)
            {
                if (at[i] != host) continue;
                cpu += machines[i].Cpu;
                memory += machines[i].Memory;
            }
            return cpu <= Math.Floor(hosts[host].Cpu * options.CpuOvercommit)
                && memory <= hosts[host].Memory - options.Reserve.Of(hosts[host].Memory);
        }
    }

    static bool IsRight(VMHost[] hosts, VirtualMachine[] machines, int[] at, PlacementOptions options)
    {
        for (int i = 0; i < machines.Length; i++)
        {
            if (machines[i].PinnedHost is { } pin && hosts[at[i]].Name != pin && hosts[at[i]].ShortName != pin) return false;
            for (int j = 0; j < machines.Length; j++)
            {
                if (i == j) continue;
                bool isSame = at[i] == at[j];
                if (!isSame && options.Together.Any(g => machines[i].Groups.Contains(g) && machines[j].Groups.Contains(g))) return false;
                if (isSame && options.Apart.Any(rule => rule.Split('/') is var groups && machines[i].Groups.Contains(groups[0])
                    && machines[j].Groups.Contains(groups[^1]))) return false;
            }
            // In both groups of a rule: apart from itself.
            if (options.Apart.Any(rule => rule.Split('/') is [var a, var b] && machines[i].Groups.Contains(a) && machines[i].Groups.Contains(b)))
                return false;
        }
        return true;
    }
}
