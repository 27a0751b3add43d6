using WaltG5k.Testbed;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

/// <summary>How long boots take, and what they end in.</summary>
public class NodesTests
{
    static async Task<double> TimeAsync(SmallWorld small, Task<bool> boot, bool expected = true)
    {
        double start = small.Now;
        Assert.Equal(expected, await small.AwaitAsync(boot));
        return small.Now - start;
    }

    [Fact]
    public async Task In_the_default_VLAN_a_reset_brings_the_standard_system_in_three_minutes()
    {
        await using SmallWorld small = new();
        Assert.InRange(await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-1"))), 180, 201);
        Assert.Equal(("standard", NodePower.Up), (small.Node("gros-1").System, small.Node("gros-1").Power));
    }

    [Theory]
    [InlineData("gros-1", true, 139, 156)]      // 130 + 2 + 15
    [InlineData("parasilo-1", true, 190, 212)]  // 130 + 35 + 35
    [InlineData("gros-1", false, 142, 159)]     // TFTP next door is quick
    [InlineData("parasilo-1", false, 384, 427)] // 130 + 240 + 35
    public async Task A_reset_into_WalT_takes_firmware_boot_loader_and_system(string node, bool http, double least, double most)
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(14, node);
        host.ServesHttp = http;
        Assert.InRange(await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node(node))), least, most);
        Assert.Equal("walt:" + host.Images.Default.Id, small.Node(node).System);
        Assert.True(host.Devices.ByName(node)!.IsBooted);
    }

    [Theory]
    [InlineData("gros-1", 18, 22)]
    [InlineData("parasilo-1", 37, 43)]
    public async Task Kexec_spares_the_firmware(string node, double least, double most)
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(14, node);
        small.PutUp(host, node);
        Assert.InRange(await TimeAsync(small, small.World.NodeLife.Kexec(small.Node(node), host)), least, most);
    }

    [Fact]
    public async Task Kexec_falls_back_to_a_reset_when_the_node_may_not()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        host.Devices.ByName("gros-1")!.Settings["kexec.allow"] = false;
        Assert.InRange(await TimeAsync(small, small.World.NodeLife.Kexec(small.Node("gros-1"), host)), 139, 156);
    }

    [Fact]
    public async Task An_unknown_machine_becomes_a_device_named_after_its_address()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4);
        small.Attach("gros-2", "eth0", "4");
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-2")));
        string mac = small.Node("gros-2").MainNic!.Mac;
        WaltDevice device = Assert.Single(host.Devices.Nodes);
        Assert.Equal(("walt-" + mac.Replace(":", "", StringComparison.Ordinal)[^6..], "192.168.204.2", true),
            (device.Name, device.Ip, device.IsBooted));
    }

    [Fact]
    public async Task Two_DHCP_servers_in_a_VLAN_leave_the_node_dead()
    {
        await using SmallWorld small = new();
        small.AddWaltServer(4, "gros-1");
        small.World.Sites["nancy"].Vlans[4].DhcpEnabled = true;
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-1")), false);
        Assert.Equal(NodePower.Dead, small.Node("gros-1").Power);
    }

    [Fact]
    public async Task Without_any_DHCP_the_node_gives_up_after_a_minute()
    {
        await using SmallWorld small = new();
        small.World.Sites["nancy"].Vlans[4].DhcpEnabled = false;
        small.Attach("gros-1", "eth0", "4");
        Assert.InRange(await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-1")), false), 180, 205);
        Assert.Equal(NodePower.Dead, small.Node("gros-1").Power);
    }

    [Fact]
    public async Task A_server_that_comes_within_that_minute_is_in_time()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        host.Stop();
        Task<bool> boot = small.World.NodeLife.HardReboot(small.Node("gros-1"));
        await small.PassAsync(170);
        host.Start();
        Assert.True(await small.AwaitAsync(boot));
    }

    [Fact]
    public async Task With_only_Grid5000s_DHCP_in_the_VLAN_the_node_boots_as_ever()
    {
        await using SmallWorld small = new();
        small.Attach("gros-1", "eth0", "4");
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-1")));
        Assert.Equal("standard", small.Node("gros-1").System);
    }

    [Fact]
    public async Task A_UEFI_machine_never_boots_WalT()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gruss-1");
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gruss-1")), false);
        Assert.False(host.Devices.ByName("gruss-1")!.IsBooted);
    }

    [Fact]
    public async Task A_local_VLAN_of_another_site_is_another_VLAN()
    {
        await using SmallWorld small = new();
        small.AddWaltServer(1, "gros-1");
        small.World.Sites["rennes"].Vlans[1].DhcpEnabled = false;
        small.Attach("parasilo-1", "eth0", "1");
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("parasilo-1")), false);
    }

    [Theory]
    [InlineData("node-never-boots:gros-1")]
    [InlineData("node-never-boots:gros-1.nancy.grid5000.fr")]
    [InlineData("node-never-boots:gros")]
    [InlineData("site-dead:nancy")]
    public async Task Faults_keep_a_node_from_booting(string fault)
    {
        await using SmallWorld small = new(fault);
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-1")), false);
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("parasilo-1")));
    }

    [Fact]
    public async Task Some_nodes_need_several_hard_reboots()
    {
        await using SmallWorld small = new("node-needs-hard-reboots:gros-1=3");
        NodeModel node = small.Node("gros-1");
        await TimeAsync(small, small.World.NodeLife.HardReboot(node), false);
        await TimeAsync(small, small.World.NodeLife.HardReboot(node), false);
        await TimeAsync(small, small.World.NodeLife.HardReboot(node));
    }

    [Fact]
    public async Task A_failed_kexec_leaves_a_node_that_a_hard_reboot_brings_back()
    {
        await using SmallWorld small = new("node-kexec-fails:gros-1");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        await TimeAsync(small, small.World.NodeLife.Kexec(small.Node("gros-1"), host), false);
        Assert.Equal(NodePower.Dead, small.Node("gros-1").Power);
        await TimeAsync(small, small.World.NodeLife.HardReboot(small.Node("gros-1")));
    }

    [Fact]
    public async Task A_later_reset_overtakes_a_boot_under_way()
    {
        await using SmallWorld small = new();
        NodeModel node = small.Node("gros-1");
        Task<bool> first = small.World.NodeLife.HardReboot(node);
        await small.PassAsync(100);
        Task<bool> second = small.World.NodeLife.HardReboot(node);
        Assert.False(await small.AwaitAsync(first));
        Assert.Equal(NodePower.Firmware, node.Power);
        Assert.True(await small.AwaitAsync(second));
        Assert.InRange(small.Now, 280, 301);
    }

    [Fact]
    public async Task A_WalT_node_taken_out_of_its_VLAN_resets_itself()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-1", "gros-4");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        await small.RunAsync("nancy", "kavlan", "-s", "-i", "DEFAULT", "-m", "gros-1.nancy.grid5000.fr");
        await small.UntilAsync(() => small.Node("gros-1").System == "standard" && small.Node("gros-1").Power == NodePower.Up);
        Assert.False(host.Devices.ByName("gros-1")!.IsBooted);
    }
}
