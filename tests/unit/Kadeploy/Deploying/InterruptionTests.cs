using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Kadeploy.Deploying;

/// <summary>A deployment that is interrupted in each macro-step: what is told of each node, and that Kadeploy goes on with nothing.</summary>
public sealed class InterruptionTests
{
    const string One = "gros-7.nancy.grid5000.fr", Two = "gros-8.nancy.grid5000.fr", Far = "parasilo-3.rennes.grid5000.fr";

    static async Task<TestbedGrid> OpenAsync(params string[] faults)
    {
        TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults });
        lock (grid.World.Sync)
        {
            foreach (IGrouping<string, NodeModel> nodes in ((string[])[One, Two, Far]).Select(n => grid.World.Nodes[n]).GroupBy(n => n.Site))
            {
                var job = new JobModel(nodes.Key, 77) { User = grid.User, State = "Running" };
                job.Types.Add("deploy");
                job.Nodes.AddRange(nodes);
                grid.World.Jobs[(nodes.Key, 77)] = job;
            }
        }
        return grid;
    }

    static NodeDeploymentRequest Request(params string[] nodes) =>
        new() { Nodes = nodes, ThrottleLimit = 1, Order = new KadeployRequest { Nodes = nodes, Environment = "debian12-min" } };

    /// <summary>Deploys until a node is where the test wants it, and interrupts then.</summary>
    static async Task<NodeDeployment> InterruptAsync(TestbedGrid grid, NodeDeploymentRequest request, Func<NodeDeploymentStatus, bool> isThere,
        bool byApi = false)
    {
        using var stop = new CancellationTokenSource();
        var deployment = new NodeDeployment(request, s => byApi ? new ApiChannel(grid, s) : new CommandChannel(grid.GetFrontend(s), grid.Time,
            DeploymentFiles.None),
            (_, _) => Task.FromResult<IReadOnlyCollection<string>>([]), grid.Time, SilentReporter.Instance);
        deployment.OnChange = () =>
        {
            if (deployment.Status.Any(isThere)) stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deployment.RunAsync(stop.Token));
        return deployment;
    }

    static async Task AssertGoneAsync(TestbedGrid grid, params string[] aborted)
    {
        Assert.Empty(await new KadeployWorkflows(grid.GetFrontend("nancy"), grid.Time).GetAsync());
        Assert.All(await new NodeControl(grid.GetFrontend("nancy"), grid.Time).GetStatesAsync(aborted), s => Assert.Equal(NodeKadeployState.Aborted,
            s.State));
    }

    [Theory]
    [InlineData("SetDeploymentMiniOSUntrusted", "wait_reboot", false)]
    [InlineData("BroadcastEnvKascade", "send_environment", false)]
    [InlineData("BootNewEnvKexec", "kexec", false)]
    [InlineData("SetDeploymentMiniOSUntrusted", "wait_reboot", true)]
    [InlineData("BroadcastEnvKascade", "send_environment", true)]
    [InlineData("BootNewEnvKexec", "wait_reboot", true)]
    public async Task In_each_macro_step(string macroStep, string microStep, bool byApi)
    {
        await using TestbedGrid grid = await OpenAsync();
        NodeDeployment deployment = await InterruptAsync(grid, Request(One, Two, Far), n => n.Step == $"{macroStep}-{microStep}", byApi);
        Assert.Equal($"""
            The deployment was interrupted. Kadeploy has been told to stop.
              gros-[7-8].nancy.grid5000.fr   interrupted in {macroStep}-{microStep}
              parasilo-3.rennes.grid5000.fr  untouched
            Interrupted nodes have no usable system until they are deployed again.
            """.ReplaceLineEndings("\n"), deployment.DescribeInterruption());
        await AssertGoneAsync(grid, One, Two);
    }

    [Fact]
    public async Task Those_that_are_through_stay_ready()
    {
        await using TestbedGrid grid = await OpenAsync($"kadeploy-step-hangs:{One}=BootNewEnvKexec-wait_reboot",
            $"kadeploy-step-fails:{Two}*1=send_environment");
        // The second fails once, which divides the set: it goes its own way, and may get there before or after the first.
        NodeDeployment deployment = await InterruptAsync(grid, Request(One, Two), n => n.Result is { IsOk: true });
        string text = deployment.DescribeInterruption();
        KadeployResult good = deployment.Status.Single(s => s.Result is not null).Result!;
        Assert.Contains($"  {good.Node}  ready\n", text, StringComparison.Ordinal);
        Assert.Matches($@"  {(good.Node == One ? Two : One)}  interrupted in \S+\n", text);
        Assert.Empty(await new KadeployWorkflows(grid.GetFrontend("nancy"), grid.Time).GetAsync());
    }

    [Fact]
    public void What_nobody_confirmed_is_said()
    {
        string text = InterruptionReport.Write([new NodeDeploymentStatus(One, NodeDeploymentPhase.Deploying, 1, null, null),
            new NodeDeploymentStatus(Two, NodeDeploymentPhase.Retrying, 1, null, null)], _ => false);
        Assert.Contains("Kadeploy at nancy has not confirmed that it stops: look with Get-G5kNodeState -Site nancy.", text, StringComparison.Ordinal);
        Assert.Contains($"{Two}  failed, and not tried again\n  {One}  interrupted at its beginning\n", text, StringComparison.Ordinal);
    }
}
