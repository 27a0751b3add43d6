using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

/// <summary>What the emulated server answers on logs, checkpoints, devices and settings, as it goes over the wire.</summary>
public class WaltServerLogTests
{
    [Fact]
    public async Task Tells_of_checkpoints_in_words()
    {
        await using SmallWorld small = new();
        using RpcConnection rpc = await small.ConnectAsync(small.AddWaltServer(4));
        async Task<string> Say(string call)
        {
            Assert.Equal("('RESULT', None)", await rpc.CallAsync(call));
            return rpc.Callbacks[^1];
        }
        Assert.Equal("'stdout.write', ('You own no checkpoints.\\n',), {})", await Say("('API_CALL', 'list_checkpoints', (), {})"));
        Assert.Equal("'stdout.write', ('New checkpoint a1 recorded at server time: 2026-03-24 08:59:58.500000.\\n',), {})",
            await Say("('API_CALL', 'add_checkpoint', ('a1', 1774342798.5), {})"));
        Assert.Equal("'stdout.write', ('New checkpoint b1 recorded at server time: 2026-03-24 09:00:00.\\n',), {})",
            await Say("('API_CALL', 'add_checkpoint', ('b1', None), {})"));
        Assert.Equal("'stderr.write', ('Failed: a checkpoint with this name already exists.\\n',), {})",
            await Say("('API_CALL', 'add_checkpoint', ('b1', None), {})"));
        Assert.Equal(
            "'stdout.write', ('timestamp                   name  \\n--------------------------  ----  \\n2026-03-24 08:59:58.500000  a1    \\n2026-03-24 09:00:00         b1    \\n',), {})",
            await Say("('API_CALL', 'list_checkpoints', (), {})"));
        Assert.Equal("('RESULT', 1774342798.5)", await rpc.CallAsync("('API_CALL', 'get_checkpoint_time', ('a1',), {})"));
        Assert.Equal("'stdout.write', ('Done.\\n',), {})", await Say("('API_CALL', 'remove_checkpoint', ('a1',), {})"));
        Assert.Equal("'stderr.write', (\"Failed: no checkpoint with this name 'a1'.\\n\",), {})",
            await Say("('API_CALL', 'get_checkpoint_time', ('a1',), {})"));
    }

    [Fact]
    public async Task Counts_lines_and_stays_silent_on_what_is_no_history_or_no_expression()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        lock (small.World.Sync)
        {
            host.Log("a", "app", "gros-1");
            host.Log("b", "netconsole", "gros-1");
        }
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal("('RESULT', 2)", await rpc.CallAsync("('API_CALL', 'count_logs', (), {'history': (None, None)})"));
        Assert.Equal("('RESULT', 1)", await rpc.CallAsync(
            "('API_CALL', 'count_logs', (), {'history': (None, None), 'issuers': ('gros-1',), 'exclude_consoles': True})"));
        Assert.Equal("('RESULT', 0)", await rpc.CallAsync(
            "('API_CALL', 'count_logs', (), {'history': (None, 1774342799.0), 'streams_regexp': 'app'})"));
        await rpc.SendAsync("('API_CALL', 'count_logs', (), {})");
        Assert.True(await rpc.IsSilentAsync());
    }

    [Theory]
    [InlineData("server,all-nodes", "None", "('gros-1', 'walt-server')", null)]
    [InlineData("explorable-switches", "None", "('switch-1',)", null)]
    [InlineData("switch-1", "'server,all-nodes'", "None",
        "'stderr.write', (\"Invalid value 'switch-1'; allowed devices belong to 'server,all-nodes'\\n\",), {})")]
    [InlineData("my-nodes", "None", "None", "'stderr.write', ('No matching devices found! (tip: walt help show node-ownership)\\n',), {})")]
    [InlineData("gros-9", "None", "None", "'stderr.write', (\"No device with name 'gros-9' found.\\n\",), {})")]
    public async Task Knows_sets_of_devices(string set, string allowed, string result, string? last)
    {
        await using SmallWorld small = new();
        using RpcConnection rpc = await small.ConnectAsync(small.AddWaltServer(4, "gros-1"));
        Assert.Equal($"('RESULT', {result})", await rpc.CallAsync($"('API_CALL', 'parse_set_of_devices', ('{set}', {allowed}), {{}})"));
        if (last is not null) Assert.Equal(last, rpc.Callbacks[^1]);
    }

    [Theory]
    [InlineData("switch-1", "kexec.allow=true", "Failed: Device switch-1 is not a node, so it does not support the 'kexec.allow' setting.")]
    [InlineData("gros-1,gros-2", "lldp.explore=true",
        "Failed: Devices gros-1 and gros-2 are not switches, so 'lldp.explore' setting cannot be applied.")]
    [InlineData("gros-1", "type=switch", "Failed: setting 'type' can only be applied to unknown devices.")]
    [InlineData("server", "netsetup=NAT", "Failed: walt-server is the WALT server.")]
    [InlineData("gros-1,gros-2", "expose=80:8080", "Failed: cannot expose the same server port for several devices.")]
    [InlineData("switch-2", "poe.reboots=true", "Failed: cannot set 'poe.reboots' to true unless 'lldp.explore' is set to true too.")]
    [InlineData("switch-2", "lldp.explore=true",
        "Failed: cannot set 'lldp.explore' to true unless 'snmp.version' and 'snmp.community' are defined too.")]
    [InlineData("gros-1", "netsetup", "Provide settings as `<setting name>=<setting value>` arguments.")]
    public async Task Complains_of_settings_in_words(string set, string setting, string complaint)
    {
        await using SmallWorld small = new();
        using RpcConnection rpc = await small.ConnectAsync(small.AddWaltServer(4, "gros-1", "gros-2"));
        Assert.Equal("('RESULT', None)", await rpc.CallAsync($"('API_CALL', 'set_device_config', ('{set}', ('{setting}',)), {{}})"));
        Assert.StartsWith("'stderr.write', ", rpc.Callbacks[^1], StringComparison.Ordinal);
        Assert.Contains(complaint, rpc.Callbacks[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_nothing_of_the_settings_of_a_bad_set()
    {
        await using SmallWorld small = new();
        using RpcConnection rpc = await small.ConnectAsync(small.AddWaltServer(4, "gros-1"));
        await rpc.CallAsync("('API_CALL', 'get_device_config', ('gros-1',), {})");
        Assert.StartsWith("'stdout.write', ('Node gros-1 has the following config applied:\\nboot.retries=9\\nboot.timeout=180\\nexpose=none\\n",
            rpc.Callbacks[^1], StringComparison.Ordinal);
        await rpc.SendAsync("('API_CALL', 'get_device_config_data', ('nobody',), {})");
        Assert.StartsWith("('API_CALL', 'stderr.write', ", await rpc.ReadAsync(), StringComparison.Ordinal);
        await rpc.SendAsync("('RESULT', None)");
        Assert.True(await rpc.IsSilentAsync());
    }

    [Fact]
    public async Task Draws_its_network_after_a_scan()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Contains("topology is unknown", await rpc.CallAsync("('API_CALL', 'device_tree', (False,), {})"), StringComparison.Ordinal);
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'device_rescan', ('server,all-switches',), {})"));
        Assert.Contains("'stdout.write', ('Querying switch-2                  FORBIDDEN (see: walt help show device-config)\\n',), {})",
            rpc.Callbacks);
        string? tree = await rpc.CallAsync("('API_CALL', 'device_tree', (False,), {})");
        Assert.Contains(
            "\\n-- switch-1 --\\n ├─1: walt-server\\n ├─2: gros-1\\n └─24: -- switch-2 --\\n       └─[...] ~> forbidden (cf. walt device config)\\n\\n", tree, StringComparison.Ordinal);
        Assert.Equal("'stdout.get_encoding', (), {})", rpc.Callbacks[^1]);
    }

    [Fact]
    public async Task Keeps_checkpoints_names_of_ports_and_its_network_beyond_the_process()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        lock (small.World.Sync)
        {
            host.Checkpoints[("jdoe", "start")] = 1774342800.25;
            host.Devices.ByName("switch-1")!.PortNames[4] = "SR32C14";
            host.Network.Scan(host.Devices.ByName("switch-1")!, _ => true);
        }
        WaltHost again = WaltHostState.Load(small.World, System.Text.Json.Nodes.JsonNode.Parse(WaltHostState.Save(host).ToJsonString())!)!;
        Assert.Equal(1774342800.25, again.Checkpoints[("jdoe", "start")]);
        Assert.Equal("SR32C14", again.Devices.ByName("switch-1")!.PortNames[4]);
        Assert.Equal(host.Network.Links.OrderBy(l => l.Key), again.Network.Links.OrderBy(l => l.Key));
        Assert.True(WaltNetwork.MayBeExplored(again.Devices.ByName("switch-1")!));
    }
}
