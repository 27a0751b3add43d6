using System.Globalization;
using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>A node of the reference data.</summary>
sealed class NodeResource(TestbedWorld world)
{
    readonly VlanModel[] _globalVlans = [.. world.Sites.Values.SelectMany(s => s.Vlans.Values).Where(v => v.Type == "kavlan-global")
        .OrderBy(v => v.Id)];

    public void Write(Utf8JsonWriter json, ApiRequest request, SiteModel site, NodeModel node)
    {
        ClusterModel cluster = node.Cluster;
        string clusterPath = $"/sites/{site.Name}/clusters/{cluster.Name}";
        json.WriteStartObject();
        json.WriteStartObject("architecture");
        json.WriteNumber("nb_cores", cluster.Cores);
        // As thread_count of OAR's resources has it: the data do not tell.
        json.WriteNumber("nb_threads", cluster.Cores * 2);
        json.WriteString("platform_type", cluster.Architecture);
        json.WriteEndObject();
        json.WriteBoolean("exotic", cluster.IsExotic);
        WriteVlanAddresses(json, site, node);
        json.WriteStartObject("main_memory");
        json.WriteNumber("ram_size", (long)node.RamGiB << 30);
        json.WriteEndObject();
        json.WriteStartArray("network_adapters");
        foreach (NicModel nic in node.Nics) WriteAdapter(json, site, node, nic);
        WriteManagementAdapter(json, site, node);
        json.WriteEndArray();
        json.WriteString("nodeset", cluster.Name);
        json.WriteStartObject("software");
        json.WriteString("standard-environment", "debian11-x64-std");
        json.WriteEndObject();
        WriteJobTypes(json, cluster);
        json.WriteString("type", "node");
        json.WriteString("uid", node.ShortName);
        json.WriteString("version", ApiWriting.DataVersion);
        json.WriteLinks(request, $"{clusterPath}/nodes/{node.ShortName}", clusterPath);
        json.WriteEndObject();
    }

    void WriteVlanAddresses(Utf8JsonWriter json, SiteModel site, NodeModel node)
    {
        if (site.Vlans.Count == 0 || !node.Nics.Any(n => n.Kavlan)) return;
        json.WriteStartObject("kavlan");
        foreach (NicModel nic in node.Nics.Where(n => n is { Kavlan: true, IsUsableEthernet: true }))
        {
            json.WriteStartObject(nic.Device);
            foreach (VlanModel vlan in site.Vlans.Values.Where(v => v.Type != "kavlan-global").Concat(_globalVlans))
                json.WriteIfAny($"kavlan-{vlan.Id.ToString(CultureInfo.InvariantCulture)}", NodeAddresses.GetInVlan(vlan, site, node, nic));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteAdapter(Utf8JsonWriter json, SiteModel site, NodeModel node, NicModel nic)
    {
        json.WriteStartObject();
        json.WriteString("device", nic.Device);
        json.WriteString("driver", nic.Driver);
        json.WriteBoolean("enabled", nic.Enabled);
        json.WriteString("interface", nic.Type switch { "E" => "Ethernet", "IB" => "InfiniBand", "OPA" => "Omni-Path", _ => nic.Type });
        json.WriteIfAny("ip", NodeAddresses.GetDefault(site, node, nic));
        json.WriteBoolean("kavlan", nic.Kavlan);
        json.WriteString("mac", nic.Mac);
        json.WriteBoolean("management", false);
        json.WriteBoolean("mountable", nic.Mountable);
        json.WriteBoolean("mounted", nic.Mounted);
        json.WriteString("name", nic.Name);
        if (nic.Mounted || nic.Mountable) json.WriteString("network_address", node.GetNetworkAddress(nic));
        // Unknown for an adapter without a cable.
        if (nic.RateGbps > 0) json.WriteNumber("rate", (long)(nic.RateGbps * 1e9));
        json.WriteEndObject();
    }

    // It lacks most keys, its name above all: a client has to leave it out by its flag.
    static void WriteManagementAdapter(Utf8JsonWriter json, SiteModel site, NodeModel node)
    {
        json.WriteStartObject();
        json.WriteString("device", "bmc");
        json.WriteBoolean("enabled", true);
        json.WriteString("interface", "Ethernet");
        json.WriteIfAny("ip", NodeAddresses.GetManagement(site, node));
        json.WriteBoolean("kavlan", false);
        // Made from the main adapter's: the data do not tell it.
        if (node.MainNic is { Type: "E" } main) json.WriteString("mac", "06" + main.Mac[2..]);
        json.WriteBoolean("management", true);
        json.WriteBoolean("mountable", false);
        json.WriteBoolean("mounted", false);
        json.WriteString("network_address", $"{node.ShortName}-bmc.{node.Site}.grid5000.fr");
        json.WriteEndObject();
    }

    static void WriteJobTypes(Utf8JsonWriter json, ClusterModel cluster)
    {
        json.WriteStartObject("supported_job_types");
        json.WriteBoolean("besteffort", true);
        json.WriteBoolean("deploy", true);
        json.WriteNumber("max_walltime", 0);
        json.WriteTexts("queues", cluster.Queues);
        json.WriteString("virtual", cluster.Architecture == "x86_64" ? "ivt" : "none");
        json.WriteEndObject();
    }
}
