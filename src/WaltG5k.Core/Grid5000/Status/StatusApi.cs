using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>What the nodes and VLANs of a site do now, through the API.</summary>
public sealed class StatusApi(IGrid grid, string site)
{
    readonly ApiConnection _api = new(grid);

    /// <param name="nodes">Full names; empty: every node of the default queue.</param>
    /// <exception cref="G5kException"><c>SiteNotFound</c>, <c>ApiRefused</c>, <c>ApiUnreachable</c>, <c>ApiTimeout</c>,
    /// <c>ApiUnreadable</c>.</exception>
    public async Task<SiteStatus> GetAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken = default)
    {
        string path = $"sites/{Uri.EscapeDataString(site)}/status"
            + ApiQuery.Join(("disks", "no"), ("subnets", "no"), ("queues", nodes.Count > 0 ? "all" : null),
            ("network_address", string.Join(',', nodes)));
        using JsonDocument document = await _api.GetAsync(path, cancellationToken).ConfigureAwait(false) ?? throw ReferenceErrors.SiteNotFound(site);
        return Read(site, document.RootElement);
    }

    internal static SiteStatus Read(string site, JsonElement status)
    {
        JsonProperty[] nodes = Members(status, "nodes"), vlans = Members(status, "vlans");
        return new SiteStatus(site, status.GetDate("uid") ?? DateTimeOffset.UnixEpoch)
        {
            Nodes = [.. nodes.OrderBy(n => n.Name, NaturalComparer.Instance)
                .Select(n => new NodeStatus(n.Name, n.Value.GetText("hard") ?? "", n.Value.GetText("soft") ?? "")
            {
                Comment = n.Value.GetText("comment"),
                FreeSlots = (int)(n.Value.GetLong("free_slots") ?? 0),
                BusySlots = (int)(n.Value.GetLong("busy_slots") ?? 0),
                Jobs = JobsOf(n.Value),
            })],
            Vlans = [.. vlans.OrderBy(v => v.Name, NaturalComparer.Instance).Select(v =>
                new VlanStatus(v.Name, v.Value.GetText("hard") ?? "", v.Value.GetText("soft") ?? "",
                v.Value.GetText("type") ?? "") { Jobs = JobsOf(v.Value) })],
            ShowsJobs = nodes.Concat(vlans).Any(e => e.Value.TryGetProperty("reservations", out _)),
        };
    }

    static JsonProperty[] Members(JsonElement status, string name) => status.GetObject(name) is { } all ? [.. all.EnumerateObject()] : [];

    static long[] JobsOf(JsonElement element) => [.. element.GetItems("reservations")
        .OrderBy(j => j.GetText("state") != "running").ThenBy(j => j.GetLong("started_at") ?? long.MaxValue).Select(j => j.GetLong("uid"))
        .OfType<long>()];
}
