using System.Globalization;

namespace WaltG5k.Testbed;

/// <summary>
/// The IPv4 addresses of nodes, in the site's network and in its VLANs. Each network is cut into equal blocks: one per adapter, and in global VLANs
/// one per site around those, so that no two adapters meet.
/// </summary>
static class NodeAddresses
{
    const int AdaptersPerNode = 3;
    const int SitesInGlobalVlan = 16;

    /// <summary>The address of an adapter in the site's default network, or null: none is left.</summary>
    public static string? GetDefault(SiteModel site, NodeModel node, NicModel nic) => GetInSite(SiteNetwork(site, "172.16"), node, nic);

    /// <summary>The address of the management card.</summary>
    public static string? GetManagement(SiteModel site, NodeModel node) =>
        node.MainNic is { } nic ? GetInSite(SiteNetwork(site, "172.17"), node, nic) : null;

    /// <summary>The address of an adapter in a VLAN that its site can reach, or null: the VLAN has none left for it.</summary>
    public static string? GetInVlan(VlanModel vlan, SiteModel site, NodeModel node, NicModel nic) =>
        vlan.Type == "kavlan-global"
            ? GetInBlock(vlan.Network, site.Index, SitesInGlobalVlan, node, nic)
            : GetInSite(vlan.Network, node, nic);

    static string? GetInSite(string network, NodeModel node, NicModel nic) => network.Length == 0 ? null : GetInBlock(network, 0, 1, node, nic);

    static string? GetInBlock(string network, int block, int blocks, NodeModel node, NicModel nic)
    {
        (uint first, int size) = Parse(network);
        int stride = size / blocks / AdaptersPerNode;
        int slot = SlotOf(node, nic);
        if (slot < 0 || node.Index >= stride - 1) return null;
        uint address = first + (uint)(block * (size / blocks) + slot * stride + node.Index + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}");
    }

    // The position of the adapter among those that get addresses.
    static int SlotOf(NodeModel node, NicModel nic)
    {
        int slot = 0;
        foreach (NicModel other in node.Nics)
        {
            if (!other.IsUsableEthernet) continue;
            if (ReferenceEquals(other, nic)) return slot < AdaptersPerNode ? slot : -1;
            slot++;
        }
        return -1;
    }

    static string SiteNetwork(SiteModel site, string prefix) =>
        site.FrontendIp.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{prefix}.{int.Parse(site.FrontendIp.Split('.')[2], CultureInfo.InvariantCulture) / 16 * 16}.0/20");

    static (uint First, int Size) Parse(string network)
    {
        System.Net.IPNetwork parsed = System.Net.IPNetwork.Parse(network);
        Span<byte> bytes = stackalloc byte[4];
        parsed.BaseAddress.TryWriteBytes(bytes, out _);
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), 1 << (32 - parsed.PrefixLength));
    }
}
