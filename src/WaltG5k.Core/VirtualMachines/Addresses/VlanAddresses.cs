using System.Collections.Concurrent;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>
/// Addresses for machines in a KaVLAN: what no node of the address plan has there, whichever of its adapters. Fixed offsets into the network, as
/// other tools use them, are those of real nodes today; so the plan itself is read.
/// </summary>
public sealed class VlanAddresses(IGrid grid)
{
    /// <summary>VLANs from this id on are global: nodes of all sites can be in them.</summary>
    const int FirstGlobalVlan = 10;
    /// <summary>The end of each network: gateway and KaVLAN's own services.</summary>
    const uint ReservedEnd = 512;
    const int MaximumRequests = 4;

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
    /// <exception cref="G5kException"><c>SiteNotFound</c>, <c>VlanWithoutNetwork</c>, or the API's own.</exception>
    public async Task<AddressPool> ReadAsync(string site, int vlan, CancellationToken cancellationToken = default)
    {
        var reference = new Grid5000Client(grid);
        List<SiteInfo> sites = [];
        await foreach (SiteInfo each in reference.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(each);
        SiteInfo own = sites.Find(s => s.Name == site) ?? throw ReferenceErrors.SiteNotFound(site);
        string name = FormattableString.Invariant($"VLAN {vlan} of {site}");
        VlanNetwork network = own.VlanNetworks.FirstOrDefault(v => v.Vlan == vlan) ?? throw WithoutNetwork(name, "");

        List<ClusterInfo> clusters = [];
        foreach (SiteInfo each in vlan >= FirstGlobalVlan ? sites : [own])
        {
            await foreach (ClusterInfo cluster in reference.GetClustersAsync(each.Name, cancellationToken).ConfigureAwait(false))
                clusters.Add(cluster);
        }
        var taken = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaximumRequests, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(clusters, options, async (cluster, token) =>
        {
            await foreach (NodeInfo node in reference.GetNodesAsync(cluster, token).ConfigureAwait(false))
            {
                foreach (NodeVlanAddress address in node.VlanAddresses.Where(a => a.Vlan == vlan)) taken.Add(address.Address);
            }
        }).ConfigureAwait(false);
        return Free(network.Network, network.Gateway, taken, name);
    }

    static G5kException WithoutNetwork(string name, string network) => new("VlanWithoutNetwork", ErrorKind.InvalidData,
        $"{name} has no network for machines{(network.Length > 0 ? $": {network}" : "")}.", name,
        "Choose another VLAN: Get-OarResource -Type kavlan");
}
