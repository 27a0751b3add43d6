using System.Globalization;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>
/// Addresses for machines in a KaVLAN: what no node of the address plan has there, whichever of its adapters. Fixed offsets into the network, as other
/// tools use them, are those of real nodes today; so the plan itself is read.
/// </summary>
public sealed class VlanAddresses(IGrid grid)
{
    /// <summary>VLANs from this id on are global: nodes of all sites can be in them.</summary>
    const int FirstGlobalVlan = 10;
    /// <summary>The end of each network: gateway and KaVLAN's own services.</summary>
    const uint ReservedEnd = 512;
    const int MaximumRequests = 4;

    readonly ApiReader _api = new(grid);

    /// <param name="network">Such as <c>10.16.0.0/18</c>.</param>
    /// <param name="gateway">An address; null: none.</param>
    /// <param name="taken">Addresses of nodes.</param>
    /// <param name="name">What it is: <c>VLAN 4 of nancy</c>.</param>
    /// <exception cref="G5kException"><c>VlanWithoutNetwork</c>.</exception>
    public static AddressPool Free(string network, string? gateway, IEnumerable<string> taken, string name)
    {
        ArgumentNullException.ThrowIfNull(taken);
        if (!Ipv4.TryParseNetwork(network, out uint first, out uint last) || last - first < 2 * ReservedEnd) throw WithoutNetwork(name, network);
        var used = new HashSet<uint>();
        foreach (string text in gateway is null ? taken : taken.Append(gateway))
        {
            if (Ipv4.TryParse(text, out uint address)) used.Add(address);
        }
        var free = new List<VMAddress>();
        for (uint address = first + 1; address <= last - ReservedEnd; address++)
        {
            // Some programs take .0 and .255 for something special wherever they are.
            if ((address & 255) is 0 or 255 || used.Contains(address)) continue;
            free.Add(new VMAddress(Ipv4.Text(address), MacAddresses.Of(MacAddresses.VlanPrefix, address)));
        }
        return new AddressPool(name, free) { Gateway = gateway, Network = network };
    }

    /// <summary>Reads the plan and gives what is free: of a global VLAN the nodes of all sites count, else those of its own.</summary>
    /// <param name="site">The site whose VLAN it is.</param>
    /// <param name="vlan">Its id.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="G5kException"><c>SiteNotFound</c>, <c>VlanNotFound</c>, <c>VlanWithoutNetwork</c>, or the API's own.</exception>
    public async Task<AddressPool> ReadAsync(string site, int vlan, CancellationToken cancellationToken = default)
    {
        string id = vlan.ToString(CultureInfo.InvariantCulture), name = $"VLAN {id} of {site}";
        string network, gateway;
        using (JsonDocument? document = await _api.GetAsync($"sites/{Uri.EscapeDataString(site)}", cancellationToken).ConfigureAwait(false))
        {
            if (document is null) throw ReferenceErrors.SiteNotFound(site);
            JsonElement entry = document.RootElement.GetObject("kavlans")?.GetObject(id) ?? throw ReferenceErrors.VlanNotFound(site, vlan);
            network = entry.GetText("network") ?? throw WithoutNetwork(name, "");
            gateway = entry.GetText("gateway") ?? "";
        }
        var reference = new Grid5000Client(grid);
        List<string> sites = [site];
        if (vlan >= FirstGlobalVlan)
        {
            sites.Clear();
            await foreach (SiteInfo other in reference.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(other.Name);
        }
        List<ClusterInfo> clusters = [];
        foreach (string each in sites)
        {
            await foreach (ClusterInfo cluster in reference.GetClustersAsync(each, cancellationToken).ConfigureAwait(false)) clusters.Add(cluster);
        }
        var taken = new System.Collections.Concurrent.ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaximumRequests, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(clusters, options, async (cluster, token) =>
        {
            foreach (string address in await ReadTakenAsync(cluster, $"kavlan-{id}", token).ConfigureAwait(false)) taken.Add(address);
        }).ConfigureAwait(false);
        return Free(network, gateway.Length > 0 ? gateway : null, taken, name);
    }

    async Task<IReadOnlyList<string>> ReadTakenAsync(ClusterInfo cluster, string key, CancellationToken cancellationToken)
    {
        string path = $"sites/{Uri.EscapeDataString(cluster.Site)}/clusters/{Uri.EscapeDataString(cluster.Name)}/nodes?queues=all";
        using JsonDocument? document = await _api.GetAsync(path, cancellationToken).ConfigureAwait(false);
        if (document is null) return [];
        List<string> taken = [];
        foreach (JsonElement node in document.RootElement.GetItems("items"))
        {
            if (node.GetObject("kavlan") is not { } adapters) continue;
            taken.AddRange(adapters.EnumerateObject().Select(adapter => adapter.Value.GetText(key)).OfType<string>());
        }
        return taken;
    }

    static G5kException WithoutNetwork(string name, string network) => new("VlanWithoutNetwork", ErrorKind.InvalidData,
        $"{name} has no network for machines{(network.Length > 0 ? $": {network}" : "")}.", name, "Choose another VLAN: Get-OarResource -Type kavlan");
}
