namespace WaltG5k.Testbed.Nodes;

/// <summary>Who answers a PXE request.</summary>
internal enum PxeAnswer
{
    None,
    Grid5000,
    Walt,
    /// <summary>Grid'5000's DHCP and a WalT server both answer: the wrong one comes first.</summary>
    Conflict,
}

internal sealed partial class NodeLife
{
    (PxeAnswer Answer, IBootServer? Server) AskPxe(NodeModel node)
    {
        lock (_world.Sync)
        {
            string vlan = node.MainNic is NicModel nic ? node.GetVlan(nic.Device) : "DEFAULT";
            if (vlan == "DEFAULT") return (PxeAnswer.Grid5000, null);
            if (_world.FindVlan(node.Site, vlan) is not VlanModel model) return (PxeAnswer.None, null);

            IBootServer? server = _servers.FirstOrDefault(s => s.Serves(model));
            if (server is null) return (model.DhcpEnabled ? PxeAnswer.Grid5000 : PxeAnswer.None, null);
            if (model.DhcpEnabled) return (PxeAnswer.Conflict, server);
            return CanBootWalt(node.Cluster) ? (PxeAnswer.Walt, server) : (PxeAnswer.None, null);
        }
    }

    /// <summary>WalT's DHCP answers the vendor class of legacy BIOS PXE only.</summary>
    static bool CanBootWalt(ClusterModel cluster) => cluster is { BootType: "bios", Architecture: "x86_64" };
}
