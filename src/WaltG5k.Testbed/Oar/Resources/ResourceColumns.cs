using System.Collections.Frozen;
using System.Globalization;

namespace WaltG5k.Testbed.Oar.Resources;

/// <summary>A column of OAR's table of resources.</summary>
/// <param name="Name">As in SQL.</param>
/// <param name="IsNumber">Integer column; the others hold text.</param>
/// <param name="IsPerRow">Whether the rows of one node differ in it.</param>
/// <param name="IsInternal">Left out by <c>oarstat -p</c>.</param>
/// <param name="IsVolatile">May change while the testbed runs.</param>
/// <param name="Get">A long, a string or null.</param>
public sealed record ResourceColumn(string Name, bool IsNumber, bool IsPerRow, bool IsInternal, bool IsVolatile, Func<ResourceRow, object?> Get);

/// <summary>The columns that OAR has on Grid'5000. There is none for the boot type of a node.</summary>
public static class ResourceColumns
{
    const long Forever = int.MaxValue;
    /// <summary>What marks a node that is switched off to save energy.</summary>
    const long StandBy = int.MaxValue - 1;

    /// <summary>The network of a subnet, from its site and number.</summary>
    internal static string SubnetOf(string site, int number) => $"{SubnetAddress(site, number)}/22";

    static string SubnetAddress(string site, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{SubnetBlock(site)}.{(number - 1) * 4}.0");

    /// <summary>The second byte of a site's /14.</summary>
    internal static int SubnetBlock(string site) => site switch
    {
        "grenoble" => 132, "lille" => 136, "lyon" => 140, "nancy" => 144, "rennes" => 156, "toulouse" => 160, "sophia" => 164, "luxembourg" =>
            172, "nantes" => 176, "louvain" => 180,
        "strasbourg" => 184, _ => 188,
    };

    public static IReadOnlyList<ResourceColumn> All { get; } =
    [
        // What every resource has.
        Number("resource_id", r => r.Id, perRow: true, isInternal: true),
        Text("type", r => r.Unit.Kind switch { ResourceKind.Node => "default", ResourceKind.Vlan => r.Unit.Vlan!.Type, _ => "subnet" }),
        Text("network_address", r => r.Unit.NetworkAddress),
        Text("state", r => r.Unit.State, isInternal: true, isVolatile: true),
        Number("state_num", r => r.Unit.State switch { "Alive" => 1, "Absent" => 2, "Suspected" => 3, _ => 4 }, isInternal: true, isVolatile: true),
        Text("next_state", _ => "UnChanged", isInternal: true),
        Text("finaud_decision", _ => "NO", isInternal: true),
        Text("next_finaud_decision", _ => "NO", isInternal: true),
        Text("suspended_jobs", _ => "NO", isInternal: true),
        Number("scheduler_priority", _ => 0, isInternal: true),
        Number("last_job_date", _ => 0, isInternal: true),
        Number("expiry_date", _ => 0, isInternal: true),
        Number("available_upto", r => r.Unit.Node?.IsStandby == true ? StandBy : Forever),
        Number("last_available_upto", _ => 0),
        Text("cpuset", r => r.Offset.ToString(CultureInfo.InvariantCulture), perRow: true),
        Text("besteffort", _ => "YES"),
        Text("deploy", _ => "YES"),
        Text("desktop_computing", _ => "NO"),
        Text("drain", _ => "NO"),
        Text("maintenance", _ => "NO"),
        Text("production", r => IsProduction(r.Unit) ? "YES" : "NO"),
        Text("exotic", r => r.Unit.Node?.Cluster.IsExotic == true ? "YES" : "NO"),
        Text("site", r => r.Unit.Site),

        // Networks.
        Text("vlan", r => r.Unit.Vlan?.Id.ToString(CultureInfo.InvariantCulture)),
        .. Enumerable.Range(16, 7).Select(SubnetColumn),
        Text("subnet_address", r => r.Unit.Kind == ResourceKind.Subnet ? SubnetAddress(r.Unit.Site, r.Unit.SubnetNumber) : null),
        Number("subnet_prefix", r => r.Unit.Kind == ResourceKind.Subnet ? 22 : null),

        // Nodes.
        Text("host", r => r.Unit.Node?.Name),
        NodeText("ip", n => $"172.16.{64 + n.Number / 250}.{n.Number % 250 + 1}"),
        NodeText("cluster", n => n.Cluster.Name),
        NodeNumber("cluster_priority", _ => 1000),
        Text("queues", r => r.Unit.Node is null ? null : string.Join(',', r.Unit.Node.Cluster.Queues)),
        NodeText("cpuarch", n => n.Cluster.Architecture),
        NodeText("cputype", _ => "Generic"),
        NodeText("cpufreq", _ => "2.1"),
        NodeNumber("cpu_count", _ => 1),
        NodeNumber("core_count", n => n.Cluster.Cores),
        NodeNumber("cpucore", n => n.Cluster.Cores),
        NodeNumber("thread_count", n => n.Cluster.Cores * 2),
        Number("cpu", r => r.Unit.Node is null ? null : r.Unit.Index + 1),
        Number("core", r => r.Unit.Node is null ? null : r.Id, perRow: true),
        NodeNumber("memnode", n => n.Cluster.RamGiB * 1024L),
        NodeNumber("memcpu", n => n.Cluster.RamGiB * 1024L),
        NodeNumber("memcore", n => n.Cluster.RamGiB * 1024L / Math.Max(1, n.Cluster.Cores)),
        NodeNumber("eth_count", n => n.Nics.Count(i => i.IsUsableEthernet)),
        NodeNumber("eth_kavlan_count", n => n.Nics.Count(i => i.IsUsableEthernet && i.Kavlan)),
        NodeNumber("eth_rate", n => (long?)n.MainNic?.RateGbps),
        NodeText("nodemodel", n => $"Model of {n.Cluster.Name}"),
        NodeText("switch", n => $"sw-{n.Site}-{(n.Number - 1) / 40 + 1}"),
        NodeText("chassis", _ => null),
        NodeText("virtual", _ => "ivt"),
        NodeText("disk", _ => null),
        NodeText("diskpath", _ => null),
        NodeText("disktype", _ => "SATA/SSD"),
        NodeNumber("disk_reservation_count", _ => 0),
        NodeText("gpu", _ => null),
        NodeText("gpudevice", _ => null),
        NodeText("gpu_model", _ => null),
        NodeNumber("gpu_count", _ => 0),
        NodeNumber("max_walltime", _ => 0),
        NodeText("wattmeter", _ => "NO"),
        NodeText("comment", _ => "OK"),
    ];

    static readonly FrozenDictionary<string, ResourceColumn> s_byName = All.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    public static ResourceColumn? Find(string name) => s_byName.GetValueOrDefault(name);

    static bool IsProduction(ResourceUnit unit) =>
        unit.Node?.Cluster.Queues is { Count: > 0 } queues && queues.Contains("production") && !queues.Contains("default");

    // A /22 lies in one larger block of each size: two in a /21, four in a /20, and so on.
    static ResourceColumn SubnetColumn(int prefix) => Text($"slash_{prefix}",
        r => r.Unit.Kind == ResourceKind.Subnet ? $"s{prefix}-{((r.Unit.SubnetNumber - 1) >> (22 - prefix)) + 1}" : null);

    static ResourceColumn Text(string name, Func<ResourceRow, string?> get, bool perRow = false, bool isInternal = false, bool isVolatile = false) =>
        new(name, false, perRow, isInternal, isVolatile, get);

    static ResourceColumn Number(string name, Func<ResourceRow, long?> get, bool perRow = false, bool isInternal = false, bool isVolatile = false) =>
        new(name, true, perRow, isInternal, isVolatile, r => get(r));

    static ResourceColumn NodeText(string name, Func<NodeModel, string?> get) => Text(name, r => r.Unit.Node is null ? null : get(r.Unit.Node));
    static ResourceColumn NodeNumber(string name, Func<NodeModel, long?> get) => Number(name, r => r.Unit.Node is null ? null : get(r.Unit.Node));
}
