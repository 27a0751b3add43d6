using System.Collections.Frozen;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Data;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed;

/// <summary>Makes a testbed's world from the embedded reference data.</summary>
static class WorldBuilder
{
    static readonly string[] s_localNetworks = ["192.168.192.0/20", "192.168.208.0/20", "192.168.224.0/20"];

    public static TestbedWorld Build(TestbedOptions options, TimeProvider time, string homeDirectory)
    {
        IReadOnlyList<SiteData> sites = ReferenceData.Read();
        Dictionary<string, SiteModel> models = new(StringComparer.Ordinal);
        Dictionary<string, NodeModel> nodes = new(StringComparer.Ordinal);
        Dictionary<string, int> nodesOfSite = new(StringComparer.Ordinal);

        void AddCluster(SiteModel site, ClusterModel cluster, IEnumerable<NodeData> data)
        {
            int index = nodesOfSite.GetValueOrDefault(site.Name);
            foreach (NodeData node in data)
            {
                var model = new NodeModel(cluster, node.Number) { Index = index++, RamGiB = node.RamGiB, Nics = node.Nics };
                cluster.Nodes.Add(model);
                nodes.Add(model.Name, model);
            }
            nodesOfSite[site.Name] = index;
            site.Clusters.Add(cluster);
        }

        foreach (SiteData site in sites)
        {
            models.Add(site.Model.Name, site.Model);
            foreach (ClusterData cluster in site.Clusters) AddCluster(site.Model, cluster.Model, cluster.Nodes);
            AddVlans(site);
        }
        var copies = new ClusterCopies(sites);
        while (nodes.Count < options.NodeCount)
        {
            (SiteModel site, ClusterModel cluster, IEnumerable<NodeData> data) = copies.Next();
            AddCluster(site, cluster, data);
        }
        var world = new TestbedWorld
        {
            Time = time,
            User = options.User,
            HomeDirectory = homeDirectory,
            Sites = models.ToFrozenDictionary(StringComparer.Ordinal),
            Nodes = nodes.ToFrozenDictionary(StringComparer.Ordinal),
            Faults = new FaultBox([.. options.Faults.Select(FaultSpecification.Parse)], options.Seed),
        };
        FrontendPrograms.AddTo(world);
        world.Add(new VirtualMachines.QemuImgCommand());
        world.Add(new VirtualMachines.SubnetsCommand());
        if (options.Faults.Any(f => f.StartsWith(FaultNames.NodeStandby, StringComparison.Ordinal))) PutOnStandby(world);
        return world;
    }

    static void PutOnStandby(TestbedWorld world)
    {
        foreach (NodeModel node in world.Nodes.Values.OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            if (!world.Faults.Strikes(FaultNames.NodeStandby, node.Name, node.ShortName, node.Cluster.Name, node.Site)) continue;
            (node.OarState, node.IsStandby) = ("Absent", true);
        }
    }

    // Every site with KaVLAN has three local VLANs, six routed ones at the start of its range, and one global VLAN at the end of it.
    static void AddVlans(SiteData data)
    {
        if (data.GlobalVlan is not { } globalVlan) return;
        SiteModel site = data.Model;
        int range = int.Parse(data.GlobalNetwork.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture) - 3;
        for (int id = 1; id <= 3; id++) site.Vlans.Add(id, new VlanModel(site.Name, id, "kavlan-local") { Network = s_localNetworks[id - 1] });
        for (int id = 4; id <= 9; id++)
        {
            int block = (id - 4) * 64;
            site.Vlans.Add(id, new VlanModel(site.Name, id, "kavlan") { Network = $"10.{range + block / 256}.{block % 256}.0/18" });
        }
        site.Vlans.Add(globalVlan, new VlanModel(site.Name, globalVlan, "kavlan-global") { Network = data.GlobalNetwork });
    }
}
