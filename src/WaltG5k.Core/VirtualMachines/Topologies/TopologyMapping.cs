using WaltG5k.Core.Text;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>A host of a file, and the host that stands in for it.</summary>
public sealed record HostMapping(string From, string To)
{
    public override string ToString() => $"{From} → {To}";
}

/// <summary>
/// Puts real hosts where a topology has place-holders. A host that is among the real ones keeps its name; the others of a cluster take that cluster's
/// remaining hosts in the order of their numbers. Everything is decided before anything is renamed, so overlapping lists never swap machines.
/// </summary>
public static class TopologyMapping
{
    /// <param name="topology">What to map.</param>
    /// <param name="hosts">The hosts at hand, with their hardware; more than needed do no harm.</param>
    /// <param name="mapping">Which host stands in for which, in the order of the topology; those that kept their names as well.</param>
    /// <exception cref="G5kException"><c>HostsMissing</c>: a cluster has fewer hosts at hand than the topology asks of it.</exception>
    public static VMTopology Map(VMTopology topology, IReadOnlyList<VMHost> hosts, out IReadOnlyList<HostMapping> mapping)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var left = new List<VMHost>(hosts.OrderBy(h => h.Name, NaturalComparer.Instance));
        var chosen = new VMHost?[topology.Hosts.Count];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = left.Find(h => HostNames.Mean(h.Name, topology.Hosts[i].Name));
            if (chosen[i] is { } own) left.Remove(own);
        }
        int[] order = [.. Enumerable.Range(0, chosen.Length).OrderBy(i => topology.Hosts[i].Name, NaturalComparer.Instance)];
        foreach (int i in order.Where(i => chosen[i] is null))
        {
            VMHost wanted = topology.Hosts[i];
            chosen[i] = left.Find(h => Fits(h, wanted)) ?? throw Missing(topology, hosts, wanted);
            left.Remove(chosen[i]!);
        }
        mapping = [.. topology.Hosts.Zip(chosen, (from, to) => new HostMapping(from.Name, to!.Name))];
        return topology with { Hosts = [.. topology.Hosts.Zip(chosen,
            (from, to) => to! with { State = from.State, Machines = from.Machines, Attributes = from.Attributes })] };
    }

    static bool Fits(VMHost host, VMHost wanted) =>
        (wanted.Cluster.Length == 0 || host.Cluster == wanted.Cluster)
        && (wanted.Site.Length == 0 || host.Site.Length == 0 || host.Site == wanted.Site);

    static G5kException Missing(VMTopology topology, IReadOnlyList<VMHost> hosts, VMHost wanted)
    {
        int asked = topology.Hosts.Count(h => h.Cluster == wanted.Cluster), there = hosts.Count(h => h.Cluster == wanted.Cluster);
        string what = wanted.Cluster.Length > 0 ? $"of {wanted.Cluster}" : "of any cluster";
        return new G5kException("HostsMissing", ErrorKind.ResourceUnavailable,
            FormattableString.Invariant($"The topology wants {asked} hosts {what}, and {there} are at hand: none is left for {wanted.Name}."),
            wanted.Name,
            FormattableString.Invariant($"Reserve {asked} nodes {what}, or leave hosts out of the topology."));
    }
}
