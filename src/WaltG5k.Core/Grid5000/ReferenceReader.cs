using System.Globalization;
using System.Text.Json;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>Turns items of the reference API into our records. Keys come in any order; what is missing stays empty.</summary>
static class ReferenceReader
{
    const double BitsPerGigabit = 1e9;

    public static IEnumerable<SiteInfo> ReadSites(JsonElement collection) =>
        collection.GetItems("items").Select(ReadSite).OrderBy(s => s.Name, StringComparer.Ordinal);

    public static IEnumerable<ClusterInfo> ReadClusters(string site, JsonElement collection) =>
        collection.GetItems("items").Select(c => ReadCluster(site, c)).OrderBy(c => c.Name, NaturalComparer.Instance);

    public static IEnumerable<NodeInfo> ReadNodes(ClusterInfo cluster, JsonElement collection) =>
        collection.GetItems("items").OrderBy(n => n.GetText("uid") ?? "", NaturalComparer.Instance).Select(n => ReadNode(cluster, n));

    public static SiteInfo ReadSite(JsonElement site) => new(site.GetText("uid") ?? "")
    {
        Location = site.GetText("location") ?? "",
        FrontendIp = site.GetText("frontend_ip") ?? "",
        Vlans = ReadVlans(site),
        VlanNetworks = [.. ReadVlanNetworks(site)],
    };

    public static ClusterInfo ReadCluster(string site, JsonElement cluster) => new(site, cluster.GetText("uid") ?? "")
    {
        Model = cluster.GetText("model") ?? "",
        Queues = cluster.GetTexts("queues"),
        IsExotic = cluster.GetFlag("exotic"),
        BootType = cluster.GetText("boot_type") ?? "",
        HasKavlan = cluster.GetFlag("kavlan"),
        NodeCount = (int)(cluster.GetLong("nodes_count") ?? 0),
    };

    public static NodeInfo ReadNode(ClusterInfo cluster, JsonElement node)
    {
        JsonElement? architecture = node.GetObject("architecture");
        JsonElement? jobs = node.GetObject("supported_job_types");
        IReadOnlyList<string>? queues = jobs?.GetTexts("queues");
        return new NodeInfo(cluster.Site, cluster.Name, $"{node.GetText("uid")}.{cluster.Site}.grid5000.fr")
        {
            Architecture = architecture?.GetText("platform_type") ?? "",
            Cores = (int)(architecture?.GetLong("nb_cores") ?? 0),
            Threads = (int)(architecture?.GetLong("nb_threads") ?? architecture?.GetLong("nb_cores") ?? 0),
            Virtualization = ReadVirtualization(jobs),
            Memory = node.GetObject("main_memory")?.GetLong("ram_size") ?? 0,
            Queues = queues is { Count: > 0 } ? queues : cluster.Queues,
            IsExotic = node.GetFlag("exotic") || cluster.IsExotic,
            BootType = cluster.BootType,
            MaxWalltime = jobs?.GetLong("max_walltime") is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Nics = [.. node.GetItems("network_adapters").Select(ReadNic)],
            VlanAddresses = [.. ReadVlanAddresses(node)],
        };
    }

    /// <summary>A word, or null, false or "none" where there is no virtualisation.</summary>
    static string ReadVirtualization(JsonElement? jobs) =>
        jobs?.GetText("virtual") is { } kind && !kind.Equals("none", StringComparison.OrdinalIgnoreCase) ? kind : "";

    static NicInfo ReadNic(JsonElement nic) => new(nic.GetText("device") ?? "")
    {
        Name = nic.GetText("name") ?? "",
        Interface = nic.GetText("interface") ?? "",
        Mac = nic.GetText("mac") ?? "",
        NetworkAddress = nic.GetText("network_address") ?? "",
        Rate = (nic.GetDouble("rate") ?? 0) / BitsPerGigabit,
        Enabled = nic.GetFlag("enabled"),
        Mounted = nic.GetFlag("mounted"),
        Mountable = nic.GetFlag("mountable"),
        Management = nic.GetFlag("management"),
        Kavlan = nic.GetFlag("kavlan"),
    };

    static IEnumerable<VlanNetwork> ReadVlanNetworks(JsonElement site)
    {
        if (site.GetObject("kavlans") is not { } vlans) yield break;
        foreach (JsonProperty vlan in vlans.EnumerateObject())
        {
            if (int.TryParse(vlan.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && vlan.Value.GetText("network") is { } network)
                yield return new VlanNetwork(id, network, vlan.Value.GetText("gateway"));
        }
    }

    /// <summary>The members <c>kavlan-4</c> of each adapter.</summary>
    static IEnumerable<NodeVlanAddress> ReadVlanAddresses(JsonElement node)
    {
        if (node.GetObject("kavlan") is not { } adapters) yield break;
        foreach (JsonElement adapter in adapters.EnumerateObject().Select(a => a.Value).Where(a => a.ValueKind == JsonValueKind.Object))
        {
            foreach (JsonProperty vlan in adapter.EnumerateObject())
            {
                ReadOnlySpan<char> id = vlan.Name.AsSpan(vlan.Name.LastIndexOf('-') + 1);
                if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && vlan.Value.ValueKind == JsonValueKind.String)
                    yield return new NodeVlanAddress(number, vlan.Value.GetString()!);
            }
        }
    }

    /// <summary>The numbered keys of <c>kavlans</c>; <c>default</c> is the production network.</summary>
    static int[] ReadVlans(JsonElement site) => site.GetObject("kavlans") is not { } vlans
        ? []
        : [.. vlans.EnumerateObject().Select(v => int.TryParse(v.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0).Order()];
}
