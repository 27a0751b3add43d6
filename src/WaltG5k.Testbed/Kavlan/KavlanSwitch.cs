using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kavlan;

/// <summary>The switches of a site: what the program kavlan and the API have done by them.</summary>
static class KavlanSwitch
{
    static readonly TimeSpan s_overhead = TimeSpan.FromSeconds(3);
    static readonly TimeSpan s_perNode = TimeSpan.FromSeconds(1);

    /// <summary>The time that so many ports take, to be asked or to be set.</summary>
    public static Task PassAsync(TestbedWorld world, int ports, CancellationToken cancellationToken) =>
        world.PassAsync(s_overhead + s_perNode * ports, cancellationToken);

    /// <summary>Puts a port into a VLAN, unless the fault says that it only seems so.</summary>
    public static void Move(TestbedWorld world, string address, NodeModel node, NicModel nic, string vlan)
    {
        if (world.Faults.Strikes(FaultNames.KavlanNotSet, [address, .. NodeLife.NamesOf(node)])) return;
        lock (world.Sync)
        {
            if (node.GetVlan(nic.Device) == vlan) return;
            if (vlan == "DEFAULT") node.Vlans.Remove(nic.Device);
            else node.Vlans[nic.Device] = vlan;
        }
        world.NodeLife.NotifyMoved(node, nic);
    }
}
