using System.Collections.Immutable;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Something that a job takes as a whole: a node, a VLAN, a subnet, a disk.</summary>
public abstract class PlanElement(string site, string name)
{
    public string Site { get; } = site;
    public string Name { get; } = name;
    /// <summary>When it is taken, in order and merged, the guard time after each job included.</summary>
    public ImmutableArray<BusyPeriod> Busy { get; init; } = [];
    public override string ToString() => Name;
}

/// <summary>What OAR knows of a node's condition.</summary>
public enum NodeHealth
{
    Alive,
    /// <summary>Switched off to save energy: it is started when a job needs it.</summary>
    Standby,
    Absent,
    Suspected,
    Dead,
}

/// <summary>A node, with what requests may ask of it.</summary>
public sealed class NodeElement(string site, string cluster, string name) : PlanElement(site, name)
{
    public string Cluster { get; } = cluster;
    public NodeHealth Health { get; init; }
    public IReadOnlyList<string> Queues { get; init; } = [];
    public bool IsExotic { get; init; }
    public string Architecture { get; init; } = "";
    public int Cores { get; init; }
    /// <summary>In bytes.</summary>
    public long Memory { get; init; }
    /// <summary>OAR's eth_kavlan_count.</summary>
    public int KavlanNics { get; init; }
    public bool CanBeWaltServer { get; init; }
    public bool CanBeWaltNode { get; init; }
    /// <summary>The longest walltime that the node takes; null: no limit.</summary>
    public TimeSpan? MaxWalltime { get; init; }
    /// <summary>The disks of the node that are reserved apart from it.</summary>
    public IReadOnlyList<DiskElement> Disks { get; init; } = [];
    public bool IsUsable => Health is NodeHealth.Alive or NodeHealth.Standby;
}

/// <summary>A disk that is reserved apart from its node: <c>disk1.gros-1.nancy.grid5000.fr</c>.</summary>
public sealed class DiskElement(string site, string host, string name) : PlanElement(site, name)
{
    public string Host { get; } = host;
}

/// <summary>A VLAN of a site.</summary>
public sealed class VlanElement(string site, int id, VlanKind kind)
    : PlanElement(site, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"vlan {id} of {site}"))
{
    public int Id { get; } = id;
    public VlanKind Kind { get; } = kind;
}

/// <summary>A subnet of 1024 addresses (/22), the unit in which OAR gives them out.</summary>
/// <param name="address">The first address as a number: 10.144.4.0 is 0x0A900400.</param>
public sealed class SubnetElement(string site, string name, uint address) : PlanElement(site, name)
{
    /// <summary>The prefix length of the unit.</summary>
    public const int PrefixLength = 22;

    public uint Address { get; } = address;

    /// <summary>The aligned block of <paramref name="prefixLength"/> that it lies in, by its first address.</summary>
    public uint BlockOf(int prefixLength) => prefixLength == 0 ? 0 : Address & (uint.MaxValue << (32 - prefixLength));
}
