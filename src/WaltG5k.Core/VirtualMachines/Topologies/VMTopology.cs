using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>A host and the virtual machines on it. What is not known of its hardware is 0.</summary>
/// <param name="Name">In full (<c>paradoxe-1.rennes.grid5000.fr</c>) or short; a place-holder until the topology is mapped to real hosts.</param>
public sealed record VMHost(string Name)
{
    public string Site { get; init; } = "";
    public string Cluster { get; init; } = "";
    /// <summary>Hardware threads.</summary>
    public int Cpu { get; init; }
    /// <summary>Cores, where they differ from the threads; vm5k counts them.</summary>
    public int Cores { get; init; }
    /// <summary>In MiB, all of it.</summary>
    public int Memory { get; init; }
    public TopologyState State { get; init; }
    public IReadOnlyList<VirtualMachine> Machines { get; init => field = value.AsArray(); } = [];
    /// <summary>What else its description said, by name: kept, not understood.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = NoAttributes.Value;

    /// <summary>The name without domain.</summary>
    public string ShortName => HostNames.Short(Name);
    public override string ToString() => Name;

    /// <summary>An empty host with the hardware of a node.</summary>
    public static VMHost From(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new VMHost(node.Name)
        {
            Site = node.Site,
            Cluster = node.Cluster,
            Cpu = Math.Max(node.Threads, node.Cores),
            Cores = node.Cores,
            Memory = (int)Math.Min(node.Memory >> 20, int.MaxValue),
        };
    }
}

/// <summary>Virtual machines on hosts, and the rules of their placement.</summary>
public sealed record VMTopology
{
    public string Name { get; init; } = "";
    /// <summary>In the order of sites, clusters and numbers.</summary>
    public IReadOnlyList<VMHost> Hosts { get; init => field = value.AsArray(); } = [];
    /// <summary>
    /// Rules: <c>web</c>, no two machines of that group share a host; <c>web/db</c>, no machine of one shares a host with one of the other.
    /// </summary>
    public IReadOnlyList<string> Apart { get; init => field = value.AsArray(); } = [];
    /// <summary>Groups whose machines are all on one host.</summary>
    public IReadOnlyList<string> Together { get; init => field = value.AsArray(); } = [];
    /// <summary>A shell command that is run once the machines are reachable; null: none.</summary>
    public string? Program { get; init; }
    /// <summary>What else its description said, by name: kept, not understood.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = NoAttributes.Value;

    /// <summary>All machines, host by host.</summary>
    public VirtualMachine[] Machines => [.. Hosts.SelectMany(h => h.Machines)];
    public string[] Sites => [.. Hosts.Select(h => h.Site).Distinct(StringComparer.Ordinal)];
    public string[] Clusters => [.. Hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal)];
    public int HostCount => Hosts.Count;
    public int MachineCount => Hosts.Sum(h => h.Machines.Count);
    /// <summary>Virtual CPUs of all machines.</summary>
    public int Cpu => Hosts.Sum(h => h.Machines.Sum(m => m.Cpu));
    /// <summary>Memory of all machines, in MiB.</summary>
    public long Memory => Hosts.Sum(h => h.Machines.Sum(m => (long)m.Memory));

    /// <summary>The topology with each machine changed; hosts stay.</summary>
    public VMTopology Update(Func<VMHost, VirtualMachine, VirtualMachine> change) =>
        this with { Hosts = [.. Hosts.Select(h => h with { Machines = [.. h.Machines.Select(m => change(h, m))] })] };

    /// <summary>Hosts sorted by site, cluster and number: the order in which machines are dealt out and files are written.</summary>
    public static IReadOnlyList<VMHost> Sort(IEnumerable<VMHost> hosts) =>
    [
        .. hosts.OrderBy(h => h.Site, StringComparer.Ordinal).ThenBy(h => h.Cluster, NaturalComparer.Instance)
        .ThenBy(h => h.Name, NaturalComparer.Instance),
    ];

    public override string ToString() => Name;
}
