using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>A site of the reference API.</summary>
public sealed record SiteInfo(string Name)
{
    public string Location { get; init; } = "";
    public string FrontendIp { get; init; } = "";
    /// <summary>Ids of the site's VLANs, as in <c>kavlans</c>: 1–3 local, 4–9 routed, one global.</summary>
    public IReadOnlyList<int> Vlans { get; init => field = value.AsArray(); } = [];
    /// <summary>The networks of those VLANs.</summary>
    internal IReadOnlyList<VlanNetwork> VlanNetworks { get; init; } = [];
    public override string ToString() => Name;
}

/// <summary>The addresses of a VLAN: <c>10.16.0.0/18</c>, and the gateway, which a VLAN may lack.</summary>
sealed record VlanNetwork(int Vlan, string Network, string? Gateway);

/// <summary>An address that the plan gives to an adapter of a node in a VLAN.</summary>
readonly record struct NodeVlanAddress(int Vlan, string Address);

/// <summary>A cluster: nodes of one kind.</summary>
public sealed record ClusterInfo(string Site, string Name)
{
    public string Model { get; init; } = "";
    public IReadOnlyList<string> Queues { get; init => field = value.AsArray(); } = [];
    public bool IsExotic { get; init; }
    /// <summary><c>bios</c> or <c>uefi</c>: WalT 10.0 boots nodes by BIOS PXE only.</summary>
    public string BootType { get; init; } = "";
    public bool HasKavlan { get; init; }
    public int NodeCount { get; init; }
    public override string ToString() => Name;
}

/// <summary>A network adapter of a node.</summary>
public sealed record NicInfo(string Device)
{
    public string Name { get; init; } = "";
    public string Interface { get; init; } = "";
    public string Mac { get; init; } = "";
    public string NetworkAddress { get; init; } = "";
    /// <summary>In Gbit/s.</summary>
    public double Rate { get; init; }
    public bool Enabled { get; init; }
    public bool Mounted { get; init; }
    public bool Mountable { get; init; }
    public bool Management { get; init; }
    public bool Kavlan { get; init; }

    /// <summary>The rule behind OAR's eth_count: <c>eth*</c>, enabled, mounted or mountable.</summary>
    public bool IsUsableEthernet => !Management && Enabled && (Mounted || Mountable)
        && Device.StartsWith("eth", StringComparison.Ordinal) && Device.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0;
}

/// <summary>A node of the reference API.</summary>
public sealed record NodeInfo(string Site, string Cluster, string Name)
{
    /// <summary>The name without domain: <c>gros-12</c>.</summary>
    public string ShortName => Name.Split('.')[0];
    public string Architecture { get; init; } = "";
    public int Cores { get; init; }
    /// <summary>Hardware threads: as many as cores, or twice that.</summary>
    public int Threads { get; init; }
    /// <summary>In bytes.</summary>
    public long Memory { get; init; }
    public IReadOnlyList<string> Queues { get; init => field = value.AsArray(); } = [];
    public bool IsExotic { get; init; }
    public string BootType { get; init; } = "";
    /// <summary>The longest walltime that a job on it may have; null: no limit.</summary>
    public TimeSpan? MaxWalltime { get; init; }
    public IReadOnlyList<NicInfo> Nics { get; init => field = value.AsArray(); } = [];

    /// <summary>
    /// The hardware virtualisation that the site allows (<c>ivt</c>, <c>amd-v</c>, <c>arm64</c>); empty: it cannot host virtual machines.
    /// </summary>
    public string Virtualization { get; init; } = "";

    /// <summary>What it has, or would have, in each VLAN that it can be in.</summary>
    internal IReadOnlyList<NodeVlanAddress> VlanAddresses { get; init; } = [];

    public NicInfo? MainNic => Nics.FirstOrDefault(n => n.NetworkAddress == Name) ?? Nics.FirstOrDefault(n => n.Mounted);
    /// <summary>OAR's eth_kavlan_count: usable Ethernet adapters under KaVLAN.</summary>
    public int KavlanNicCount => Nics.Count(n => n.IsUsableEthernet && n.Kavlan);
    public bool CanHostMachines => Virtualization.Length > 0;
    /// <summary>x86_64 with two usable NICs under KaVLAN: can be installed as WalT server (any firmware, Kadeploy installs it).</summary>
    public bool CanBeWaltServer => Architecture == "x86_64" && KavlanNicCount >= 2;
    /// <summary>x86_64, BIOS PXE, main NIC under KaVLAN: WalT 10.0 can boot it.</summary>
    public bool CanBeWaltNode => Architecture == "x86_64" && BootType == "bios" && MainNic is { Kavlan: true };
    public override string ToString() => Name;
}
