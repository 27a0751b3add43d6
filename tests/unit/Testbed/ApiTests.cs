using System.Globalization;
using System.Net;
using System.Text.Json;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

public sealed class ApiTests : IAsyncLifetime
{
    TestbedGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
    public async Task DisposeAsync() => await _grid.DisposeAsync();

    async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await _grid.Api.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }

    async Task<(HttpStatusCode Status, string? Type, string Text)> GetTextAsync(string path)
    {
        using HttpResponseMessage response = await _grid.Api.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    static string[] Uids(JsonElement collection) =>
        [.. collection.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("uid").ToString())];

    FakeJob AddJob(string site, long id, string state, IEnumerable<string> nodes, params VlanModel[] vlans)
    {
        var job = new FakeJob(site, id) { State = state, User = "jdoe", Name = "walt", Started = _grid.Time.GetUtcNow().ToUnixTimeSeconds() };
        job.Types.Add("deploy");
        job.Nodes.AddRange(nodes.Select(n => _grid.World.Nodes[n]));
        job.Vlans.AddRange(vlans);
        lock (_grid.World.Sync) _grid.World.Jobs.Add((site, id), job);
        return job;
    }

    [Fact]
    public async Task The_root_is_the_recorded_one()
    {
        JsonElement root = await GetAsync("");
        using JsonDocument recorded = JsonDocument.Parse(RecordedHttp.Read("g5k-api/root.http").Body);
        Assert.Equal(recorded.RootElement.EnumerateObject().Select(p => p.Name), root.EnumerateObject().Select(p => p.Name));
        foreach (string name in (string[])["type", "uid", "version"]) Assert.Equal(recorded.RootElement.GetProperty(name).GetString(),
            root.GetProperty(name).GetString());
        Assert.Equal(Links(recorded.RootElement), Links(root));

        static (string?, string?, string?)[] Links(JsonElement item) => [.. item.GetProperty("links").EnumerateArray()
            .Select(l => (l.GetProperty("rel").GetString(), l.GetProperty("href").GetString(), l.GetProperty("type").GetString()))];
    }

    [Fact]
    public async Task Lists_the_sites()
    {
        JsonElement sites = await GetAsync("sites");
        Assert.Equal((12, 0), (sites.GetProperty("total").GetInt32(), sites.GetProperty("offset").GetInt32()));
        Assert.Equal(_grid.World.Sites.Keys.Order(StringComparer.Ordinal), Uids(sites));
        Assert.True(sites.TryGetProperty("version", out _));
    }

    [Fact]
    public async Task A_site_has_its_VLAN_networks()
    {
        JsonElement nancy = await GetAsync("sites/nancy");
        Assert.Equal(("172.16.79.101", "10.16.0.0/14", "Nancy, France"),
            (nancy.GetProperty("frontend_ip").GetString(), nancy.GetProperty("kavlan_ip_range").GetString(),
            nancy.GetProperty("location").GetString()));
        JsonElement global = nancy.GetProperty("kavlans").GetProperty("14");
        Assert.Equal(("10.19.192.0/18", "10.19.255.254"), (global.GetProperty("network").GetString(), global.GetProperty("gateway").GetString()));
        Assert.Equal("192.168.207.254", nancy.GetProperty("kavlans").GetProperty("1").GetProperty("gateway").GetString());
    }

    [Fact]
    public async Task Clusters_are_listed_by_queue_and_production_shares_the_queue_admin()
    {
        Assert.Equal(["gros", "grouille"], Uids(await GetAsync("sites/nancy/clusters?queues=default")));
        Assert.Equal(14, Uids(await GetAsync("sites/nancy/clusters")).Length);
        Assert.Equal(14, Uids(await GetAsync("sites/nancy/clusters?queues=all")).Length);
        Assert.Equal(12, Uids(await GetAsync("sites/nancy/clusters?queues=production")).Length);
    }

    [Fact]
    public async Task A_cluster_tells_how_it_boots()
    {
        JsonElement gros = await GetAsync("sites/nancy/clusters/gros");
        Assert.Equal(("bios", "gros", 124), (gros.GetProperty("boot_type").GetString(), gros.GetProperty("uid").GetString(),
            gros.GetProperty("nodes_count").GetInt32()));
        Assert.True(gros.GetProperty("kavlan").GetBoolean());
        Assert.False(gros.GetProperty("exotic").GetBoolean());
        Assert.Equal("uefi", (await GetAsync("sites/rennes/clusters/paradoxe")).GetProperty("boot_type").GetString());
        Assert.False((await GetAsync("sites/strasbourg/clusters/fleckenstein")).GetProperty("kavlan").GetBoolean());
    }

    [Fact]
    public async Task A_node_has_its_adapters_and_a_management_adapter_without_name()
    {
        JsonElement node = await GetAsync("sites/nancy/clusters/gros/nodes/gros-1");
        Assert.Equal(("gros-1", 18, "x86_64", 103079215104L),
            (node.GetProperty("uid").GetString(), node.GetProperty("architecture").GetProperty("nb_cores").GetInt32(),
            node.GetProperty("architecture").GetProperty("platform_type").GetString(),
            node.GetProperty("main_memory").GetProperty("ram_size").GetInt64()));
        JsonElement[] nics = [.. node.GetProperty("network_adapters").EnumerateArray()];
        Assert.Equal(["eth0", "eth1", "bmc"], nics.Select(n => n.GetProperty("device").GetString()));
        Assert.Equal(["gros-1.nancy.grid5000.fr", "gros-1-eth1.nancy.grid5000.fr", "gros-1-bmc.nancy.grid5000.fr"],
            nics.Select(n => n.GetProperty("network_address").GetString()));
        Assert.Equal(25_000_000_000, nics[1].GetProperty("rate").GetInt64());
        Assert.Equal(("98:03:9b:b0:bb:37", "Ethernet", "eno2"),
            (nics[1].GetProperty("mac").GetString(), nics[1].GetProperty("interface").GetString(), nics[1].GetProperty("name").GetString()));
        Assert.Equal([true, true, false], nics.Select(n => n.GetProperty("kavlan").GetBoolean()));
        Assert.True(nics[2].GetProperty("management").GetBoolean());
        Assert.False(nics[2].TryGetProperty("name", out _));
        Assert.Equal(["admin", "default"], node.GetProperty("supported_job_types").GetProperty("queues").EnumerateArray().Select(q => q.GetString()));
    }

    [Fact]
    public async Task The_addresses_of_a_site_are_unique_in_each_VLAN()
    {
        List<(string Vlan, string Address)> all = [];
        foreach (string site in new[] { "nancy", "nantes" })
        {
            foreach (string cluster in Uids(await GetAsync($"sites/{site}/clusters?queues=all")))
            {
                foreach (JsonElement node in (await GetAsync($"sites/{site}/clusters/{cluster}/nodes")).GetProperty("items").EnumerateArray())
                {
                    if (!node.TryGetProperty("kavlan", out JsonElement kavlan)) continue;
                    foreach (JsonProperty vlan in kavlan.EnumerateObject().SelectMany(nic => nic.Value.EnumerateObject()))
                    {
                        // Local and routed VLANs of the same number are different ones at each site.
                        bool isGlobal = int.Parse(vlan.Name["kavlan-".Length..], CultureInfo.InvariantCulture) > 9;
                        all.Add((isGlobal ? vlan.Name : site + vlan.Name, vlan.Value.GetString()!));
                    }
                }
            }
        }
        Assert.Contains(("nancykavlan-4", "10.16.0.1"), all);
        Assert.Contains(all, a => a.Vlan == "kavlan-14" && a.Address.StartsWith("10.19.", StringComparison.Ordinal));
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public async Task Nodes_come_by_cluster()
    {
        JsonElement nodes = await GetAsync("sites/nancy/clusters/gros/nodes");
        Assert.Equal(124, nodes.GetProperty("total").GetInt32());
        Assert.Equal(Enumerable.Range(1, 124).Select(n => $"gros-{n}"), Uids(nodes));
    }

    [Theory]
    [InlineData("sites/foo")]
    [InlineData("sites/nancy/clusters/foo")]
    [InlineData("sites/nancy/clusters/gros/nodes/gros-999")]
    [InlineData("sites/nancy/clusters/grouille/nodes/gros-1")]
    [InlineData("foo")]
    public async Task What_is_not_there_is_told_in_plain_text(string path) =>
        Assert.Equal((HttpStatusCode.NotFound, "text/plain", $"Cannot find resource /{path}"), await GetTextAsync(path));

    [Theory]
    [InlineData("/sid/sites/nancy")]
    [InlineData("/3.0/sites/nancy")]
    public async Task Links_keep_to_the_version_that_was_asked(string path)
    {
        JsonElement site = await GetAsync(path);
        Assert.Equal(path, site.GetProperty("links").EnumerateArray().First(l => l.GetProperty("rel").GetString() == "self").GetProperty("href")
            .GetString());
    }

    [Theory]
    [InlineData("*/*", "application/vnd.grid5000.item+json")]
    [InlineData("application/vnd.grid5000.item+json", "application/vnd.grid5000.item+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html", "application/json")]
    public async Task Never_refuses_what_a_client_accepts(string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "sites/nancy");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using HttpResponseMessage response = await _grid.Api.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Is_read_only()
    {
        using HttpResponseMessage response = await _grid.Api.PutAsync(new Uri("sites/nancy/clusters", UriKind.Relative), new StringContent("{}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task The_status_shows_who_holds_what()
    {
        SiteModel nancy = _grid.World.Sites["nancy"];
        AddJob("nancy", 7, "Running", ["gros-2.nancy.grid5000.fr"], nancy.Vlans[1]);
        AddJob("nancy", 8, "Terminated", ["gros-1.nancy.grid5000.fr"], nancy.Vlans[2]);
        _grid.World.Nodes["gros-3.nancy.grid5000.fr"].OarState = "Suspected";
        JsonElement status = await GetAsync("sites/nancy/status");
        (string?, string?, int, int, int) State(int node)
        {
            JsonElement item = status.GetProperty("nodes").GetProperty($"gros-{node}.nancy.grid5000.fr");
            return (item.GetProperty("hard").GetString(), item.GetProperty("soft").GetString(), item.GetProperty("free_slots").GetInt32(),
                item.GetProperty("busy_slots").GetInt32(), item.GetProperty("reservations").GetArrayLength());
        }
        Assert.Equal(("alive", "free", 18, 0, 0), State(1));
        Assert.Equal(("alive", "busy", 0, 18, 1), State(2));
        Assert.Equal(("suspected", "unknown", 0, 0, 0), State(3));
        JsonElement vlans = status.GetProperty("vlans");
        Assert.Equal(["busy", "free"], new[] { "1", "2" }.Select(id => vlans.GetProperty(id).GetProperty("soft").GetString()));
        Assert.Equal(7, vlans.GetProperty("1").GetProperty("reservations")[0].GetProperty("uid").GetInt32());
        Assert.False((await GetAsync("sites/nancy/status?nodes=no")).TryGetProperty("nodes", out _));
    }

    [Fact]
    public async Task A_job_has_its_resources_and_leaves_out_what_it_does_not_have()
    {
        AddJob("nancy", 5, "Running", ["gros-2.nancy.grid5000.fr"], _grid.World.Sites["nancy"].Vlans[1]);
        JsonElement job = await GetAsync("sites/nancy/jobs/5");
        Assert.Equal((5, "running", "jdoe", "walt"),
            (job.GetProperty("uid").GetInt32(), job.GetProperty("state").GetString(), job.GetProperty("user").GetString(),
            job.GetProperty("name").GetString()));
        Assert.Equal(18, job.GetProperty("resources_by_type").GetProperty("cores").GetArrayLength());
        Assert.Equal("1", job.GetProperty("resources_by_type").GetProperty("vlans")[0].GetString());
        Assert.Equal("gros-2.nancy.grid5000.fr", job.GetProperty("assigned_nodes")[0].GetString());
        Assert.Equal(_grid.Time.GetUtcNow().ToUnixTimeSeconds(), job.GetProperty("started_at").GetInt64());
        Assert.False(job.TryGetProperty("stopped_at", out _));
        Assert.Equal((HttpStatusCode.NotFound, "text/plain", "Couldn't find OAR::Job with 'job_id'=\"1\""), await GetTextAsync("sites/nancy/jobs/1"));
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_in_pages_and_by_state()
    {
        for (int id = 1; id <= 60; id++) AddJob("nancy", id, id % 2 == 0 ? "Running" : "toLaunch", []);
        JsonElement page = await GetAsync("sites/nancy/jobs");
        Assert.Equal((60, 50, "60"), (page.GetProperty("total").GetInt32(), page.GetProperty("items").GetArrayLength(), Uids(page)[0]));
        JsonElement running = await GetAsync("sites/nancy/jobs?state=waiting,running&offset=10&limit=2");
        Assert.Equal((30, 10), (running.GetProperty("total").GetInt32(), running.GetProperty("offset").GetInt32()));
        Assert.Equal(["40", "38"], Uids(running));
        Assert.False(running.GetProperty("items")[0].TryGetProperty("assigned_nodes", out _));
        Assert.Equal(0, (await GetAsync("sites/nancy/jobs?state=tolaunch")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task VLANs_of_other_sites_are_remote()
    {
        JsonElement vlans = await GetAsync("sites/nancy/vlans");
        Dictionary<string, string> types = vlans.GetProperty("items").EnumerateArray()
            .ToDictionary(v => v.GetProperty("uid").GetString()!, v => v.GetProperty("type").GetString()!);
        Assert.Equal(("kavlan-local", "kavlan", "kavlan-global", "kavlan-global-remote", "NULL"),
            (types["1"], types["4"], types["14"], types["16"], types["DEFAULT"]));
        Assert.Equal((HttpStatusCode.NotFound, "text/plain", "Vlan 99 does not exist"), await GetTextAsync("sites/nancy/vlans/99"));
        Assert.Equal("kavlan-global-remote", (await GetAsync("sites/rennes/vlans/14")).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_VLAN_shows_its_nodes()
    {
        _grid.World.Nodes["gros-2.nancy.grid5000.fr"].Vlans["eth1"] = "4";
        Assert.Equal(["gros-2-eth1.nancy.grid5000.fr"], Uids(await GetAsync("sites/nancy/vlans/4/nodes")));
        Assert.DoesNotContain("gros-2-eth1.nancy.grid5000.fr", Uids(await GetAsync("sites/nancy/vlans/DEFAULT/nodes")));
        Assert.Equal("4", (await GetAsync("sites/nancy/vlans/nodes/gros-2-eth1.nancy.grid5000.fr")).GetProperty("vlan").GetString());
        Assert.Equal((HttpStatusCode.NotFound, "text/plain", "Unknown node 'x'."), await GetTextAsync("sites/nancy/vlans/nodes/x"));
    }

    [Fact]
    public async Task The_user_of_the_job_that_holds_a_VLAN_has_rights_on_it()
    {
        SiteModel nancy = _grid.World.Sites["nancy"];
        FakeJob job = AddJob("nancy", 5, "Running", [], nancy.Vlans[4], nancy.Vlans[14]);
        Assert.Equal(["jdoe"], Uids(await GetAsync("sites/nancy/vlans/4/users")));
        Assert.Empty(Uids(await GetAsync("sites/nancy/vlans/5/users")));
        Assert.Empty(Uids(await GetAsync("sites/rennes/vlans/4/users")));
        Assert.Equal(["jdoe"], Uids(await GetAsync("sites/rennes/vlans/14/users")));
        Assert.Equal("authorized", (await GetAsync("sites/rennes/vlans/14/users/jdoe")).GetProperty("status").GetString());
        job.State = "Terminated";
        Assert.Empty(Uids(await GetAsync("sites/nancy/vlans/4/users")));
        Assert.Equal("unauthorized", (await GetAsync("sites/nancy/vlans/4/users/jdoe")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_right_can_be_made_to_reach_a_site_late()
    {
        await _grid.DisposeAsync();
        _grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = ["kavlan-no-rights:rennes=120", "kavlan-no-rights:lyon*1"] });
        AddJob("nancy", 5, "Running", [], _grid.World.Sites["nancy"].Vlans[14]);
        Assert.Equal(["jdoe"], Uids(await GetAsync("sites/nancy/vlans/14/users")));
        Assert.Empty(Uids(await GetAsync("sites/lyon/vlans/14/users")));
        Assert.Equal(["jdoe"], Uids(await GetAsync("sites/lyon/vlans/14/users")));
        Assert.Empty(Uids(await GetAsync("sites/rennes/vlans/14/users")));
        await Task.Delay(TimeSpan.FromSeconds(120), _grid.Time);
        Assert.Equal(["jdoe"], Uids(await GetAsync("sites/rennes/vlans/14/users")));
    }

    sealed class FakeJob(string site, long id) : JobModel(site, id)
    {
        public long Started { get; init; }
        public override JobDetails Details => new() { StartedAt = Started };
    }
}
