using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed;

public sealed partial class TestbedWorld
{
    NodeLife? _nodeLife;

    /// <summary>Kadeploy's servers; null before that part is made.</summary>
    internal Kadeploy.KadeployServer? Kadeploy { get; set; }

    /// <summary>How the machines boot, run and die.</summary>
    internal NodeLife NodeLife
    {
        get { lock (Sync) return _nodeLife ??= new NodeLife(this); }
    }

    /// <summary>
    /// The VLAN that a NIC at <paramref name="site"/> is in: the site's own, or the global VLAN of that number wherever it belongs; null for DEFAULT.
    /// Numbers below 10 exist at every site and mean a different VLAN at each.
    /// </summary>
    internal VlanModel? FindVlan(string site, string vlan)
    {
        if (!int.TryParse(vlan, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) return null;
        if (Sites.TryGetValue(site, out SiteModel? model) && model.Vlans.TryGetValue(id, out VlanModel? own)) return own;
        return Sites.Values.Select(s => s.Vlans.GetValueOrDefault(id)).FirstOrDefault(v => v?.Type == "kavlan-global");
    }

    /// <summary>
    /// A NIC by its network address: <c>gros-1.nancy.grid5000.fr</c>, <c>gros-1-eth1.nancy.grid5000.fr</c>, or either without its domain at its own
    /// site. The name of a node within a VLAN (<c>gros-1-kavlan-4…</c>) means the same NIC.
    /// </summary>
    internal bool TryFindNic(string site, string address, [NotNullWhen(true)] out NodeModel? node, [NotNullWhen(true)] out NicModel? nic)
    {
        node = null;
        nic = null;
        Match match = NetworkAddress().Match(address);
        if (!match.Success) return false;
        string nodeSite = match.Groups["site"].Success ? match.Groups["site"].Value : site;
        if (!Nodes.TryGetValue($"{match.Groups["node"].Value}.{nodeSite}.grid5000.fr", out node)) return false;
        string device = match.Groups["device"].Value;
        nic = device.Length == 0 ? node.MainNic : node.Nics.FirstOrDefault(n => n.Device == device);
        return nic is not null;
    }

    internal bool TryFindNode(string site, string name, [NotNullWhen(true)] out NodeModel? node)
        => TryFindNic(site, name, out node, out NicModel? nic) && nic.Mounted;

    /// <summary>Puts the main adapters of nodes into a VLAN, as Kadeploy does between two systems.</summary>
    internal void MoveMainAdapters(IEnumerable<NodeModel> nodes, string vlan)
    {
        lock (Sync)
        {
            foreach (NodeModel node in nodes.Where(n => n.MainNic is not null)) node.Vlans[node.MainNic!.Device] = vlan;
        }
    }

    /// <summary>The nodes on which <paramref name="user"/> may deploy now: those of his running jobs of type deploy.</summary>
    internal HashSet<NodeModel> FindDeployableNodes(string user)
        => [.. Jobs.Values.Where(j => j.IsRunning && j.User == user && j.Types.Contains("deploy")).SelectMany(j => j.Nodes)];

    [GeneratedRegex(@"^(?<node>[a-z][a-z0-9]*-[0-9]+)(-(?<device>eth[0-9]+))?(-kavlan-[0-9]+)?(\.(?<site>[a-z]+)(\.grid5000\.fr)?)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex NetworkAddress();
}
