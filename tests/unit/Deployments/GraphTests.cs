using WaltG5k.Core.Deployments;

namespace WaltG5k.Tests.Deployments;

public class GraphTests
{
    static IReadOnlyList<DeploymentStep> Build(ServerInstallation installation, params string[] sites) =>
        DeploymentGraph.Build(new DeploymentRequest { Installation = installation }, sites, sites[0], sites[0]);

    [Theory]
    [InlineData(ServerInstallation.Environment)]
    [InlineData(ServerInstallation.Packages)]
    public void Every_need_is_a_step_that_stands_before(ServerInstallation installation)
    {
        var seen = new HashSet<string>();
        foreach (DeploymentStep step in Build(installation, "nancy", "rennes", "lyon"))
        {
            Assert.All(step.Needs, need => Assert.Contains(need, seen));
            Assert.True(seen.Add(step.Name), step.Name);
        }
    }

    [Fact]
    public void WalT_never_serves_DHCP_outside_of_its_own_VLAN()
    {
        DeploymentStep configure = Build(ServerInstallation.Environment, "nancy", "rennes").First(s => s.Name == "server.configure");
        Assert.Contains("vlan.server", configure.Needs);
        Assert.Contains("vlan.dhcp", configure.Needs);
    }

    [Fact]
    public void The_order_of_the_plugin_has_the_same_steps_one_after_the_other()
    {
        IReadOnlyList<DeploymentStep> steps = Build(ServerInstallation.Environment, "nancy", "rennes");
        IReadOnlyList<DeploymentStep> sequence = DeploymentGraph.InPluginOrder(steps, "nancy");
        Assert.Equal(steps.Select(s => s.Name).Order(), sequence.Select(s => s.Name).Order());
        Assert.All(sequence.Skip(1).Zip(sequence), pair => Assert.Equal([pair.Second.Name], pair.First.Needs));
        string[] names = [.. sequence.Select(s => s.Name)];
        Assert.True(Array.IndexOf(names, "server.deploy") < Array.IndexOf(names, "job.rennes"));
        Assert.True(Array.IndexOf(names, "server.configure") < Array.IndexOf(names, "vlan.nodes.rennes"));
        Assert.Equal("nodes.wait", names[^1]);
    }

    [Fact]
    public void What_remains_is_the_longest_path_of_what_is_left()
    {
        PlannedStep[] steps = [new("a", "", [], TimeSpan.FromSeconds(10)), new("b", "", ["a"], TimeSpan.FromSeconds(100)),
            new("c", "", ["a"], TimeSpan.FromSeconds(30)), new("d", "", ["b", "c"], TimeSpan.FromSeconds(5))];
        Assert.Equal(TimeSpan.FromSeconds(115), Schedule.CriticalPath(steps));

        DateTimeOffset now = DateTimeOffset.UtcNow;
        Dictionary<string, DeploymentStepInfo> states = steps.ToDictionary(s => s.Name, s => new DeploymentStepInfo(s.Name, StepState.Pending));
        states["a"] = new DeploymentStepInfo("a", StepState.Done);
        states["b"] = new DeploymentStepInfo("b", StepState.Running) { StartedAt = now.AddSeconds(-60) };
        (TimeSpan remaining, int percent) = Schedule.Remaining(steps, states, now);
        Assert.Equal(TimeSpan.FromSeconds(45), remaining);
        Assert.Equal(60, percent);
        Assert.Equal(TimeSpan.FromSeconds(35), Schedule.Remaining(steps, states, now.AddMinutes(5)).Remaining);   // late: c and d are still to come
    }

    [Theory]
    [InlineData(0, "192.168.204.2")]
    [InlineData(253, "192.168.204.255")]
    [InlineData(254, "192.168.205.0")]
    [InlineData(WaltNetwork.Capacity - 1, "192.168.207.253")]
    public void Node_addresses_follow_the_server_s(int index, string address) => Assert.Equal(address, WaltNetwork.NodeAddress(index));

    [Fact]
    public void The_last_address_is_never_the_one_of_the_VLAN_s_gateway_host() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WaltNetwork.NodeAddress(WaltNetwork.Capacity));
}
