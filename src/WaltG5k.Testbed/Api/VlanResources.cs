using System.Globalization;
using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>The VLANs that a site's nodes can be in, who may use them and which nodes are there.</summary>
sealed class VlanResources(TestbedWorld world)
{
    const string Default = "DEFAULT";
    const string CacheControl = "max-age=60, private";

    /// <param name="path">The words behind <c>vlans</c>.</param>
    public ApiAnswer? Find(ApiRequest request, SiteModel site, string[] path)
    {
        switch (path)
        {
            case []: return GetAll(request, site);
            case ["nodes"]: return GetNodes(request, site, vlan: null);
            case ["nodes", string address]: return GetNode(request, site, address);
            case ["users", string user]: return GetVlansOf(request, site, user);
        }
        if (!GetVlans(site).Any(v => v.Id == path[0])) return ApiAnswer.Text(404, $"Vlan {path[0]} does not exist");
        return path switch
        {
            [string id] => ApiAnswer.Item(request, json => WriteVlan(json, request, site, GetVlans(site).First(v => v.Id == id)), CacheControl),
            [string id, "nodes"] => GetNodes(request, site, id),
            [string id, "users"] => GetUsers(request, site, id),
            [string id, "users", string user] => GetUser(request, site, id, user),
            _ => null,
        };
    }

    ApiAnswer GetAll(ApiRequest request, SiteModel site) => ApiAnswer.Collection(request, json =>
        json.WriteCollection(request, PathOf(site), [.. GetVlans(site)], vlan => WriteVlan(json, request, site, vlan)), CacheControl);

    ApiAnswer GetNodes(ApiRequest request, SiteModel site, string? vlan)
    {
        lock (world.Sync)
        {
            (string Address, string Vlan)[] found = [.. GetAddresses(site).Where(a => vlan is null || a.Vlan == vlan)];
            string path = vlan is null ? $"{PathOf(site)}/nodes" : $"{PathOf(site)}/{vlan}/nodes";
            return ApiAnswer.Collection(request, json =>
                json.WriteCollection(request, path, found, item => WriteNode(json, request, site, item.Address, item.Vlan)), CacheControl);
        }
    }

    ApiAnswer GetNode(ApiRequest request, SiteModel site, string address)
    {
        lock (world.Sync)
        {
            string? vlan = GetAddresses(site).Where(a => a.Address == address).Select(a => a.Vlan).FirstOrDefault();
            return vlan is null
                ? ApiAnswer.Text(404, $"Unknown node '{address}'.")
                : ApiAnswer.Item(request, json => WriteNode(json, request, site, address, vlan), CacheControl);
        }
    }

    ApiAnswer GetUsers(ApiRequest request, SiteModel site, string id)
    {
        string path = $"{PathOf(site)}/{id}/users";
        IReadOnlyList<string> users = GetUsers(site, id);
        return ApiAnswer.Collection(request, json => json.WriteCollection(request, path, users, user =>
        {
            json.WriteStartObject();
            json.WriteString("uid", user);
            json.WriteLinks(request, $"{path}/{user}", path, parentIsCollection: true);
            json.WriteEndObject();
        }), CacheControl);
    }

    ApiAnswer GetUser(ApiRequest request, SiteModel site, string id, string user)
    {
        string path = $"{PathOf(site)}/{id}/users";
        bool isAuthorized = GetUsers(site, id).Contains(user);
        return ApiAnswer.Item(request, json =>
        {
            json.WriteStartObject();
            json.WriteString("uid", user);
            json.WriteString("status", isAuthorized ? "authorized" : "unauthorized");
            json.WriteLinks(request, $"{path}/{user}", path, parentIsCollection: true);
            json.WriteEndObject();
        }, CacheControl);
    }

    ApiAnswer GetVlansOf(ApiRequest request, SiteModel site, string user)
    {
        string path = $"{PathOf(site)}/users";
        string[] vlans = [.. GetVlans(site).Select(v => v.Id).Where(id => GetUsers(site, id).Contains(user))];
        return ApiAnswer.Item(request, json =>
        {
            json.WriteStartObject();
            json.WriteString("uid", user);
            json.WriteTexts("vlans", vlans);
            json.WriteLinks(request, $"{path}/{user}", path, parentIsCollection: true);
            json.WriteEndObject();
        }, CacheControl);
    }

    // The owners of running jobs that hold the VLAN, once their right has reached the site.
    IReadOnlyList<string> GetUsers(SiteModel site, string id)
    {
        lock (world.Sync)
        {
            return world.FindVlan(site.Name, id) is not { } vlan
                ? []
                : [.. world.Jobs.Values.Where(j => j.IsRunning && j.Vlans.Contains(vlan)).Select(j => j.User).Concat(vlan.Guests)
                .Distinct(StringComparer.Ordinal)
                    .Where(user => world.MayUseVlan(user, vlan, site.Name))];
        }
    }

    // The site's own, the global ones of the other sites, and the network outside of all VLANs.
    IEnumerable<(string Id, string? Type)> GetVlans(SiteModel site)
    {
        if (site.Vlans.Count == 0) return [];
        IEnumerable<(int, string?)> own = site.Vlans.Values.Select(v => (v.Id, (string?)v.Type));
        IEnumerable<(int, string?)> remote = world.Sites.Values.Where(s => s != site).SelectMany(s => s.Vlans.Values)
            .Where(v => v.Type == "kavlan-global").Select(v => (v.Id, (string?)"kavlan-global-remote"));
        return own.Concat(remote).OrderBy(v => v.Item1).Select(v => (v.Item1.ToString(CultureInfo.InvariantCulture), v.Item2))
            .Append((Default, null));
    }

    static IEnumerable<(string Address, string Vlan)> GetAddresses(SiteModel site) =>
        from cluster in site.Clusters
        from node in cluster.Nodes
        from nic in node.Nics
        where nic is { Kavlan: true, IsUsableEthernet: true }
        select (node.GetNetworkAddress(nic), node.GetVlan(nic.Device));

    static void WriteVlan(Utf8JsonWriter json, ApiRequest request, SiteModel site, (string Id, string? Type) vlan)
    {
        string path = $"{PathOf(site)}/{vlan.Id}";
        json.WriteStartObject();
        json.WriteString("uid", vlan.Id);
        json.WriteString("type", vlan.Type ?? "NULL");
        json.WriteStartArray("links");
        json.WriteLink(request, "dhcpd", path + "/dhcpd");
        json.WriteLink(request, "nodes", path + "/nodes", isCollection: true);
        json.WriteLink(request, "users", path + "/users", isCollection: true);
        json.WriteLink(request, "self", path);
        json.WriteLink(request, "parent", PathOf(site), isCollection: true);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteNode(Utf8JsonWriter json, ApiRequest request, SiteModel site, string address, string vlan)
    {
        json.WriteStartObject();
        json.WriteString("uid", address);
        json.WriteString("vlan", vlan);
        json.WriteLinks(request, $"{PathOf(site)}/nodes/{address}", $"{PathOf(site)}/{vlan}", parentIsCollection: false);
        json.WriteEndObject();
    }

    static string PathOf(SiteModel site) => $"/sites/{site.Name}/vlans";
}
