using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Core.Walt.Settings;

namespace WaltG5k.Tests.Walt;

/// <summary>Each method for logs, checkpoints, devices, settings and ports, line by line as it goes over the wire.</summary>
public sealed class LogAndDeviceTranscriptTests : IDisposable
{
    readonly FakePlatform _platform = new();

    WaltServer Server => _platform.Server;
    ScriptedWalt Walt => _platform.Walt;

    public void Dispose() => _platform.Dispose();

    /// <summary>The method prints that on its output, and gives None.</summary>
    void OnPrint(string method, string text, string result = "None") => Walt.On(method, async (connection, _) =>
    {
        await connection.PrintAsync(text);
        return result;
    });

    void OnComplain(string method, string text, string result = "None") => Walt.On(method, async (connection, _) =>
    {
        await connection.PrintErrorAsync(text);
        return result;
    });

    static async Task FailAsync(string code, Func<Task> action) => Assert.Equal(code, (await Assert.ThrowsAsync<G5kException>(action)).Code);

    [Fact]
    public async Task Lines_are_counted_with_all_filters_by_name()
    {
        Walt.On("count_logs", "7");
        WaltLogQuery query = new() { From = DateTimeOffset.FromUnixTimeMilliseconds(1774342800250), Issuers = ["dahu-1"], Stream = "a\\.b",
            Pattern = "it's" };
        Assert.Equal(7, await Server.CountLogsAsync(query));
        Assert.Equal(0x7, await Server.CountLogsAsync(new WaltLogQuery()));
        Assert.Equal(
        [
            "('API_CALL', 'count_logs', (), {'history': (1774342800.25, None), 'issuers': ('dahu-1',), 'streams_regexp': 'a\\\\.b', 'logline_regexp': \"it's\", 'exclude_consoles': False})",
            "('API_CALL', 'count_logs', (), {'history': (None, None), 'exclude_consoles': False})",
        ], Walt.Calls);
        Walt.On("count_logs", "'many'");
        await FailAsync("RpcProtocolError", () => Server.CountLogsAsync(new WaltLogQuery()));
    }

    [Fact]
    public async Task Lines_are_read_over_http_in_milliseconds()
    {
        Walt.On("get_time", "1774342800.5");
        Walt.On("count_logs", "1");
        Walt.Http = _ =>
            "{\"num_logs\": 1, \"logs\": [{\"timestamp\": 1774342799123.456, \"line\": \"é\", \"issuer\": \"dahu-1\", \"stream\": \"app\"}]}";
        List<WaltLogLine> lines = [];
        await foreach (WaltLogLine line in Server.GetLogsAsync(
            new WaltLogQuery { From = DateTimeOffset.FromUnixTimeSeconds(1774342790), Issuers = ["dahu-1"], Stream = "^app$" })) lines.Add(line);
        Assert.Equal(new WaltLogLine(DateTimeOffset.FromUnixTimeMilliseconds(1774342799123).AddMicroseconds(456), "dahu-1", "app", "é"),
            Assert.Single(lines));
        Assert.StartsWith("GET /api/v1/logs?from=1774342789999.999&to=1774342800500.001&ts_unit=ms&issuer=dahu-1&stream=app HTTP/1.1",
            Assert.Single(Walt.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoints_answer_in_words()
    {
        OnPrint("add_checkpoint", "New checkpoint start recorded at server time: 2026-03-24 09:00:00.\n");
        OnPrint("remove_checkpoint", "Done.\n");
        OnPrint("list_checkpoints", "timestamp            name   \n-------------------  -----  \n2026-03-24 09:00:00  start  \n");
        Walt.On("get_checkpoint_time", "1774342800.0");
        WaltCheckpoint start = new("start", DateTimeOffset.FromUnixTimeSeconds(1774342800));
        Assert.Equal(start, await Server.AddCheckpointAsync("start", start.Timestamp));
        Assert.Equal(start, Assert.Single(await Server.GetCheckpointsAsync()));
        await Server.RemoveCheckpointAsync("start");
        Assert.Equal(
        [
            "('API_CALL', 'add_checkpoint', ('start', 1774342800.0), {})",
            "('API_CALL', 'get_checkpoint_time', ('start',), {})",
            "('API_CALL', 'list_checkpoints', (), {})",
            "('API_CALL', 'get_checkpoint_time', ('start',), {})",
            "('API_CALL', 'remove_checkpoint', ('start',), {})",
        ], Walt.Calls);
    }

    [Fact]
    public async Task Complaints_about_checkpoints_are_understood()
    {
        OnComplain("add_checkpoint", "Failed: a checkpoint with this name already exists.\n");
        OnComplain("remove_checkpoint", "Failed: no checkpoint with this name 'start'.\n");
        OnComplain("get_checkpoint_time", "Failed: no checkpoint with this name 'start'.\n");
        OnPrint("list_checkpoints", "You own no checkpoints.\n");
        await FailAsync("CheckpointExists", () => Server.AddCheckpointAsync("start"));
        await FailAsync("CheckpointNotFound", () => Server.RemoveCheckpointAsync("start"));
        await FailAsync("CheckpointNotFound", () => Server.GetCheckpointAsync("start"));
        Assert.Empty(await Server.GetCheckpointsAsync());
        Assert.Equal("('API_CALL', 'add_checkpoint', ('start', None), {})", Walt.Calls.First());
    }

    [Fact]
    public async Task Devices_are_read_from_the_tables_around_which_anything_may_stand()
    {
        const string Tables = """
            \n\x1b[1mThe WalT network contains the following devices:\n\x1b[0m\nname         ip             mac                type             netsetup  \n-----------  -------------  -----------------  ---------------  --------  \ndahu-1       192.168.204.2  b0:26:28:aa:00:01  node (physical)  NAT       \nvn           192.168.204.3  52:54:00:aa:00:01  node (virtual)   LAN       \n\ntips:\n- use 'walt device tree' for a tree view of the network\n\n\n\x1b[1mWalT also detected the following devices but could not detect their type:\n\x1b[0m\nname       ip  mac                type     netsetup  \n---------  --  -----------------  -------  --------  \nunknown-1      aa:bb:cc:00:00:01  unknown            \n\n
            """;
        Walt.On("device_show", $"\"{Tables.Trim()}\"");
        Assert.Equal(
        [
            new WaltDeviceInfo("dahu-1") { Type = "node", Kind = "physical", Ip = "192.168.204.2", Mac = "b0:26:28:aa:00:01", NetSetup = "NAT" },
            new WaltDeviceInfo("vn") { Type = "node", Kind = "virtual", Ip = "192.168.204.3", Mac = "52:54:00:aa:00:01", NetSetup = "LAN" },
            new WaltDeviceInfo("unknown-1") { Type = "unknown", Mac = "aa:bb:cc:00:00:01" },
        ], await Server.GetDevicesAsync());
        Assert.Equal("('API_CALL', 'device_show', (), {})", Assert.Single(Walt.Calls));
    }

    [Theory]
    [InlineData(true, "True")]
    [InlineData(false, "False")]
    public async Task The_tree_is_read_in_either_character_set(bool all, string flag)
    {
        string[] trees =
        [
            "\\n-- sw1 --\\n ├─1: walt-server\\n ├─2: -- sw2 --\\n │   ├─7: (dahu-1)\\n │   └─?: <? thing ?>\\n ├─3: ~> back to sw2\\n └─wall12: dahu-2\\n\\nnotes:\\n- x\\n",
            "\\n-- sw1 --\\n |-1: walt-server\\n |-2: -- sw2 --\\n |   |-7: (dahu-1)\\n |   |-?: <? thing ?>\\n |-3: ~> back to sw2\\n |-wall12: dahu-2\\n\\nnotes:\\n- x\\n",
        ];
        foreach (string tree in trees)
        {
            Walt.On("device_tree", $"'{tree}'");
            Walt.On("device_show", "''");
            Assert.Equal(["0  sw1 switch True", "1 1 walt-server  True", "1 2 sw2 switch True", "2 7 dahu-1  False", "2  thing unknown True",
                "1 wall12 dahu-2  True"],
                (await Server.GetDeviceTreeAsync(all)).Select(e => $"{e.Depth} {e.Port} {e.Name} {e.Type} {e.IsDetected}"));
        }
        Assert.Equal($"('API_CALL', 'device_tree', ({flag},), {{}})", Walt.Calls.First());
    }

    [Fact]
    public async Task A_scan_names_the_devices_that_it_asked()
    {
        OnPrint("device_rescan", "Querying walt server               OK\nQuerying sw2                       FAILED (LLDP SNMP issue)\n", "None");
        Assert.Equal([new WaltScanResult("walt-server", "OK"), new WaltScanResult("sw2", "FAILED (LLDP SNMP issue)")],
            await Server.ScanDevicesAsync());
        Assert.Equal("('API_CALL', 'device_rescan', ('server,explorable-switches',), {})", Assert.Single(Walt.Calls));
    }

    [Fact]
    public async Task A_ping_begins_with_the_address_of_the_device()
    {
        OnComplain("get_device_ip", "No device with name 'nobody' found.\n");
        await FailAsync("WaltDeviceNotFound", () => Server.PingAsync("nobody", 1));
        Assert.Equal("('API_CALL', 'get_device_ip', ('nobody',), {})", Assert.Single(Walt.Calls));
    }

    [Fact]
    public async Task Renaming_and_forgetting_are_sent_once()
    {
        Walt.On("rename", "None");
        Walt.On("forget", "True");
        await Server.RenameDeviceAsync("dahu-1", "rack-1");
        await Server.ForgetDeviceAsync("rack-1");
        Assert.Equal(["('API_CALL', 'rename', ('dahu-1', 'rack-1'), {})", "('API_CALL', 'forget', ('rack-1',), {})"], Walt.Calls);
        Walt.On("forget", "CLOSE");
        await FailAsync("RpcConnectionLost", () => Server.ForgetDeviceAsync("rack-1"));
        Assert.Equal(3, Walt.Calls.Count);
    }

    [Fact]
    public async Task Settings_are_asked_of_known_devices_and_changed_as_texts()
    {
        Walt.On("parse_set_of_devices", "('dahu-1',)");
        Walt.On("get_device_config_data",
            "({'name': 'dahu-1', 'settings': {'netsetup': 1, 'kexec.allow': True, 'boot.retries': 9, 'snmp.version': None}, 'main_category': 'nodes'},)");
        Walt.On("device_show",
            "'name    ip  mac  type             netsetup  \\n------  --  ---  ---------------  --------  \\ndahu-1  1   2    node (physical)  LAN       \\n'");
        OnPrint("set_device_config", "Done. Reboot node(s) to see new settings in effect.\n");
        WaltDeviceConfiguration configuration = Assert.Single(await Server.GetDeviceConfigurationsAsync(["dahu-1"]));
        Assert.Equal(("nodes", "NAT", "true", "9", ""),
            (configuration.Category, configuration.Settings["netsetup"], configuration.Settings["kexec.allow"],
            configuration.Settings["boot.retries"], configuration.Settings["snmp.version"]));
        Assert.True(await Server.SetDeviceConfigurationAsync(["dahu-1"], new SettingChange([new("netsetup", "LAN"), new("boot.retries", 3)])));
        Assert.Equal("('API_CALL', 'parse_set_of_devices', ('dahu-1',), {})", Walt.Calls.First());
        Assert.Contains("('API_CALL', 'get_device_config_data', ('dahu-1',), {})", Walt.Calls);
        Assert.Equal("('API_CALL', 'set_device_config', ('dahu-1', ('boot.retries=3', 'netsetup=LAN')), {})", Walt.Calls.Last());
        OnComplain("set_device_config", "Failed: something new.\n");
        await FailAsync("SettingRefused", () => Server.SetDeviceConfigurationAsync(["dahu-1"], new SettingChange([new("boot.retries", 3)])));
    }

    [Fact]
    public async Task Ports_are_read_and_named_in_words()
    {
        OnPrint("get_port_config", "Port 4 of sw1 has the following config:\n4: name=\"SR32C14\" poe=on peer=dahu-1\n");
        OnPrint("set_port_config", "Done.\n");
        Assert.Equal(new WaltSwitchPort("sw1", 4) { Name = "SR32C14", Poe = "on", Peer = "dahu-1" },
            Assert.Single(await Server.GetSwitchPortsAsync("sw1", 4)));
        await Server.GetSwitchPortsAsync("sw1");
        await Server.SetSwitchPortNameAsync("sw1", 4, "SR32C14");
        Assert.Equal(
        [
            "('API_CALL', 'get_port_config', ('sw1', 4), {})",
            "('API_CALL', 'get_port_config', ('sw1', None), {})",
            "('API_CALL', 'set_port_config', ('sw1', 4, ('name=SR32C14',)), {})",
        ], Walt.Calls);
    }
}
