using System.Net;
using System.Text.Json.Nodes;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

public class WaltServerHttpTests
{
    static HttpClient Client(SmallWorld small, WaltHost host) =>
        new() { BaseAddress = new Uri($"http://{small.World.Endpoints[(host.Node.Name, 80)]}/") };

    static async Task<JsonNode> GetAsync(HttpClient http, string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    static async Task<(HttpStatusCode Status, string Type, string Body)> TryAsync(HttpClient http, string path, string? prefer = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        using HttpResponseMessage response = await http.SendAsync(request);
        return (response.StatusCode, response.Content.Headers.ContentType!.MediaType!, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Lists_nodes_with_their_settings_and_filters_them()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        small.PutUp(host, "gros-2");
        host.Devices.ByName("gros-1")!.Settings["kexec.allow"] = false;
        using HttpClient http = Client(small, host);
        JsonNode all = await GetAsync(http, "api/v1/nodes");
        Assert.Equal(2, all["num_nodes"]!.GetValue<int>());
        string mac = small.Node("gros-1").MainNic!.Mac;
        Assert.Equal(
            $$$"""{"name":"gros-1","model":"pc-x86-64","virtual":false,"image":"waltplatform/pc-x86-64-default:latest","booted":false,"ip":"192.168.204.2","mac":"{{{mac}}}","config":{"boot.retries":9,"boot.timeout":180,"expose":"none","kexec.allow":false,"mount.persist":true,"netsetup":"LAN"}}""",
            all["nodes"]![0]!.ToJsonString());
        Assert.Equal("gros-2", (await GetAsync(http, "api/v1/nodes?booted=true&model="))["nodes"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(0, (await GetAsync(http, "api/v1/nodes?name=gros-1&booted=true"))["num_nodes"]!.GetValue<int>());
    }

    [Fact]
    public async Task Lists_images_and_which_are_in_use()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using HttpClient http = Client(small, host);
        JsonNode used = await GetAsync(http, "api/v1/images?in_use=true&refresh=true");
        Assert.Equal(1, used["num_images"]!.GetValue<int>());
        JsonNode image = used["images"]![0]!;
        Assert.Equal("waltplatform/pc-x86-64-default:latest", image["fullname"]!.GetValue<string>());
        Assert.Matches("^[0-9a-f]{64}$", image["id"]!.GetValue<string>());
        Assert.Equal("2026-03-24 09:00:00", image["created"]!.GetValue<string>());
        Assert.True((await GetAsync(http, "api/v1/images?user=walt-g5k"))["num_images"]!.GetValue<int>() >= 3);
    }

    [Theory]
    [InlineData("api/v1/nodes?colour=red", HttpStatusCode.BadRequest, "'colour' is not a valid filtering field.")]
    [InlineData("api/v1/nodes?booted=perhaps", HttpStatusCode.BadRequest, "cannot interpret 'perhaps' as a 'bool'.")]
    [InlineData("api/v1/logs?to=1774342800", HttpStatusCode.BadRequest, "Missing mandatory parameter: 'from'.")]
    [InlineData("api/v1/logs?from=1000&to=1774342800", HttpStatusCode.BadRequest, "'from': the timestamp is out of bounds; check 'ts_unit'.")]
    [InlineData("boot/kernel?node_ip=192.168.204.77", HttpStatusCode.NotFound, "No such file.")]
    [InlineData("boot/nothing?node_ip=192.168.204.2", HttpStatusCode.NotFound, "No such file.")]
    public async Task Errors_are_a_page_unless_another_form_is_preferred(string path, HttpStatusCode status, string message)
    {
        await using SmallWorld small = new();
        using HttpClient http = Client(small, small.AddWaltServer(4, "gros-1"));
        (HttpStatusCode Status, string Type, string Body) page = await TryAsync(http, path);
        Assert.Equal((status, "text/html"), (page.Status, page.Type));
        (HttpStatusCode Status, string Type, string Body) json = await TryAsync(http, path, "errors=json");
        Assert.Equal((status, "application/json"), (json.Status, json.Type));
        Assert.Equal(message, JsonNode.Parse(json.Body)!["error"]!.GetValue<string>());
        Assert.Equal((int)status, JsonNode.Parse(json.Body)!["status_code"]!.GetValue<int>());
        Assert.Equal((status, "text/plain", message), await TryAsync(http, path, "errors=text-only"));
    }

    [Fact]
    public async Task Gives_a_node_the_boot_files_of_the_image_in_effect()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        using HttpClient http = Client(small, host);
        Task<byte[]> Get(string file, int node) => http.GetByteArrayAsync(new Uri($"boot/{file}?node_ip=192.168.204.{node}", UriKind.Relative));
        byte[] before = await Get("kernel", 2);
        Assert.Equal(before, await Get("kernel", 3));
        Assert.Contains("root=/dev/nfs", System.Text.Encoding.ASCII.GetString(await Get("start-generic.ipxe", 2)), StringComparison.Ordinal);

        using RpcConnection rpc = await small.ConnectAsync(host);
        await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'debian12'), {})");
        await small.PassAsync(2);

        byte[] after = await Get("kernel", 2);
        Assert.NotEqual(before.Length, after.Length);
        Assert.Equal(before, await Get("kernel", 3));
        Assert.NotEqual(after, await Get("initrd", 2));
        using HttpResponseMessage head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "boot/kernel?node_ip=192.168.204.2"));
        Assert.Equal(after.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Shows_the_log_between_two_moments()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        lock (small.World.Sync) host.Log("hello", "app", "gros-1");
        using HttpClient http = Client(small, host);
        JsonNode events = await GetAsync(http, "api/v1/logs?from=1774342800&to=1774342801&issuer=walt-server&stream=platform.nodes");
        Assert.Equal("""[{"timestamp":1774342800,"line":"node gros-1 is booted","issuer":"walt-server","stream":"platform.nodes"}]""",
            events["logs"]!.ToJsonString());
        Assert.Equal(0, (await GetAsync(http, "api/v1/logs?from=1774342800&to=1774342801&stream=platform"))["num_logs"]!.GetValue<int>());
        Assert.Equal(4, (await GetAsync(http, "api/v1/logs?from=1774342800000&to=1774342801000&ts_unit=ms"))["num_logs"]!.GetValue<int>());
    }
}
