using System.Text.Json;
using WaltG5k.Testbed.Kavlan;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Api;

/// <summary>What the API changes of VLANs, and its one question that is a POST.</summary>
sealed class VlanActions(TestbedWorld world, CancellationToken ended)
{
    const string Default = "DEFAULT";
    static readonly ApiAnswer s_noRight = ApiAnswer.Text(403, "Not enough privileges on Kavlan resources");

    /// <param name="path">The words behind <c>vlans</c>.</param>
    /// <returns>Null: there is no such action.</returns>
    public async Task<ApiAnswer?> ActAsync(ApiRequest request, SiteModel site, string[] path)
    {
        if ((request.Method, path) is ("POST", ["nodes"])) return await LocateAsync(request, site).ConfigureAwait(false);
        if (path is not [string id, .. string[] what]) return null;
        bool isDefault = id == Default;
        VlanModel? vlan = isDefault ? null : world.FindVlan(site.Name, id);
        if (!isDefault && vlan is null) return ApiAnswer.Text(404, $"Vlan {id} does not exist");
        switch (request.Method, what)
        {
            case ("POST", ["nodes"]):
                // The network outside is everybody's.
                return isDefault || IsAuthorized(request.User!, vlan!, site) ? await SetAsync(request, site, id).ConfigureAwait(false) : s_noRight;
            case ("PUT", ["dhcpd"]) when vlan is not null: return SwitchDhcp(request, site, vlan);
            case ("PUT" or "DELETE", ["users", string user]) when vlan is not null: return ChangeUser(request, site, vlan, user);
            default: return null;
        }
    }

    async Task<ApiAnswer> LocateAsync(ApiRequest request, SiteModel site)
    {
        if (ReadAddresses(request) is not { } addresses) return MissingList();
        await PassAsync(addresses.Length).ConfigureAwait(false);
        lock (world.Sync)
        {
            (string Address, string Vlan)[] found =
            [
                .. addresses.Select(a => world.TryFindNic(site.Name, a, out NodeModel? node, out NicModel? nic) && node.Site == site.Name
                && nic.Kavlan ? (a, node.GetVlan(nic.Device)) : (a, ""))
                    .Where(a => a.Item2.Length > 0),
            ];
            return ApiAnswer.Collection(request, json => json.WriteCollection(request, $"/sites/{site.Name}/vlans/nodes", found,
                item => VlanResources.WriteNode(json, request, site, item.Address, item.Vlan)));
        }
    }

    async Task<ApiAnswer> SetAsync(ApiRequest request, SiteModel site, string id)
    {
        if (ReadAddresses(request) is not { } addresses) return MissingList();
        await PassAsync(addresses.Length).ConfigureAwait(false);
        var results = new List<(string Address, string Status, string Message)>();
        foreach (string address in addresses) results.Add((address, SetOne(request.User!, site, id, address, out string message), message));
        world.NotifyChanged();
        return ApiAnswer.Item(request, json =>
        {
            json.WriteStartObject();
            foreach ((string address, string status, string message) in results)
            {
                json.WriteStartObject(address);
                json.WriteString("status", status);
                json.WriteString("message", message);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
    }

    string SetOne(string user, SiteModel site, string id, string address, out string message)
    {
        message = "Unknown node";
        if (!world.TryFindNic(site.Name, address, out NodeModel? node, out NicModel? nic) || node.Site != site.Name || !nic.Kavlan) return "failure";
        lock (world.Sync)
        {
            message = "Not enough privileges on node";
            if (!world.FindDeployableNodes(user).Contains(node)) return "failure";
            message = "Node already in vlan";
            if (node.GetVlan(nic.Device) == id) return "unchanged";
        }
        KavlanSwitch.Move(world, address, node, nic, id);
        // It says so whether the switch obeyed or not.
        message = "Successfully added to vlan";
        return "success";
    }

    ApiAnswer SwitchDhcp(ApiRequest request, SiteModel site, VlanModel vlan)
    {
        string? action = request.Body.Length > 0 && request.ReadBody() is { ValueKind: JsonValueKind.Object } body
            && body.TryGetProperty("action", out JsonElement value) ? $"{value}" : null;
        if (!IsAuthorized(request.User!, vlan, site)) return s_noRight;
        if (action is not ("start" or "stop")) return ApiAnswer.Text(422, "An action ('start' or 'stop') should be provided");
        lock (world.Sync) vlan.DhcpEnabled = action == "start";
        world.NotifyChanged();
        return ApiAnswer.NoContent;
    }

    ApiAnswer ChangeUser(ApiRequest request, SiteModel site, VlanModel vlan, string user)
    {
        if (!IsAuthorized(request.User!, vlan, site)) return s_noRight;
        lock (world.Sync)
        {
            if (request.Method == "PUT") vlan.Guests.Add(user);
            else vlan.Guests.Remove(user);
        }
        world.NotifyChanged();
        return ApiAnswer.NoContent;
    }

    bool IsAuthorized(string user, VlanModel vlan, SiteModel site)
    {
        lock (world.Sync) return world.MayUseVlan(user, vlan, site.Name);
    }

    async Task PassAsync(int ports)
    {
        // The time of a clock that jumps passes for the switches, not for the way of the request.
        using IDisposable? passing = (world.Time as VirtualClock)?.Await();
        await KavlanSwitch.PassAsync(world, ports, ended).ConfigureAwait(false);
    }

    /// <summary>A bare array of names; anything else is none.</summary>
    static string[]? ReadAddresses(ApiRequest request) =>
        request.Body.Length > 0 && request.ReadBody() is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Select(a => a.ToString())]
        : null;

    static ApiAnswer MissingList() => ApiAnswer.Text(422, "Missing node list");
}
