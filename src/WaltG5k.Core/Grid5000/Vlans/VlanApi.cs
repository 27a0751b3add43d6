using System.Net;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>KaVLAN of one site through the API: a result for each network address.</summary>
public sealed class VlanApi(IGrid grid, string site)
{
    /// <summary>A site has no more nodes and adapters.</summary>
    const int MaximumItems = 10_000;

    readonly ApiConnection _api = new(grid);
    readonly string _path = $"sites/{Uri.EscapeDataString(site)}/vlans";

    /// <summary>The VLANs of the site, the global ones of other sites, and <c>DEFAULT</c>.</summary>
    /// <exception cref="G5kException"><c>ApiRefused</c>, <c>ApiUnreachable</c>, <c>ApiTimeout</c>, <c>ApiUnreadable</c>.</exception>
    public async Task<IReadOnlyList<ApiVlan>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await ReadItemsAsync(_path, cancellationToken).ConfigureAwait(false)).Select(Read)];

    /// <summary>One of them, or null.</summary>
    public async Task<ApiVlan?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync(PathOf(id), cancellationToken).ConfigureAwait(false);
        return document is null ? null : Read(document.RootElement);
    }

    /// <summary>The network addresses in a VLAN.</summary>
    /// <exception cref="G5kException"><c>VlanNotFound</c>.</exception>
    public async Task<IReadOnlyList<string>> GetNodesAsync(string id, CancellationToken cancellationToken = default)
    {
        IEnumerable<JsonElement> items = await OfVlanAsync(id, () => ReadItemsAsync($"{PathOf(id)}/nodes", cancellationToken)).ConfigureAwait(false);
        return [.. items.Select(i => i.GetText("uid")).OfType<string>().Order(NaturalComparer.Instance)];
    }

    /// <summary>The VLAN in which each address is now; one that the API does not know is not in the result.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LocateAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken = default)
    {
        // A POST, but only a question.
        ApiCall call = new(HttpMethod.Post, $"{_path}/nodes") { Body = ToArray(addresses), IsRepeatable = true };
        ApiReply reply = await _api.SendAsync(call, cancellationToken).ConfigureAwait(false);
        JsonElement json = reply.Json ?? throw ApiErrors.Unreadable(call.Path, reply.Text);
        var vlans = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // Items of a collection, a bare array of them, or an object by address.
        IEnumerable<JsonElement> items = json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : json.GetItems("items");
        foreach (JsonElement item in items)
            if (item.GetText("uid") is { } uid && item.GetText("vlan") is { } vlan) vlans[uid] = vlan;
        if (json.ValueKind != JsonValueKind.Object || json.TryGetProperty("items", out _)) return vlans;
        foreach (JsonProperty property in json.EnumerateObject())
            if ((property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : property.Value.GetText("vlan")) is { } vlan)
                vlans[property.Name] = vlan;
        return vlans;
    }

    /// <summary>Puts addresses into a VLAN. The API answers with success also when some failed: each has its own result.</summary>
    /// <param name="id">An id, or <c>DEFAULT</c> to put them back.</param>
    /// <exception cref="G5kException"><c>ApiRefused</c>: no right on the VLAN; <c>VlanNotFound</c>.</exception>
    public async Task<IReadOnlyList<ApiVlanChange>> SetAsync(string id, IReadOnlyList<string> addresses,
        CancellationToken cancellationToken = default)
    {
        // Done twice it is as done once.
        ApiCall call = new(HttpMethod.Post, $"{PathOf(id)}/nodes") { Body = ToArray(addresses), IsRepeatable = true };
        ApiReply reply = await OfVlanAsync(id, () => _api.SendAsync(call, cancellationToken)).ConfigureAwait(false);
        JsonElement json = reply.Json ?? throw ApiErrors.Unreadable(call.Path, reply.Text);
        var byAddress = new Dictionary<string, ApiVlanChange>(StringComparer.OrdinalIgnoreCase);
        if (json.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty property in json.EnumerateObject()) byAddress[property.Name] = ReadChange(property.Name, property.Value);
        return [.. addresses.Select(a => byAddress.GetValueOrDefault(a)
            ?? new ApiVlanChange(a, ApiVlanStatus.Unknown, "The API said nothing about it."))];
    }

    /// <summary>Who may use a VLAN, as this site sees it: rights on a global one take time to reach the other sites.</summary>
    /// <exception cref="G5kException"><c>VlanNotFound</c>.</exception>
    public async Task<IReadOnlyList<string>> GetUsersAsync(string id, CancellationToken cancellationToken = default)
    {
        IEnumerable<JsonElement> items = await OfVlanAsync(id, () => ReadItemsAsync($"{PathOf(id)}/users", cancellationToken)).ConfigureAwait(false);
        return [.. items.Select(i => i.GetText("uid")).OfType<string>()];
    }

    /// <summary>The VLANs that a user may use here.</summary>
    public async Task<IReadOnlyList<string>> GetVlansOfUserAsync(string user, CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync($"{_path}/users/{Uri.EscapeDataString(user)}", cancellationToken).ConfigureAwait(false);
        // Numbers or texts.
        return document is null ? [] : [.. document.RootElement.GetItems("vlans")
            .Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText())];
    }

    /// <summary>Lets a user work with the VLAN, or no longer.</summary>
    /// <exception cref="G5kException"><c>VlanNotFound</c>, <c>ApiRefused</c>.</exception>
    public Task SetUserAsync(string id, string user, bool isAuthorized, CancellationToken cancellationToken = default) => OfVlanAsync(id, () =>
        _api.SendAsync(new ApiCall(isAuthorized ? HttpMethod.Put : HttpMethod.Delete, $"{PathOf(id)}/users/{Uri.EscapeDataString(user)}"),
        cancellationToken));

    /// <summary>Starts or stops Grid'5000's own DHCP in the VLAN. Nothing tells whether it runs.</summary>
    /// <exception cref="G5kException"><c>VlanNotFound</c>, <c>ApiRefused</c>.</exception>
    public Task SetDhcpAsync(string id, bool isEnabled, CancellationToken cancellationToken = default) => OfVlanAsync(id, () =>
        _api.SendAsync(new ApiCall(HttpMethod.Put, $"{PathOf(id)}/dhcpd") { Body = isEnabled ? """{"action":"start"}""" : """{"action":"stop"}""" },
        cancellationToken));

    /// <summary>The whole list in one request: this part of the API knows no pages, and would answer each of them with everything.</summary>
    async Task<IReadOnlyList<JsonElement>> ReadItemsAsync(string path, CancellationToken cancellationToken)
    {
        List<JsonElement> items = [];
        await foreach (JsonElement item in _api.GetItemsAsync(path, MaximumItems, cancellationToken).ConfigureAwait(false)) items.Add(item);
        return items;
    }

    async Task<T> OfVlanAsync<T>(string id, Func<Task<T>> ask)
    {
        try { return await ask().ConfigureAwait(false); }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound
            && !e.Text.StartsWith("Unknown", StringComparison.Ordinal)) { throw ReferenceErrors.VlanNotFound(site, id); }
    }

    ApiVlan Read(JsonElement item) => new(site, item.GetText("uid") ?? "", item.GetText("type") ?? "NULL");

    static ApiVlanChange ReadChange(string address, JsonElement value) => new(address, value.GetText("status") switch
    {
        "success" => ApiVlanStatus.Success,
        "unchanged" => ApiVlanStatus.Unchanged,
        "failure" => ApiVlanStatus.Failure,
        _ => ApiVlanStatus.Unknown,
    }, value.GetText("message") ?? "");

    /// <summary>A bare array: an object is refused.</summary>
    static string ToArray(IReadOnlyList<string> addresses) => JsonSerializer.Serialize(addresses);

    string PathOf(string id) => $"{_path}/{Uri.EscapeDataString(id)}";
}
