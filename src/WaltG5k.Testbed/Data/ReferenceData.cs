using System.IO.Compression;
using System.Text.Json;

namespace WaltG5k.Testbed.Data;

/// <summary>What the embedded file tells of a cluster.</summary>
sealed record ClusterData(ClusterModel Model, IReadOnlyList<NodeData> Nodes);

/// <summary>What the embedded file tells of a node; <see cref="Nics"/> are complete, with their MACs.</summary>
sealed record NodeData(int Number, int RamGiB, IReadOnlyList<NicModel> Nics);

/// <summary>A site with its clusters and, where its nodes use KaVLAN, its global VLAN.</summary>
sealed record SiteData(SiteModel Model, IReadOnlyList<ClusterData> Clusters, int? GlobalVlan, string GlobalNetwork);

/// <summary>Reads the embedded reference data; its form is described in <c>Data/README.md</c>.</summary>
static class ReferenceData
{
    public static IReadOnlyList<SiteData> Read()
    {
        using Stream packed = typeof(ReferenceData).Assembly.GetManifestResourceStream("grid5000.json.gz")
            ?? throw new InvalidOperationException("The reference data are not embedded in the assembly.");
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(unpacked);
        return [.. document.RootElement.GetProperty("sites").EnumerateObject().Select((site, index) => ReadSite(site, index))];
    }

    static SiteData ReadSite(JsonProperty entry, int index)
    {
        JsonElement site = entry.Value;
        var model = new SiteModel(entry.Name)
        {
            Index = index,
            Location = GetText(site, "location"),
            Latitude = site.GetProperty("latitude").GetDouble(),
            Longitude = site.GetProperty("longitude").GetDouble(),
            FrontendIp = GetText(site, "frontend"),
            VlanRange = GetText(site, "range"),
        };
        int? globalVlan = site.TryGetProperty("globalVlan", out JsonElement id) ? id.GetInt32() : null;
        return new SiteData(model, [.. site.GetProperty("clusters").EnumerateObject().Select(c => ReadCluster(entry.Name, c))],
            globalVlan, GetText(site, "globalNetwork"));
    }

    static ClusterData ReadCluster(string site, JsonProperty entry)
    {
        JsonElement cluster = entry.Value;
        var model = new ClusterModel(site, entry.Name)
        {
            Model = GetText(cluster, "model"),
            Queues = [.. cluster.GetProperty("queues").EnumerateArray().Select(q => q.GetString()!)],
            IsExotic = cluster.TryGetProperty("exotic", out JsonElement exotic) && exotic.GetBoolean(),
            Architecture = GetText(cluster, "arch", "x86_64"),
            BootType = GetText(cluster, "boot", "bios"),
            Cores = cluster.GetProperty("cores").GetInt32(),
            RamGiB = cluster.GetProperty("ram").GetInt32(),
        };
        NicModel[] nics = ReadNics(cluster.GetProperty("nics"));
        bool hasDiffering = cluster.TryGetProperty("differing", out JsonElement differing);
        List<NodeData> nodes = [];
        foreach (JsonProperty node in cluster.GetProperty("nodes").EnumerateObject())
        {
            NicModel[] nodeNics = nics;
            int ram = model.RamGiB;
            if (hasDiffering && differing.TryGetProperty(node.Name, out JsonElement own))
            {
                if (own.TryGetProperty("nics", out JsonElement ownNics)) nodeNics = ReadNics(ownNics);
                if (own.TryGetProperty("ram", out JsonElement ownRam)) ram = ownRam.GetInt32();
            }
            NicModel[] withMacs = [.. nodeNics.Zip(node.Value.EnumerateArray(), (nic, mac) => nic with { Mac = mac.GetString()! })];
            nodes.Add(new NodeData(int.Parse(node.Name, System.Globalization.CultureInfo.InvariantCulture), ram, withMacs));
        }
        return new ClusterData(model, nodes);
    }

    static NicModel[] ReadNics(JsonElement rows) => [.. rows.EnumerateArray().Select(row =>
    {
        string flags = row[4].GetString()!;
        return new NicModel(row[0].GetString()!, row[1].GetString()!, row[2].GetString() ?? "", row[3].GetDouble(),
            Mounted: flags.Contains('m', StringComparison.Ordinal), Mountable: flags.Contains('w', StringComparison.Ordinal),
            Enabled: flags.Contains('e', StringComparison.Ordinal), Kavlan: flags.Contains('k', StringComparison.Ordinal),
            Type: row.GetArrayLength() > 5 ? row[5].GetString()! : "E", Mac: "");
    })];

    static string GetText(JsonElement item, string name, string absent = "") =>
        item.TryGetProperty(name, out JsonElement value) ? value.GetString()! : absent;
}
