namespace WaltG5k.Testbed;

/// <summary>A site: what never changes of it.</summary>
public sealed class SiteModel(string name)
{
    public string Name { get; } = name;
    /// <summary>Its position among the sites, from 0: decides the addresses of its nodes in global VLANs.</summary>
    public int Index { get; init; }
    /// <summary><c>Nancy, France</c>.</summary>
    public string Location { get; init; } = "";
    public double Latitude { get; init; }
    public double Longitude { get; init; }
    public string FrontendIp { get; init; } = "";
    /// <summary>The range as published for the site's VLANs, such as <c>10.16.0.0/14</c>.</summary>
    public string VlanRange { get; init; } = "";
    public List<ClusterModel> Clusters { get; } = [];
    /// <summary>The VLANs of the site by id; global VLANs of other sites are reachable too and are not listed here.</summary>
    public SortedDictionary<int, VlanModel> Vlans { get; } = [];
}

public sealed class VlanModel(string site, int id, string type)
{
    public string Site { get; } = site;
    public int Id { get; } = id;
    /// <summary><c>kavlan-local</c>, <c>kavlan</c> or <c>kavlan-global</c>.</summary>
    public string Type { get; } = type;
    /// <summary>Whether Grid'5000's own DHCP serves it.</summary>
    public bool DhcpEnabled { get; set; } = true;
    /// <summary>Users whom its owner lets work with it. It is empty again when the job that holds it is over.</summary>
    public HashSet<string> Guests { get; } = new(StringComparer.Ordinal);
    /// <summary>Its IPv4 network, such as <c>10.19.192.0/18</c>.</summary>
    public string Network { get; init; } = "";

    /// <summary>The last address of its network; without a network, the host that is its way out.</summary>
    public string Gateway
    {
        get
        {
            if (Network.Length == 0) return FormattableString.Invariant($"kavlan-{Id}");
            System.Net.IPNetwork parsed = System.Net.IPNetwork.Parse(Network);
            byte[] bytes = parsed.BaseAddress.GetAddressBytes();
            bytes[2] += (byte)((1 << (24 - parsed.PrefixLength)) - 1);
            bytes[3] = 254;
            return new System.Net.IPAddress(bytes).ToString();
        }
    }
}

public sealed class ClusterModel(string site, string name)
{
    public string Site { get; } = site;
    public string Name { get; } = name;
    /// <summary>The machines' model, empty where the data does not tell.</summary>
    public string Model { get; init; } = "";
    public IReadOnlyList<string> Queues { get; init; } = [];
    public bool IsExotic { get; init; }
    public string Architecture { get; init; } = "x86_64";
    public string BootType { get; init; } = "bios";
    public int Cores { get; init; }
    public int RamGiB { get; init; }
    public List<NodeModel> Nodes { get; } = [];
}

public sealed record NicModel(string Device, string Name, string Driver, double RateGbps, bool Mounted, bool Mountable, bool Enabled, bool Kavlan,
    string Type, string Mac)
{
    public bool IsUsableEthernet => Type == "E" && Enabled && (Mounted || Mountable) && Device.StartsWith("eth", StringComparison.Ordinal);
}

/// <summary>What a node runs now.</summary>
public enum NodePower
{
    Off,
    Firmware,
    Booting,
    Up,
    /// <summary>It runs nothing that answers: a failed boot.</summary>
    Dead,
}

/// <summary>A machine. Hardware is fixed, the rest changes under the world's lock.</summary>
public sealed class NodeModel(ClusterModel cluster, int number)
{
    public ClusterModel Cluster { get; } = cluster;
    public int Number { get; } = number;
    public string Site => Cluster.Site;
    public string ShortName { get; } = $"{cluster.Name}-{number}";
    public string Name { get; } = $"{cluster.Name}-{number}.{cluster.Site}.grid5000.fr";
    /// <summary>Its position among the nodes of the site, from 0: decides its addresses.</summary>
    public int Index { get; init; }
    public int RamGiB { get; init; } = cluster.RamGiB;
    public IReadOnlyList<NicModel> Nics { get; init; } = [];
    public NicModel? MainNic => Nics.FirstOrDefault(n => n is { Mounted: true, Type: "E" }) ?? Nics.FirstOrDefault(n => n.Mounted);

    /// <summary>OAR: Alive, Absent, Dead, Suspected.</summary>
    public string OarState { get; set; } = "Alive";
    /// <summary>Absent because it is switched off to save energy: it boots when a job needs it.</summary>
    public bool IsStandby { get; set; }
    public NodePower Power { get; set; } = NodePower.Up;
    /// <summary>The system it runs or boots: <c>standard</c>, a Kadeploy environment's name, or <c>walt:IMAGE_ID</c>.</summary>
    public string System { get; set; } = "standard";
    /// <summary>Where each NIC is, by device: <c>DEFAULT</c> or a VLAN id as text. Absent: DEFAULT.</summary>
    public Dictionary<string, string> Vlans { get; } = new(StringComparer.Ordinal);
    /// <summary>Counts boots, so that an older boot that is still under way knows that it has been overtaken.</summary>
    public int BootGeneration { get; set; }
    public int HardReboots { get; set; }

    /// <summary>The network address of a NIC: the main one has the node's own name.</summary>
    public string GetNetworkAddress(NicModel nic) => ReferenceEquals(nic, MainNic) ? Name : $"{ShortName}-{nic.Device}.{Site}.grid5000.fr";
    public string GetVlan(string device) => Vlans.GetValueOrDefault(device, "DEFAULT");
    public override string ToString() => Name;
}

/// <summary>An OAR job. Only the OAR part changes it; the others read it under the lock.</summary>
public class JobModel(string site, long id)
{
    public string Site { get; } = site;
    public long Id { get; } = id;
    public string? Name { get; set; }
    public string User { get; set; } = "";
    /// <summary>As OAR spells it: Waiting, toLaunch, Launching, Running, Finishing, Terminated, Error, Hold, toAckReservation.</summary>
    public string State { get; set; } = "Waiting";
    public List<string> Types { get; } = [];
    public List<NodeModel> Nodes { get; } = [];
    /// <summary>VLANs that the job holds, all of its own site.</summary>
    public List<VlanModel> Vlans { get; } = [];
    /// <summary>The subnets that it holds, such as <c>10.158.0.0/22</c>.</summary>
    public virtual IReadOnlyList<string> Subnets => [];
    public bool IsRunning => State == "Running";
    /// <summary>What the API shows besides; made anew for each look.</summary>
    public virtual JobDetails Details => new();
}

/// <summary>What the API shows of a job besides who holds what. Dates are epoch seconds, 0: not yet.</summary>
public sealed record JobDetails
{
    public string Queue { get; init; } = "default";
    public string Project { get; init; } = "default";
    /// <summary>PASSIVE or INTERACTIVE.</summary>
    public string Mode { get; init; } = "PASSIVE";
    public string Command { get; init; } = "";
    public string Directory { get; init; } = "";
    public string Properties { get; init; } = "";
    public string Message { get; init; } = "";
    /// <summary>In seconds.</summary>
    public int Walltime { get; init; } = 3600;
    /// <summary>Changes of the walltime so far, and one that is asked for, in seconds.</summary>
    public int WalltimeGranted { get; init; }
    public int WalltimePending { get; init; }
    public long SubmittedAt { get; init; }
    public long ScheduledAt { get; init; }
    public long StartedAt { get; init; }
    public long StoppedAt { get; init; }
    public int? ExitCode { get; init; }
    public IReadOnlyList<JobEventDetails> Events { get; init; } = [];
}

/// <summary>An entry of a job's history, as the API shows it.</summary>
/// <param name="CreatedAt">Epoch seconds.</param>
public sealed record JobEventDetails(long Id, long CreatedAt, string Type, string Description);
