using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Host;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Kadeploy.Deploying;

/// <summary>Deploy-G5kNode -UseApi on the testbed: the same loop, the same results.</summary>
public sealed class DeployByApiTests
{
    static HostSession Open(params string[] faults)
    {
        var session = new HostSession();
        Run(session,
            $"Connect-G5k -Testbed -Speed 0 -Force{(faults.Length == 0 ? "" : " -Fault " + string.Join(',', faults.Select(f => $"'{f}'")))}");
        return session;
    }

    static HostResult Run(HostSession session, string line)
    {
        HostResult result = session.Invoke(line);
        Assert.True(result.Errors.Count == 0, $"{line}: {string.Join("; ", result.Errors)}");
        return result;
    }

    static void Hold(HostSession session, int count) =>
        Run(session,
        $"Submit-OarJob 'sleep 7200' -Site nancy -NodeCount {count} -Cluster gros -Deploy -Walltime 3:00 -Name held | Wait-OarJob -For Running");

    static KadeployResult[] Results(HostResult result) => [.. result.Objects.OfType<KadeployResult>()];

    static string Code(System.Management.Automation.ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    [Fact]
    public void A_dead_node_is_tried_again_and_replaced_and_the_good_ones_are_kept()
    {
        using HostSession session = Open("kadeploy-fails:gros-10.nancy.grid5000.fr");
        Hold(session, 4);
        HostResult result =
            session.Invoke("Get-OarJob -Name held | Deploy-G5kNode -Environment debian12-min -NodeCount 3 -Retries 1 -UseApi -Confirm:$false");
        Assert.Empty(result.Errors);
        KadeployResult dead = Assert.Single(Results(result), r => !r.IsOk);
        Assert.Equal(("gros-10.nancy.grid5000.fr", "gros-101.nancy.grid5000.fr", 2), (dead.Node, dead.ReplacedBy, dead.Attempts));
        Assert.All(Results(result).Where(r => r.IsOk), r => Assert.Equal((1, 3), (r.Attempts, r.Times.Count)));
    }

    [Theory]
    [InlineData("SetDeploymentMiniOS")]
    [InlineData("BroadcastEnv")]
    [InlineData("BootNewEnvHardReboot-wait_reboot")]
    public void A_node_may_fail_in_each_macro_step(string step)
    {
        using HostSession session = Open($"kadeploy-step-fails:gros-10.nancy.grid5000.fr={step}",
            "kadeploy-step-fails:gros-10.nancy.grid5000.fr=BootNewEnvKexec");
        Hold(session, 2);
        HostResult result = session.Invoke("Get-OarJob -Name held | Deploy-G5kNode -Environment debian12-min -Retries 0 -UseApi -Confirm:$false");
        KadeployResult dead = Assert.Single(Results(result), r => !r.IsOk);
        Assert.StartsWith(step.Split('-')[0], dead.MacroStep, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(dead.Reason));
        Assert.Equal("NodeNotDeployed", Code(Assert.Single(result.Errors)));
    }

    [Fact]
    public void One_that_stays_under_way_for_ever_is_ended_and_each_node_is_told()
    {
        using HostSession session = Open("api-deployment-stuck");
        Hold(session, 2);
        HostResult result =
            session.Invoke("Get-OarJob -Name held | Deploy-G5kNode -Environment debian12-min -Retries 0 -Timeout 900 -UseApi -Confirm:$false");
        Assert.Equal([KadeployNodeStatus.TimedOut, KadeployNodeStatus.TimedOut], Results(result).Select(r => r.Status));
        Assert.Empty(Run(session, "Get-KadeployWorkflow -Site nancy").Objects);
    }

    [Fact]
    public void An_API_that_fails_for_a_while_loses_nothing()
    {
        using HostSession session = Open("api-fails:PUT*9");
        Hold(session, 2);
        HostResult result = session.Invoke("Get-OarJob -Name held | Deploy-G5kNode -Environment debian12-min -UseApi -Confirm:$false");
        Assert.Empty(result.Errors);
        Assert.Equal([true, true], Results(result).Select(r => r.IsOk));
        Assert.Contains(result.Warnings, w => w.Contains("goes on there", StringComparison.Ordinal));
    }

    [Fact]
    public void Refusals_are_told_as_those_of_the_command()
    {
        using HostSession session = Open();
        Hold(session, 1);
        Assert.Equal("EnvironmentNotFound",
            Code(Assert.Single(session.Invoke("Deploy-G5kNode gros-1.nancy -Environment nosuchenv -UseApi -Confirm:$false").Errors)));
        HostResult mixed = session.Invoke("Deploy-G5kNode gros-1.nancy, gros-120.nancy -Environment debian12-min -UseApi -Confirm:$false");
        Assert.Equal(["gros-1.nancy.grid5000.fr"], Results(mixed).Where(r => r.IsOk).Select(r => r.Node)); // without the one that is not ours
        Assert.Equal("NotByApi", Code(Assert.Single(
            session.Invoke("Deploy-G5kNode gros-1.nancy -Environment debian12-min -NoKexec -UseApi -Confirm:$false").Errors)));
    }

    [Fact]
    public void An_order_and_a_plan()
    {
        using HostSession session = Open();
        Hold(session, 1);
        HostResult plan = Run(session, "Get-OarJob -Name held | Deploy-G5kNode -Environment debian12-min -UseApi -WhatIf");
        Assert.Contains(plan.HostLines, l => l.Contains("POST sites/nancy/deployments {\"environment\":\"debian12-min\"", StringComparison.Ordinal));
        Assert.Empty(Run(session, "Get-KadeployWorkflow -Site nancy").Objects);
        KadeployResult ordered = Assert.Single(Results(Run(session,
            "Get-OarJob -Name held | Deploy-G5kNode -Environment debian12-min -UseApi -NoWait -Confirm:$false")));
        Assert.Equal(KadeployNodeStatus.Waiting, ordered.Status);
        Assert.All(Results(Run(session, $"Wait-KadeployWorkflow {ordered.WorkflowId} -Site nancy")), r => Assert.True(r.IsOk));
    }

    [Theory]
    [InlineData("SetDeploymentMiniOS")]
    [InlineData("BroadcastEnv")]
    [InlineData("BootNewEnv")]
    public async Task An_interruption_cancels_it_there(string macroStep)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        lock (grid.World.Sync)
        {
            var job = new JobModel("nancy", 77) { User = grid.User, State = "Running" };
            job.Types.Add("deploy");
            job.Nodes.Add(grid.World.Nodes["gros-7.nancy.grid5000.fr"]);
            grid.World.Jobs[("nancy", 77)] = job;
        }
        using var stop = new CancellationTokenSource();
        List<KadeployEvent> events = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ApiChannel(grid, "nancy").DeployAsync(
            new KadeployRequest { Nodes = ["gros-7.nancy.grid5000.fr"], Environment = "debian12-min" },
            e =>
            {
                events.Add(e);
                if (e is MacroStepStarted started && started.MacroStep.StartsWith(macroStep, StringComparison.Ordinal)) stop.Cancel();
            }, stop.Token));
        Assert.IsType<ClientInterrupted>(events[^1]);
        string id = events.OfType<WorkflowStarted>().Single().WorkflowId;
        Assert.Equal(ApiDeploymentStatus.Canceled, (await new DeploymentApi(grid, "nancy").GetAsync(id))!.Status);
        Assert.Empty(await new KadeployWorkflows(grid.GetFrontend("nancy"), grid.Time).GetAsync());
    }
}
