using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

/// <summary>Each method of the server's API that the client uses, line by line as it goes over the wire.</summary>
public sealed class WireTranscriptTests : IDisposable
{
    readonly FakePlatform _platform = new();

    public void Dispose() => _platform.Dispose();

    [Fact]
    public async Task An_image_is_set_after_its_name_the_set_and_the_owners_were_asked_for()
    {
        _platform.AddNode("dahu-5", 1);
        await _platform.Server.SetImageAsync(["dahu-5"], "debian12");
        Assert.Equal(
        [
            "('API_CALL', 'has_image', ('debian12', True), {})",
            "('API_CALL', 'develop_node_set', ('dahu-5',), {})",
            "('API_CALL', 'filter_ownership', ('dahu-5',), {})",
            "('API_CALL', 'set_image', ('dahu-5', 'debian12'), {})",
        ], _platform.Walt.Calls);
        Assert.All(_platform.Walt.Greetings, g => Assert.Equal("10 CSAPI", g));
    }

    [Theory]
    [InlineData(false, "False")]
    [InlineData(true, "True")]
    public async Task A_reboot_names_its_cause(bool hardOnly, string flag)
    {
        _platform.AddNode("dahu-5", 1);
        _platform.Walt.On("reboot_nodes", "'OK'");
        await _platform.Server.RebootAsync(["dahu-5"], hardOnly, "image change");
        Assert.Equal($"('API_CALL', 'reboot_nodes', ('dahu-5',), {{'hard_only': {flag}, 'cause': 'image change'}})",
            Assert.Single(_platform.Walt.Calls));
    }

    [Fact]
    public async Task A_node_is_registered_through_the_servers_own_api_and_renamed_where_it_was_known()
    {
        Dictionary<string, object?> node = _platform.AddNode("old-name", 1);
        _platform.Walt.On("register_device", "None");
        _platform.Walt.On("rename", (_, _) =>
        {
            lock (_platform.Nodes) node["name"] = "dahu-5";
            return Task.FromResult<string?>("True");
        });
        await _platform.Server.RegisterNodeAsync("dahu-5", (string)node["mac"]!, (string)node["ip"]!);
        Assert.Equal(
        [
            $"('API_CALL', 'register_device', ('walt.node.pc-x86-64', '', '{node["ip"]}', '{node["mac"]}', 'dahu-5'), {{}})",
            "('API_CALL', 'rename', ('old-name', 'dahu-5'), {})",
        ], _platform.Walt.Calls);
        Assert.Equal(["10 SSAPI", "10 CSAPI"], _platform.Walt.Greetings);
    }

    [Theory]
    [InlineData("1774342800.5", 1774342800500)]
    [InlineData("1774342800", 1774342800000)]
    public async Task The_clock_is_asked_for(string answer, long milliseconds)
    {
        _platform.Walt.On("get_time", answer);
        Assert.Equal(milliseconds, (await _platform.Server.GetTimeAsync()).ToUnixTimeMilliseconds());
        Assert.Equal("('API_CALL', 'get_time', (), {})", Assert.Single(_platform.Walt.Calls));
    }

    [Fact]
    public async Task No_more_than_eight_connections_are_open_at_once()
    {
        int now = 0, most = 0;
        _platform.Walt.On("get_time", async (_, _) =>
        {
            int count = Interlocked.Increment(ref now);
            lock (_platform) most = Math.Max(most, count);
            await Task.Delay(TimeSpan.FromSeconds(1), _platform.Clock);
            Interlocked.Decrement(ref now);
            return "5.0";
        });
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _platform.Server.GetTimeAsync())));
        Assert.InRange(most, 1, 8);
        Assert.InRange(_platform.Walt.RpcConnections, 1, 8);
    }
}
