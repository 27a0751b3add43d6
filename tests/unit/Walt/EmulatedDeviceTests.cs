using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Settings;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Walt;

/// <summary>Devices, their place in the network and their settings, from the emulated server.</summary>
public sealed class EmulatedDeviceTests
{
    static async Task<G5kException> FailAsync(string code, Func<Task> action)
    {
        G5kException failure = await Assert.ThrowsAsync<G5kException>(action);
        Assert.Equal(code, failure.Code);
        Assert.False(string.IsNullOrEmpty(failure.Recommendation));
        return failure;
    }

    static SettingChange Change(params (string Name, object? Value)[] values) => new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));

    static void AddUnknown(SmallWorld small, WaltHost host, string name)
    {
        lock (small.World.Sync) host.Devices.Register("", "192.168.204.99", "aa:bb:cc:00:00:09", name, "");
    }

    [Fact]
    public async Task Devices_of_every_type_are_read_from_the_printed_tables()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        AddUnknown(small, host, "unknown-9");
        host.Devices.ByName("gros-1")!.Settings["netsetup"] = "NAT";
        await using WaltServer server = small.Client(host);
        IReadOnlyList<WaltDeviceInfo> devices = await server.GetDevicesAsync(small.Limit);
        Assert.Equal(["gros-1", "walt-server", "switch-1", "switch-2", "unknown-9"], devices.Select(d => d.Name));
        Assert.Equal(new WaltDeviceInfo("gros-1") { Type = "node", Kind = "physical", Ip = "192.168.204.2", Mac = small.Node("gros-1").MainNic!.Mac,
            NetSetup = "NAT" }, devices[0]);
        Assert.Equal(("server", ""), (devices[1].Type, devices[1].NetSetup));
        Assert.Equal(("switch", "LAN"), (devices[2].Type, devices[2].NetSetup));
        Assert.Equal("unknown", devices[4].Type);
        Assert.Equal(["gros-1", "switch-1"], await server.GetDeviceNamesAsync("explorable-switches,all-nodes", small.Limit));
        await FailAsync("WaltDeviceNotFound", () => server.GetDeviceNamesAsync("nobody", small.Limit));
    }

    [Fact]
    public async Task The_network_is_a_tree_after_a_scan()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        small.PutUp(host, "gros-1", "gros-2");
        await using WaltServer server = small.Client(host);
        await FailAsync("TopologyUnknown", () => server.GetDeviceTreeAsync(false, small.Limit));
        Assert.Equal([new WaltScanResult("switch-1", "OK"), new WaltScanResult("walt-server", "OK")],
            await server.ScanDevicesAsync(cancellationToken: small.Limit));
        small.Node("gros-2").Power = NodePower.Dead;
        WaltScanResult forbidden = (await server.ScanDevicesAsync("all-switches", small.Limit)).Single(s => s.Device == "switch-2");
        Assert.False(forbidden.IsOk);

        IReadOnlyList<WaltTreeEntry> tree = await server.GetDeviceTreeAsync(false, small.Limit);
        Assert.Equal(["switch-1  0", "walt-server 1 1", "gros-1 2 1", "gros-2 3 1", "switch-2 24 1"],
            tree.Select(e => $"{e.Name} {e.Port} {e.Depth}"));
        Assert.Equal([true, true, true, false, true], tree.Select(e => e.IsDetected));
        Assert.Equal(("node", "192.168.204.2", "switch-1"), (tree[2].Type, tree[2].Ip, tree[2].Parent));
        Assert.StartsWith("forbidden", tree[4].Note, StringComparison.Ordinal);
        await FailAsync("WaltDeviceNotFound", () => server.ScanDevicesAsync("nobody", small.Limit));
    }

    [Fact]
    public async Task A_device_is_renamed_and_forgotten()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        lock (small.World.Sync) host.Log("hello", "app", "gros-1");
        await using WaltServer server = small.Client(host);
        await server.RenameDeviceAsync("gros-2", "rack-12", small.Limit);
        await FailAsync("WaltDeviceNotFound", () => server.RenameDeviceAsync("gros-2", "rack-13", small.Limit));
        await FailAsync("DeviceExists", () => server.RenameDeviceAsync("rack-12", "gros-1", small.Limit));
        await FailAsync("DeviceNameInvalid", () => server.RenameDeviceAsync("rack-12", "1", small.Limit));
        await server.ForgetDeviceAsync("gros-1", small.Limit);
        Assert.Equal(["rack-12"], (await server.GetNodesAsync(small.Limit)).Select(n => n.Name));
        Assert.Equal(0, await server.CountLogsAsync(new() { Issuers = ["gros-1"] }, small.Limit));
        await FailAsync("WaltDeviceNotFound", () => server.ForgetDeviceAsync("gros-1", small.Limit));
    }

    [Fact]
    public async Task Settings_are_read_and_changed()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await using WaltServer server = small.Client(host);
        Assert.True(await server.SetDeviceConfigurationAsync(["gros-1"], Change(("netsetup", "nat"), ("kexec.allow", false)), small.Limit));
        Assert.False(await server.SetDeviceConfigurationAsync(["gros-1"], Change(("boot.timeout", 90)), small.Limit));
        IReadOnlyList<WaltDeviceConfiguration> all =
            await server.GetDeviceConfigurationsAsync(["gros-1", "switch-1", "switch-2", "walt-server"], small.Limit);
        Assert.Equal(("nodes", "NAT", "false", "90"),
            (all[0].Category, all[0].Settings["netsetup"], all[0].Settings["kexec.allow"], all[0].Settings["boot.timeout"]));
        Assert.Equal(("switches", "true", "2", "private"),
            (all[1].Category, all[1].Settings["lldp.explore"], all[1].Settings["snmp.version"], all[1].Settings["snmp.community"]));
        Assert.Equal("", all[2].Settings["snmp.version"]);
        Assert.Empty(all[3].Settings);
        await FailAsync("WaltDeviceNotFound", () => server.GetDeviceConfigurationsAsync(["nobody"], small.Limit));
    }

    [Theory]
    [InlineData("switch-1", "kexec.allow", true, "SettingNotApplicable")]
    [InlineData("walt-server", "netsetup", "NAT", "SettingNotApplicable")]
    [InlineData("gros-1", "ram", "1G", "SettingNotApplicable")]
    [InlineData("gros-1", "type", "switch", "SettingNotApplicable")]
    [InlineData("switch-2", "lldp.explore", true, "SettingIncomplete")]
    [InlineData("switch-2", "poe.reboots", true, "SettingIncomplete")]
    [InlineData("nobody", "kexec.allow", true, "WaltDeviceNotFound")]
    public async Task What_a_device_cannot_have_is_refused_here(string device, string name, object value, string code)
    {
        // Were it sent, it would be answered by silence.
        await using SmallWorld small = new("walt-silent:set_device_config");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await using WaltServer server = small.Client(host);
        await FailAsync(code, () => server.SetDeviceConfigurationAsync([device], Change((name, value)), small.Limit));
        await FailAsync("SettingForOneDevice", () =>
            server.SetDeviceConfigurationAsync(["gros-1", "switch-1"], Change(("expose", "80:8080")), small.Limit));
    }

    [Fact]
    public async Task An_unknown_device_becomes_a_switch_that_may_be_explored()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4);
        AddUnknown(small, host, "unknown-9");
        await using WaltServer server = small.Client(host);
        await server.SetDeviceConfigurationAsync(["unknown-9"],
            Change(("type", "switch"), ("snmp.version", 2), ("snmp.community", "public"), ("lldp.explore", true)), small.Limit);
        Assert.Contains("switch-000009", await server.GetDeviceNamesAsync("explorable-switches", small.Limit));
    }

    [Fact]
    public async Task Ports_are_read_and_named()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        await server.ScanDevicesAsync(cancellationToken: small.Limit);
        IReadOnlyList<WaltSwitchPort> ports = await server.GetSwitchPortsAsync("switch-1", null, small.Limit);
        Assert.Equal(24, ports.Count);
        Assert.Equal([new WaltSwitchPort("switch-1", 1) { Name = "1", Poe = "on", Peer = "walt-server" },
            new WaltSwitchPort("switch-1", 2) { Name = "2", Poe = "on", Peer = "gros-1" }], ports.Take(2));
        Assert.Equal("", ports[5].Peer);
        await server.SetSwitchPortNameAsync("switch-1", 2, "SR32C14", small.Limit);
        Assert.Equal("SR32C14", Assert.Single(await server.GetSwitchPortsAsync("switch-1", 2, small.Limit)).Name);
        Assert.Equal("SR32C14", (await server.GetDeviceTreeAsync(false, small.Limit)).Single(e => e.Name == "gros-1").Port);
        await FailAsync("SwitchPortRefused", () => server.GetSwitchPortsAsync("switch-1", 99, small.Limit));
        await FailAsync("SwitchPortRefused", () => server.GetSwitchPortsAsync("gros-1", null, small.Limit));
        await FailAsync("WaltDeviceNotFound", () => server.GetSwitchPortsAsync("nobody", null, small.Limit));
        await FailAsync("PortNameInvalid", () => server.SetSwitchPortNameAsync("switch-1", 2, "a b", small.Limit));
    }

    [Fact]
    public async Task A_device_that_answers_is_told_from_one_that_does_not()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        WaltPingResult up = await server.PingAsync("gros-1", 3, small.Limit), down = await server.PingAsync("gros-2", 3, small.Limit);
        Assert.Equal((3, 3, true), (up.Sent, up.Received, up.IsReachable));
        Assert.InRange(up.Latency!.Value.TotalMilliseconds, 0.2, 0.3);
        Assert.Equal((3, 0, false, null), (down.Sent, down.Received, down.IsReachable, down.Latency));
        await FailAsync("WaltDeviceNotFound", () => server.PingAsync("nobody", 1, small.Limit));
    }
}
