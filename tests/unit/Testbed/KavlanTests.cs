using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

public class KavlanTests
{
    const string Gros1 = "gros-1.nancy.grid5000.fr";

    [Fact]
    public async Task Sets_and_tells_in_three_seconds_and_one_per_node()
    {
        await using SmallWorld small = new();
        JobModel job = small.AddJob("nancy", 4, "gros-1", "gros-2");

        SmallWorld.Run set = await small.RunAsync("nancy", "kavlan", "-s", "-i", "4", "-j", $"{job.Id}", "-m", Gros1, "-m",
            "gros-2-eth1.nancy.grid5000.fr");
        SmallWorld.Run get = await small.RunAsync("nancy", "kavlan", "-g", "-m", Gros1, "-m", "gros-2-eth1.nancy.grid5000.fr", "-m",
            "gros-2.nancy.grid5000.fr");

        Assert.Equal(" all nodes are configured in the vlan 4", set.Lines[^1]);
        Assert.InRange(set.Seconds, 4.7, 5.3);
        Assert.Equal([Gros1 + ": 4", "gros-2-eth1.nancy.grid5000.fr: 4", "gros-2.nancy.grid5000.fr: DEFAULT"], get.Lines);
        Assert.Equal("4", small.Node("gros-2").GetVlan("eth1"));
    }

    [Fact]
    public async Task An_old_one_tells_gateways_and_networks()
    {
        await using SmallWorld small = new("kavlan-old:nancy");
        JobModel job = small.AddJob("nancy", 4, "gros-1");
        small.Attach("gros-1", "eth0", "4");
        small.Attach("gros-1", "eth1", "4");
        Assert.Equal(["kavlan-4"], (await small.RunAsync("nancy", "kavlan", "-g", "-j", $"{job.Id}")).Lines);
        Assert.Equal(["kavlan-5"], (await small.RunAsync("nancy", "kavlan", "-g", "-i", "5")).Lines);
        Assert.Equal(0, (await small.RunAsync("nancy", "kavlan", "-r", "-i", "5")).Status);
        SmallWorld.Run without = await small.RunAsync("nancy", "kavlan", "-g", "-m", Gros1);
        Assert.Equal((1, "No VLAN found, abort!"), (without.Status, without.Error));
        Assert.Equal(["gros-1-kavlan-4.nancy.grid5000.fr", "gros-1-eth1-kavlan-4.nancy.grid5000.fr"], (await small.RunAsync("nancy", "kavlan", "-l",
            "-j", $"{job.Id}")).Lines);
    }

    [Fact]
    public async Task Restores_the_default_VLAN_quietly()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-1");
        small.Attach("gros-1", "eth0", "4");
        SmallWorld.Run run = await small.RunAsync("nancy", "kavlan", "-s", "-q", "-i", "DEFAULT", "-m", Gros1);
        Assert.Equal(0, run.Status);
        Assert.Empty(run.Lines);
        Assert.Equal("DEFAULT", small.Node("gros-1").GetVlan("eth0"));
    }

    [Fact]
    public async Task Tells_the_VLAN_of_a_job_and_who_is_in_it()
    {
        await using SmallWorld small = new();
        JobModel job = small.AddJob("nancy", 14, "gros-1", "gros-2");
        JobModel other = small.AddJob("nancy", null, "gros-3");
        small.Attach("gros-2", "eth0", "14");
        Assert.Equal(["14"], (await small.RunAsync("nancy", "kavlan", "-V", "-j", $"{job.Id}")).Lines);
        Assert.Equal(["gros-2-kavlan-14.nancy.grid5000.fr"], (await small.RunAsync("nancy", "kavlan", "-l", "-j", $"{job.Id}")).Lines);
        Assert.Equal(["no vlan found"], (await small.RunAsync("nancy", "kavlan", "-V", "-j", $"{other.Id}")).Lines);
        SmallWorld.Run without = await small.RunAsync("nancy", "kavlan", "-V");
        Assert.Equal((1, "No VLAN found, abort!"), (without.Status, without.Error));
    }

    [Fact]
    public async Task A_global_VLAN_can_be_used_at_every_site_by_a_local_job()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", 14, "gros-1");
        JobModel second = small.AddJob("rennes", null, "parasilo-1");
        SmallWorld.Run run = await small.RunAsync("rennes", "kavlan", "-s", "-i", "14", "-j", $"{second.Id}", "-m", "parasilo-1.rennes.grid5000.fr");
        Assert.Equal(0, run.Status);
        Assert.Same(small.World.Sites["nancy"].Vlans[14], small.World.FindVlan("rennes", small.Node("parasilo-1").GetVlan("eth0")));
    }

    [Theory]
    [InlineData("User does not have appropriate rights on VLAN, abort", "-s", "-i", "5", "-m", Gros1)]
    [InlineData("User does not have appropriate rights on VLAN, abort", "-d", "-i", "5")]
    [InlineData("User does not have appropriate rights on node gros-3.nancy.grid5000.fr, abort", "-s", "-i", "4", "-m", "gros-3.nancy.grid5000.fr")]
    [InlineData("no port is known for gros-1-eth2.nancy.grid5000.fr, abort", "-s", "-i", "4", "-m", "gros-1-eth2.nancy.grid5000.fr")]
    [InlineData("No VLAN found, abort!", "-s", "-i", "77", "-m", Gros1)]
    [InlineData("no action specified, abort", "-i", "4")]
    public async Task Refuses_with_status_1(string error, params string[] arguments)
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-1");
        SmallWorld.Run run = await small.RunAsync("nancy", ["kavlan", .. arguments]);
        Assert.Equal((1, error), (run.Status, run.Error));
        Assert.Empty(small.Node("gros-1").Vlans);
    }

    [Fact]
    public async Task Says_done_even_when_the_switch_did_not_obey()
    {
        await using SmallWorld small = new("kavlan-not-set:gros-1*1");
        small.AddJob("nancy", 4, "gros-1");
        string[] set = ["kavlan", "-s", "-i", "4", "-m", Gros1];
        Assert.Equal(" all nodes are configured in the vlan 4", (await small.RunAsync("nancy", set)).Lines[^1]);
        Assert.Equal([Gros1 + ": DEFAULT"], (await small.RunAsync("nancy", "kavlan", "-g", "-m", Gros1)).Lines);
        await small.RunAsync("nancy", set);
        Assert.Equal([Gros1 + ": 4"], (await small.RunAsync("nancy", "kavlan", "-g", "-m", Gros1)).Lines);
    }

    [Fact]
    public async Task Leaves_out_a_name_that_it_does_not_know()
    {
        await using SmallWorld small = new();
        SmallWorld.Run run = await small.RunAsync("nancy", "kavlan", "-g", "-m", "gros-99.nancy.grid5000.fr", "-m", Gros1);
        Assert.Equal([Gros1 + ": DEFAULT"], run.Lines);
    }

    [Fact]
    public async Task The_right_to_a_VLAN_reaches_a_site_late()
    {
        await using SmallWorld small = new("kavlan-no-rights:rennes=60");
        small.AddJob("nancy", 14, "gros-1");
        small.AddJob("rennes", null, "parasilo-1");
        string[] set = ["kavlan", "-s", "-i", "14", "-m", "parasilo-1.rennes.grid5000.fr"];
        Assert.Equal("User does not have appropriate rights on VLAN, abort", (await small.RunAsync("rennes", set)).Error);
        await small.PassAsync(60);
        Assert.Equal(0, (await small.RunAsync("rennes", set)).Status);
    }

    [Fact]
    public async Task Switches_the_DHCP_of_the_VLAN_and_keeps_that()
    {
        await using SmallWorld small = new();
        JobModel job = small.AddJob("nancy", 4, "gros-1");
        await small.RunAsync("nancy", "kavlan", "-d", "-i", "4", "-j", $"{job.Id}");
        Assert.False(small.World.Sites["nancy"].Vlans[4].DhcpEnabled);

        ITestbedPart part = small.World.Parts.Single(p => p.Name == "kavlan");
        string saved = part.Save()!.ToJsonString();
        await small.RunAsync("nancy", "kavlan", "-e", "-i", "4", "-j", $"{job.Id}");
        Assert.True(small.World.Sites["nancy"].Vlans[4].DhcpEnabled);
        part.Load(System.Text.Json.Nodes.JsonNode.Parse(saved)!);
        Assert.False(small.World.Sites["nancy"].Vlans[4].DhcpEnabled);
    }
}
