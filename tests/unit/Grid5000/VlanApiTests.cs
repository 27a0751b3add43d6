using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Tests.Grid5000;

/// <summary>VLANs and the status of a site through the API, against recorded exchanges.</summary>
public sealed class VlanApiTests : IDisposable
{
    const string Path = "sites/nancy/vlans";
    readonly ManualTime _time = new();
    readonly ScriptedApi _api;
    readonly VlanApi _vlans;

    public VlanApiTests()
    {
        _api = new ScriptedApi(_time);
        _vlans = new VlanApi(_api, "nancy");
    }

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Each_address_has_its_own_result_in_an_answer_of_success()
    {
        RecordedHttp recorded = RecordedHttp.Read("g5k-api/vlan-nodes-post-mixed.http");
        _api.Plays("g5k-api/vlan-nodes-post-mixed.http");
        IReadOnlyList<ApiVlanChange> changes = await _vlans.SetAsync("1",
            ["gros-1-eth1.nancy.grid5000.fr", "gros-2-eth1.nancy.grid5000.fr", "foo-1.nancy.grid5000.fr"]);
        Assert.Equal([ApiVlanStatus.Success, ApiVlanStatus.Success, ApiVlanStatus.Failure], changes.Select(c => c.Status));
        Assert.Equal(("foo-1.nancy.grid5000.fr", "Unknown node"), (changes[2].NetworkAddress, changes[2].Message));
        Assert.Equal($"POST {Path}/1/nodes {recorded.RequestBody}", Assert.Single(_api.Requests)); // a bare array
    }

    [Fact]
    public async Task An_address_that_the_answer_leaves_out_has_not_succeeded()
    {
        _api.Plays("g5k-api/vlan-nodes-post-mixed.http");
        Assert.Equal(ApiVlanStatus.Unknown, Assert.Single(await _vlans.SetAsync("1", ["gros-9.nancy.grid5000.fr"])).Status);
    }

    [Fact]
    public async Task Refusals_in_plain_text()
    {
        _api.Plays("g5k-api/vlan-nodes-error-object-body.http");
        ApiRefusedException e = await Assert.ThrowsAsync<ApiRefusedException>(() => _vlans.SetAsync("4", ["gros-1"]));
        Assert.Equal(("Missing node list", HttpStatusCode.UnprocessableEntity), (e.Text, e.Status));
        _api.Returns($"PUT {Path}/4/dhcpd", Samples.Read("g5k-api/vlan-dhcp-error-forbidden.txt"), HttpStatusCode.Forbidden);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<ApiRefusedException>(() => _vlans.SetDhcpAsync("4", false))).Kind);
        _api.Returns($"POST {Path}/99/nodes", "Vlan 99 does not exist", HttpStatusCode.NotFound);
        Assert.Equal("VlanNotFound", (await Assert.ThrowsAsync<G5kException>(() => _vlans.SetAsync("99", ["gros-1"]))).Code);
    }

    [Fact]
    public async Task Stops_the_DHCP_service()
    {
        _api.Plays("g5k-api/vlan-dhcp-stop.http");
        await _vlans.SetDhcpAsync("4", false);
        Assert.Equal($"PUT {Path}/4/dhcpd {RecordedHttp.Read("g5k-api/vlan-dhcp-stop.http").RequestBody}", Assert.Single(_api.Requests));
    }

    [Fact]
    public async Task Lists_VLANs_of_all_kinds()
    {
        _api.Returns(Path,
            """{"total":4,"offset":0,"items":[{"uid":"1","type":"kavlan-local"},{"uid":"4","type":"kavlan"},{"uid":"11","type":"kavlan-global-remote"},{"uid":"DEFAULT","type":"NULL"}]}""");
        Assert.Equal([VlanKind.Local, VlanKind.Routed, VlanKind.Global, VlanKind.None], (await _vlans.ListAsync()).Select(v => v.Kind));
    }

    [Theory]
    [InlineData("""{"total":1,"offset":0,"items":[{"uid":"gros-1.nancy.grid5000.fr","vlan":"4"}]}""")]
    [InlineData("""[{"uid":"gros-1.nancy.grid5000.fr","vlan":"4"}]""")]
    [InlineData("""{"gros-1.nancy.grid5000.fr":"4"}""")]
    [InlineData("""{"gros-1.nancy.grid5000.fr":{"vlan":"4"}}""")]
    public async Task Tells_where_addresses_are_in_whatever_shape_it_comes(string answer)
    {
        _api.Returns($"POST {Path}/nodes", answer);
        IReadOnlyDictionary<string, string> vlans = await _vlans.LocateAsync(["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"]);
        Assert.Equal(("gros-1.nancy.grid5000.fr", "4"), (Assert.Single(vlans).Key, Assert.Single(vlans).Value));
    }

    [Fact]
    public async Task Asking_may_be_repeated_although_it_is_a_POST()
    {
        _api.Returns($"POST {Path}/nodes", "trouble", HttpStatusCode.BadGateway).Returns($"POST {Path}/nodes", "[]");
        Assert.Empty(await _time.RunAsync(() => _vlans.LocateAsync(["gros-1.nancy.grid5000.fr"])));
        Assert.Equal(2, _api.Requests.Count);
    }

    [Fact]
    public async Task Users_come_and_go()
    {
        _api.Returns($"{Path}/4/users", Samples.Read("g5k-api/vlan-users.json")).Returns($"PUT {Path}/4/users/bob", "", HttpStatusCode.NoContent)
            .Returns($"DELETE {Path}/4/users/bob", "", HttpStatusCode.NoContent).Returns($"{Path}/users/jdoe", """{"uid":"jdoe","vlans":["4",14]}""");
        Assert.Equal(["jdoe"], await _vlans.GetUsersAsync("4"));
        await _vlans.SetUserAsync("4", "bob", isAuthorized: true);
        await _vlans.SetUserAsync("4", "bob", isAuthorized: false);
        Assert.Equal(["4", "14"], await _vlans.GetVlansOfUserAsync("jdoe"));
    }

    [Fact]
    public void The_status_of_a_site()
    {
        SiteStatus status = StatusApi.Read("nancy",
            System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Samples.Read("g5k-api/status-with-jobs.json")));
        Assert.True(status.ShowsJobs);
        NodeStatus first = status.Nodes[0];
        Assert.Equal(("gros-1.nancy.grid5000.fr", "alive", "busy", 0, 18), (first.Name, first.Hard, first.Soft, first.FreeSlots, first.BusySlots));
        Assert.Equal([5200001], first.Jobs);
        Assert.Equal(("4", "busy", "kavlan"), status.Vlans.Where(v => v.Id == "4").Select(v => (v.Id, v.Soft, v.Type)).Single());
        SiteStatus anonymous = StatusApi.Read("nancy",
            System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Samples.Read("g5k-api/status-anonymous.json")));
        Assert.False(anonymous.ShowsJobs);
        Assert.All(anonymous.Nodes, n => Assert.Empty(n.Jobs));
    }
}
