using System.Globalization;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>
/// How many cores a machine's job asks for, on which clusters: enough for its vCPUs, one for each hardware thread, and enough that its memory is no
/// more than the cores' share of the node's. OAR itself hands out cores only.
/// </summary>
static class VMSizing
{
    /// <summary>Requests that OAR may choose from; it takes the one that ends first.</summary>
    const int MostAlternatives = 4;
    /// <summary>Of a node's memory this much is nobody's: firmware, kernel and the system's own programs.</summary>
    const double UsableShare = 0.95;

    /// <param name="nodes">Those of the clusters that are allowed.</param>
    /// <returns>The first request and the alternatives, each without a walltime.</returns>
    /// <exception cref="G5kException"><c>NoVirtualization</c>, <c>VMTooLarge</c>.</exception>
    public static IReadOnlyList<string> Choose(string site, VirtualMachine machine, IReadOnlyList<NodeInfo> nodes, IReadOnlyList<string> clusters,
        string? filter)
    {
        NodeInfo[] able = [.. nodes.Where(n => n is { CanHostMachines: true, Architecture: "x86_64", Cores: > 0 })];
        if (able.Length == 0) throw VMErrors.CannotHost(site, clusters);
        // Nodes of a cluster may differ: the least of them decides, so that any will do.
        var needs = able.GroupBy(n => n.Cluster, StringComparer.Ordinal)
            .Select(c => (Cluster: c.Key, Cores: c.Max(n => CoresOn(n, machine)), Available: c.Min(n => n.Cores)))
            .ToArray();
        (string Cluster, int Cores, int Available)[] fit = [.. needs.Where(n => n.Cores <= n.Available)];
        if (fit.Length == 0)
        {
            NodeInfo largest = able.MaxBy(n => n.Memory)!;
            throw VMErrors.NothingFits(site, machine,
                string.Create(CultureInfo.InvariantCulture,
                $" The largest, of {largest.Cluster}, have {largest.Threads} threads and {Usable(largest)} MiB."));
        }
        return
        [
            .. fit.GroupBy(n => n.Cores).OrderBy(g => g.Key).Take(MostAlternatives).Select(g => new OarResourceWish
            {
                NodeCount = 1,
                CoreCount = g.Key,
                Clusters = [.. g.Select(n => n.Cluster).Order(StringComparer.Ordinal)],
                Filter = filter,
            }.ToResources()),
        ];
    }

    static int CoresOn(NodeInfo node, VirtualMachine machine)
    {
        int threadsPerCore = Math.Max(1, node.Threads / node.Cores);
        int forCpu = (machine.Cpu + threadsPerCore - 1) / threadsPerCore;
        int forMemory = (int)Math.Ceiling(machine.Memory / (Usable(node) / (double)node.Cores));
        return Math.Max(forCpu, forMemory);
    }

    static long Usable(NodeInfo node) => (long)((node.Memory >> 20) * UsableShare);
}
