using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>The reference data: sites, clusters, nodes. They never change, so that no lock is needed.</summary>
sealed class ReferenceResources(TestbedWorld world)
{
    readonly NodeResource _nodes = new(world);

    public ApiAnswer GetRoot(ApiRequest request) => ApiAnswer.ReferenceItem(request, json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "grid");
        json.WriteString("uid", "grid5000");
        json.WriteString("version", ApiWriting.DataVersion);
        json.WriteNumber("timestamp", world.Time.GetUtcNow().ToUnixTimeSeconds());
        WriteRootLinks(json, request);
        json.WriteEndObject();
    });

    static void WriteRootLinks(Utf8JsonWriter json, ApiRequest request)
    {
        json.WriteStartArray("links");
        foreach (string name in (string[])["accesses", "network_equipments", "sites"]) json.WriteLink(request, name, "/" + name, isCollection: true);
        json.WriteLink(request, "self", "/");
        json.WriteLink(request, "parent", "/");
        json.WriteLink(request, "version", "/versions/" + ApiWriting.DataVersion);
        foreach (string name in (string[])["versions", "users"]) json.WriteLink(request, name, "/" + name, isCollection: true);
        json.WriteEndArray();
    }

    public ApiAnswer GetSites(ApiRequest request) => ApiAnswer.ReferenceCollection(request, json =>
        json.WriteCollection(request, "/sites", [.. world.Sites.Values.OrderBy(s => s.Index)], site => WriteSite(json, request, site),
        isReference: true));

    public static ApiAnswer GetSite(ApiRequest request, SiteModel site) => ApiAnswer.ReferenceItem(request, json => WriteSite(json, request, site));

    // Only the clusters of the queues asked for are listed, by default those of admin and default.
    public static ApiAnswer GetClusters(ApiRequest request, SiteModel site)
    {
        string[] queues = request.GetList("queues") ?? ["admin", "default"];
        ClusterModel[] clusters = [.. site.Clusters.Where(c => queues.Contains("all") || c.Queues.Any(queues.Contains))];
        return ApiAnswer.ReferenceCollection(request, json =>
            json.WriteCollection(request, $"/sites/{site.Name}/clusters", clusters, cluster => WriteCluster(json, request, cluster),
            isReference: true));
    }

    public static ApiAnswer GetCluster(ApiRequest request, ClusterModel cluster) =>
        ApiAnswer.ReferenceItem(request, json => WriteCluster(json, request, cluster));

    public ApiAnswer GetNodes(ApiRequest request, SiteModel site, ClusterModel cluster) => ApiAnswer.ReferenceCollection(request, json =>
        json.WriteCollection(request, $"/sites/{site.Name}/clusters/{cluster.Name}/nodes", cluster.Nodes,
        node => _nodes.Write(json, request, site, node), isReference: true));

    public ApiAnswer GetNode(ApiRequest request, SiteModel site, NodeModel node) =>
        ApiAnswer.ReferenceItem(request, json => _nodes.Write(json, request, site, node));

    static void WriteSite(Utf8JsonWriter json, ApiRequest request, SiteModel site)
    {
        string title = char.ToUpperInvariant(site.Name[0]) + site.Name[1..];
        json.WriteStartObject();
        json.WriteString("description", $"Grid5000 {title} site");
        json.WriteIfAny("frontend_ip", site.FrontendIp);
        json.WriteIfAny("kavlan_ip_range", site.VlanRange);
        json.WriteStartObject("kavlans");
        foreach (VlanModel vlan in site.Vlans.Values)
        {
            json.WriteStartObject(vlan.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("gateway", vlan.Gateway);
            json.WriteString("network", vlan.Network);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteNumber("latitude", site.Latitude);
        json.WriteString("location", site.Location);
        json.WriteNumber("longitude", site.Longitude);
        json.WriteString("name", title);
        json.WriteBoolean("production", site.Clusters.Count > 0);
        json.WriteString("scheduler", "oar");
        json.WriteString("type", "site");
        json.WriteString("uid", site.Name);
        json.WriteString("version", ApiWriting.DataVersion);
        json.WriteLinks(request, $"/sites/{site.Name}", "/", parentIsCollection: false, "clusters", "jobs", "deployments", "vlans", "status");
        json.WriteEndObject();
    }

    static void WriteCluster(Utf8JsonWriter json, ApiRequest request, ClusterModel cluster)
    {
        json.WriteStartObject();
        json.WriteString("boot_type", cluster.BootType);
        json.WriteBoolean("exotic", cluster.IsExotic);
        json.WriteBoolean("kavlan", cluster.Nodes.Exists(n => n.Nics.Any(nic => nic.Kavlan)));
        json.WriteIfAny("model", cluster.Model);
        json.WriteNumber("nodes_count", cluster.Nodes.Count);
        json.WriteTexts("queues", cluster.Queues);
        json.WriteString("type", "cluster");
        json.WriteString("uid", cluster.Name);
        json.WriteString("version", ApiWriting.DataVersion);
        json.WriteLinks(request, $"/sites/{cluster.Site}/clusters/{cluster.Name}", $"/sites/{cluster.Site}", parentIsCollection: false, "nodes");
        json.WriteEndObject();
    }
}
