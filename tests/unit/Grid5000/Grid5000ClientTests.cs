using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Tests.Grid5000;

public sealed class Grid5000ClientTests : IDisposable
{
    const string Gros = "sites/nancy/clusters/gros";
    readonly ManualTime _time = new();
    readonly ScriptedApi _api;
    readonly Grid5000Client _client;

    public Grid5000ClientTests()
    {
        _api = new ScriptedApi(_time);
        _client = new Grid5000Client(_api);
    }

    public void Dispose() => _api.Dispose();

    static string Items(params string[] items) => $"{{\"total\":{items.Length},\"offset\":0,\"items\":[{string.Join(',', items)}],\"links\":[]}}";

    static string Nic(string device, bool kavlan = true, bool mounted = false, string more = "") =>
        $"{{\"device\":\"{device}\",\"enabled\":true,\"mountable\":true,\"mounted\":{(mounted ? "true" : "false")},\"kavlan\":{(kavlan ? "true" : "false")}{more}}}";

    static string Node(string uid, params string[] nics) =>
        $"{{\"uid\":\"{uid}\",\"architecture\":{{\"platform_type\":\"x86_64\",\"nb_cores\":8}},\"network_adapters\":[{string.Join(',', nics)}]}}";

    static string Cluster(string uid, string boot = "bios", string queues = "\"admin\",\"default\"", bool exotic = false) =>
        $"{{\"uid\":\"{uid}\",\"queues\":[{queues}],\"exotic\":{(exotic ? "true" : "false")},\"boot_type\":\"{boot}\",\"nodes_count\":2}}";

    Task<G5kException> FailAsync<T>(IAsyncEnumerable<T> items) =>
        Assert.ThrowsAsync<G5kException>(() => _time.RunAsync(async () => await items.ToListAsync()));

    [Fact]
    public async Task A_site_with_its_VLANs()
    {
        _api.Returns("sites", Items("{\"uid\":\"nantes\"}", Samples.Read("g5k-api/site-nancy.json")));
        List<SiteInfo> sites = await _client.GetSitesAsync().ToListAsync();
        Assert.Equal(["nancy", "nantes"], sites.Select(s => s.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 14], sites[0].Vlans);
        Assert.Equal("172.16.79.101", sites[0].FrontendIp);
        Assert.Empty(sites[1].Vlans);
    }

    [Fact]
    public async Task A_cluster()
    {
        _api.Returns("sites/nancy/clusters", Items(Samples.Read("g5k-api/cluster-gros.json")));
        ClusterInfo cluster = Assert.Single(await _client.GetClustersAsync("nancy").ToListAsync());
        Assert.Equal(("nancy", "gros", "bios", true, false, 124),
            (cluster.Site, cluster.Name, cluster.BootType, cluster.HasKavlan, cluster.IsExotic, cluster.NodeCount));
        Assert.Equal(["admin", "default"], cluster.Queues);
    }

    [Fact]
    public async Task A_node_with_its_adapters()
    {
        _api.Returns(Gros, Samples.Read("g5k-api/cluster-gros.json")).Returns($"{Gros}/nodes/gros-1", Samples.Read("g5k-api/node-gros-1.json"));
        NodeInfo node = await _client.GetNodeAsync("gros-1.nancy.grid5000.fr");
        Assert.Equal(("gros-1.nancy.grid5000.fr", "nancy", "gros", "x86_64", 18),
            (node.Name, node.Site, node.Cluster, node.Architecture, node.Cores));
        Assert.Equal(["eth0", "eth1", "bmc"], node.Nics.Select(n => n.Device));
        Assert.Equal((25.0, "98:03:9b:b0:bb:36", "eno1"), (node.MainNic!.Rate, node.MainNic.Mac, node.MainNic.Name));
        Assert.Equal(2, node.KavlanNicCount);
        Assert.True(node.CanBeWaltServer);
        Assert.True(node.CanBeWaltNode);
        Assert.Equal("gros-1-eth1.nancy.grid5000.fr", node.Nics[1].NetworkAddress);
        Assert.True(node.Memory > 90L << 30);
        Assert.Equal(["admin", "default"], node.Queues);
        Assert.False(node.Nics[2].IsUsableEthernet); // the management adapter is enabled too
    }

    [Fact]
    public async Task Nodes_come_in_the_order_of_their_numbers_by_one_request()
    {
        _api.Returns($"{Gros}/nodes", Items(Node("gros-10"), Node("gros-2"), Node("gros-1")));
        List<NodeInfo> nodes = await _client.GetNodesAsync(new ClusterInfo("nancy", "gros") { BootType = "uefi", Queues = ["default"] })
            .ToListAsync();
        Assert.Equal(["gros-1", "gros-2", "gros-10"], nodes.Select(n => n.ShortName));
        Assert.All(nodes, n => Assert.Equal(("uefi", "default"), (n.BootType, n.Queues[0])));
        Assert.Equal([$"{Gros}/nodes"], _api.Paths);
    }

    [Fact]
    public async Task Any_node_that_qualifies_makes_its_cluster_a_server_cluster()
    {
        _api.Returns("sites/lille/clusters", Items(Cluster("chifflot"), Cluster("chirop", "uefi"), Cluster("one"),
            Cluster("prod", queues: "\"production\""), Cluster("odd", exotic: true)));
        string[] two = [Nic("eth0", mounted: true), Nic("eth1")];
        _api.Returns("sites/lille/clusters/chifflot/nodes", Items(Node("chifflot-3", Nic("eth0", mounted: true)), Node("chifflot-5", two)));
        _api.Returns("sites/lille/clusters/chirop/nodes", Items(Node("chirop-1", two)));
        _api.Returns("sites/lille/clusters/one/nodes",
            Items(Node("one-1", Nic("eth0", mounted: true), Nic("eth1", kavlan: false), Nic("ib0"), Nic("eth2", more: ",\"management\":true"))));
        IReadOnlyList<ClusterInfo> clusters = await _client.GetServerClustersAsync("lille");
        Assert.Equal(["chifflot", "chirop"], clusters.Select(c => c.Name));
        Assert.DoesNotContain(_api.Paths, p => p.Contains("prod", StringComparison.Ordinal) || p.Contains("odd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WalT_nodes_boot_by_BIOS_and_their_main_adapter_is_under_KaVLAN()
    {
        _api.Returns("sites/lille/clusters", Items(Cluster("chifflot"), Cluster("chirop", "uefi"), Cluster("dark")));
        _api.Returns("sites/lille/clusters/chifflot/nodes", Items(Node("chifflot-1", Nic("eth0", mounted: true))));
        _api.Returns("sites/lille/clusters/dark/nodes", Items(Node("dark-1", Nic("eth0", kavlan: false, mounted: true), Nic("eth1"))));
        Assert.Equal(["chifflot"], (await _client.GetWaltNodeClustersAsync("lille")).Select(c => c.Name));
    }

    [Fact]
    public async Task Users_of_a_VLAN_are_never_taken_from_a_cache()
    {
        _api.Returns("sites/nancy/vlans/4/users", Samples.Read("g5k-api/vlan-users.json"));
        Assert.Equal(["jdoe"], await _client.GetVlanUsersAsync("nancy", 4));
        Assert.Equal(["no-cache"], _api.CacheControls);
        Assert.Equal("VlanNotFound", (await Assert.ThrowsAsync<G5kException>(() => _client.GetVlanUsersAsync("nancy", 99))).Code);
    }

    [Fact]
    public async Task What_does_not_exist_has_its_own_error()
    {
        G5kException site = await FailAsync(_client.GetClustersAsync("nowhere"));
        Assert.Equal(("SiteNotFound", "nowhere"), (site.Code, site.Target));
        Assert.Equal("ClusterNotFound", (await FailAsync(_client.GetNodesAsync(new ClusterInfo("nancy", "x")))).Code);
        foreach (string name in (string[])["gros-1.nancy.grid5000.fr", "gros-1", "gros", "", "-1.nancy", "gros-1..fr"])
        {
            G5kException e = await Assert.ThrowsAsync<G5kException>(() => _client.GetNodeAsync(name));
            Assert.Equal(("NodeNotFound", ErrorKind.ObjectNotFound, name), (e.Code, e.Kind, e.Target));
        }
    }

    [Fact]
    public async Task A_name_cannot_leave_its_path()
    {
        await FailAsync(_client.GetClustersAsync("../../x?a=b"));
        Assert.Equal(["sites/..%2F..%2Fx%3Fa%3Db/clusters"], _api.Paths);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_passing_trouble_is_retried_with_growing_pauses(HttpStatusCode status)
    {
        for (int i = 0; i < 3; i++) _api.Returns("sites", "trouble", status);
        _api.Throws("sites", new HttpRequestException("connection refused")).Returns("sites", Items("{\"uid\":\"nancy\"}"));
        Assert.Single(await _time.RunAsync(async () => await _client.GetSitesAsync().ToListAsync()));
        Assert.Equal(TimeSpan.FromSeconds(0.3 + 0.6 + 1.2 + 2.4), _time.Elapsed);
    }

    [Fact]
    public async Task A_lasting_trouble_is_an_error_after_five_tries()
    {
        _api.Throws("sites", new HttpRequestException("connection refused"));
        G5kException e = await FailAsync(_client.GetSitesAsync());
        Assert.Equal(("ApiUnreachable", ErrorKind.ConnectionError), (e.Code, e.Kind));
        Assert.Contains("connection refused", e.Message, StringComparison.Ordinal);
        Assert.Equal(5, _api.Paths.Count);
    }

    [Fact]
    public async Task A_refusal_is_plain_text_and_not_retried()
    {
        _api.Returns("sites/nancy/vlans/4/users", Samples.Read("g5k-api/vlan-dhcp-error-forbidden.txt"), HttpStatusCode.Forbidden);
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => _client.GetVlanUsersAsync("nancy", 4));
        Assert.Equal(("ApiRefused", ErrorKind.PermissionDenied), (e.Code, e.Kind));
        Assert.Contains("Not enough privileges on Kavlan resources", e.Message, StringComparison.Ordinal);
        Assert.Single(_api.Paths);
    }

    [Fact]
    public async Task Silence_is_a_timeout()
    {
        _api.Throws("sites", new TaskCanceledException("silent", new TimeoutException()));
        Assert.Equal("ApiTimeout", (await FailAsync(_client.GetSitesAsync())).Code);
    }

    [Fact]
    public async Task A_cancellation_is_no_timeout()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        _api.Returns("sites", "trouble", HttpStatusCode.BadGateway);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _client.GetSitesAsync(stop.Token).ToListAsync(stop.Token));
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_an_error_of_its_own()
    {
        _api.Returns("sites", "<html>maintenance</html>");
        Assert.Equal("ApiUnreadable", (await FailAsync(_client.GetSitesAsync())).Code);
    }
}
