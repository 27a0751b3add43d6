using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

public class WorldTests
{
    static TestbedWorld Build(int nodes = 0) => WorldBuilder.Build(new TestbedOptions { NodeCount = nodes }, TimeProvider.System, "");

    static int Kavlan(NodeModel node) => node.Nics.Count(n => n.IsUsableEthernet && n.Kavlan);
    static bool IsOpen(NodeModel node) => node.Cluster.Queues.Contains("default") && !node.Cluster.IsExotic && node.Cluster.Architecture == "x86_64";
    static bool CanServe(NodeModel node) => IsOpen(node) && Kavlan(node) >= 2;
    static bool CanBoot(NodeModel node) => IsOpen(node) && node.Cluster.BootType == "bios" && node.MainNic is { Kavlan: true };

    [Fact]
    public void Holds_the_sites_clusters_and_nodes_of_the_reference_data()
    {
        TestbedWorld world = Build();
        Assert.Equal(12, world.Sites.Count);
        Assert.Equal(158, world.Sites.Values.Sum(s => s.Clusters.Count));
        Assert.Equal(939, world.Nodes.Count);
        Assert.Empty(world.Sites["bordeaux"].Clusters);
        Assert.Equal(232, world.Nodes.Values.Count(CanServe));
        Assert.Equal(321, world.Nodes.Values.Count(CanBoot));
    }

    [Theory]
    [InlineData("grenoble", 27, 52, 59, 0, 0, 32)]
    [InlineData("lille", 4, 29, 0, 0, 27, 16)]
    [InlineData("louvain", 1, 8, 0, 0, 8, 0)]
    [InlineData("luxembourg", 3, 56, 0, 0, 0, 0)]
    [InlineData("lyon", 10, 69, 0, 0, 0, 48)]
    [InlineData("nancy", 14, 126, 140, 0, 124, 124)]
    [InlineData("nantes", 3, 74, 0, 0, 48, 72)]
    [InlineData("rennes", 40, 89, 82, 0, 25, 25)]
    [InlineData("sophia", 51, 4, 110, 0, 0, 4)]
    [InlineData("strasbourg", 3, 10, 0, 9, 0, 0)]
    [InlineData("toulouse", 2, 22, 0, 0, 0, 0)]
    public void A_site_has_its_published_numbers(string site, int clusters, int open, int production, int testing, int servers, int bootable)
    {
        TestbedWorld world = Build();
        NodeModel[] nodes = [.. world.Nodes.Values.Where(n => n.Site == site)];
        Assert.Equal(clusters, world.Sites[site].Clusters.Count);
        Assert.Equal(open, nodes.Count(n => n.Cluster.Queues.Contains("default")));
        Assert.Equal(production, nodes.Count(n => n.Cluster.Queues.Contains("production")));
        Assert.Equal(testing, nodes.Count(n => n.Cluster.Queues.Contains("testing")));
        Assert.Equal(servers, nodes.Count(CanServe));
        Assert.Equal(bootable, nodes.Count(CanBoot));
    }

    [Fact]
    public void A_node_has_its_own_adapters()
    {
        TestbedWorld world = Build();
        NodeModel gros = world.Nodes["gros-1.nancy.grid5000.fr"];
        Assert.Equal(["98:03:9b:b0:bb:36", "98:03:9b:b0:bb:37"], gros.Nics.Select(n => n.Mac));
        Assert.Equal("gros-1.nancy.grid5000.fr", gros.GetNetworkAddress(gros.Nics[0]));
        Assert.Equal("gros-1-eth1.nancy.grid5000.fr", gros.GetNetworkAddress(gros.Nics[1]));
        Assert.Equal(1, Kavlan(world.Nodes["chifflot-3.lille.grid5000.fr"]));
        Assert.Equal(2, Kavlan(world.Nodes["chifflot-1.lille.grid5000.fr"]));
    }

    [Fact]
    public void Only_the_main_adapter_has_the_nodes_own_name()
    {
        foreach (NodeModel node in Build().Nodes.Values)
            Assert.True(node.Nics.Count(n => node.GetNetworkAddress(n) == node.Name) <= 1, node.Name);
    }

    [Theory]
    [InlineData("nancy", 14)]
    [InlineData("rennes", 16)]
    [InlineData("louvain", 22)]
    public void A_site_has_three_local_six_routed_and_one_global_VLAN(string site, int global)
    {
        SiteModel model = Build().Sites[site];
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, global], model.Vlans.Keys);
        Assert.Equal(["kavlan-local", "kavlan", "kavlan-global"], new[] { 3, 4, global }.Select(id => model.Vlans[id].Type));
    }

    [Fact]
    public void VLANs_have_the_published_networks()
    {
        SortedDictionary<int, VlanModel> vlans = Build().Sites["nancy"].Vlans;
        Assert.Equal(["192.168.208.0/20", "10.16.192.0/18", "10.17.64.0/18", "10.19.192.0/18"],
            new[] { 2, 7, 9, 14 }.Select(id => vlans[id].Network));
    }

    [Theory]
    [InlineData("strasbourg")]
    [InlineData("bordeaux")]
    public void A_site_without_KaVLAN_has_no_VLAN(string site) => Assert.Empty(Build().Sites[site].Vlans);

    [Fact]
    public void Can_be_larger_than_Grid5000()
    {
        TestbedWorld world = Build(10_000);
        IReadOnlyDictionary<string, NodeModel> real = Build().Nodes;
        NodeModel[] original = [.. world.Nodes.Values.Where(n => real.ContainsKey(n.Name))];
        Assert.InRange(world.Nodes.Count, 10_000, 10_200);
        Assert.Equal(124, world.Nodes.Keys.Count(n => n.StartsWith("gros2-", StringComparison.Ordinal)));
        Assert.Equal(124, world.Nodes.Values.Count(n => n.Cluster.Name == "gros2" && CanServe(n) && CanBoot(n)));
        string[] copied = [.. world.Nodes.Values.Except(original).SelectMany(n => n.Nics).Select(n => n.Mac)];
        Assert.Equal(copied.Distinct().Count(), copied.Length);
        Assert.Empty(copied.Intersect(original.SelectMany(n => n.Nics).Select(n => n.Mac)));
        Assert.Equal(world.Nodes.Count, world.Nodes.Values.DistinctBy(n => (n.Site, n.Index)).Count());
    }
}
