using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Deployments;

/// <summary>Whole deployments on the embedded testbed, without faults.</summary>
public class DeploymentTests
{
    [Fact]
    public async Task With_the_most_nodes_every_one_that_was_reserved_becomes_a_WalT_node()
    {
        await using Platform platform = await Platform.OpenAsync();
        await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(new ReservationRequest
        {
            Name = "others", NodeCounts = new Dictionary<string, int> { ["rennes"] = 19 }, Clusters = ["parasilo"],
                Walltime = new Walltime(TimeSpan.FromDays(8)),
        }, platform.Limit), platform.Limit);
        DeploymentRequest request = Platform.Request(("rennes", 2));
        request = request with { Reserve = request.Reserve! with { Clusters = ["parasilo"], Start = ReservationStart.Max } };
        DeploymentPlan plan = await platform.Service.PlanAsync(request with { MinNodes = 4 }, platform.Limit);
        int most = plan.Reservation!.Request.NodeCounts["rennes"];
        Assert.Equal(5, most);   // 25 nodes less 19, less the server
        DeploymentInfo info = await platform.DeployAsync(request);
        Platform.AssertState(DeploymentState.Ready, info);
        Assert.Equal((most, most), (info.Nodes.Count, info.NodesReady));
    }

    [Fact]
    public async Task A_recipe_as_soon_as_possible_waits_for_its_slot_and_says_why()
    {
        await using Platform platform = await Platform.OpenAsync();
        Reservation inTheWay = await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(new ReservationRequest
        {
            Name = "others", NodeCounts = new Dictionary<string, int> { ["rennes"] = 25 }, Clusters = ["parasilo"],
                Walltime = new Walltime(TimeSpan.FromHours(2)),
        }, platform.Limit), platform.Limit);
        var recipe = new WaltRecipe { Name = "soon", NodeCounts = new SortedDictionary<string, int> { ["rennes"] = 24 }, ServerSite = "rennes",
            Schedule = RecipeSchedule.Asap, Walltime = Walltime.Parse("1") };
        DeploymentPlan plan = await platform.Service.PlanAsync(new DeploymentRequest { Recipe = recipe }, platform.Limit);
        Assert.True(plan.Reservation!.Start >= inTheWay.EndsAt, $"{plan.Reservation.Start} is before {inTheWay.EndsAt}");
        Assert.Contains("rennes", plan.Reservation.Slot!.WhyNotEarlier, StringComparison.Ordinal);

        recipe = recipe with { NodeCounts = new SortedDictionary<string, int> { ["nancy"] = 2 }, ServerSite = "nancy" };
        plan = await platform.Service.PlanAsync(new DeploymentRequest { Recipe = recipe }, platform.Limit);
        Assert.Null(plan.Reservation!.Start);
        Assert.Equal("now", plan.Reservation.StartText);
    }

    [Fact]
    public async Task One_site_becomes_a_platform()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentInfo info = await platform.DeployAsync(Platform.OneSite());

        Platform.AssertState(DeploymentState.Ready, info);
        Assert.Equal((3, 3), (info.Nodes.Count, info.NodesReady));
        Assert.Equal(VlanKind.Local, info.Vlan);
        Assert.InRange(info.VlanId!.Value, 1, 3);
        Assert.All(info.Steps, s => Assert.Equal(StepState.Done, s.State));
        Assert.Single(platform.LiveJobs);
        Assert.DoesNotContain(info.Findings, f => f.Severity != FindingSeverity.Information);

        await using WaltServer server = platform.Service.OpenServer(info);
        IReadOnlyList<WaltNodeInfo> nodes = await server.GetNodesAsync(platform.Limit);
        Assert.Equal(info.Nodes.Select(n => (n.WaltName, n.Mac, n.Ip)).Order(), nodes.Select(n => (n.Name, n.Mac, n.Ip)).Order());
        Assert.All(nodes, n => Assert.True(n.IsBooted && n.Owner == "walt-g5k", n.Name));
        Assert.Contains($"server: {info.Server}",
            await File.ReadAllTextAsync(Path.Combine(platform.Grid.HomeDirectory, ".walt", "config"), platform.Limit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_sites_share_a_global_VLAN_and_one_date()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentInfo info = await platform.DeployAsync(Platform.TwoSites());

        Platform.AssertState(DeploymentState.Ready, info);
        Assert.Equal((VlanKind.Global, "nancy", 14), (info.Vlan, info.VlanSite, info.VlanId));
        Assert.Equal(["nancy", "rennes"], info.Jobs.Select(j => j.Site).Order());
        Assert.Equal(2, platform.LiveJobs.Count);
        Assert.Equal(["nancy", "nancy", "rennes", "rennes"], info.Nodes.Select(n => n.Site));
        Assert.Equal(4, info.NodesReady);
    }

    [Fact]
    public async Task The_second_way_installs_WalT_from_packages()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentInfo info = await platform.DeployAsync(Platform.OneSite(1) with { Installation = ServerInstallation.Packages });
        Platform.AssertState(DeploymentState.Ready, info);
        Assert.Equal("walt-server and walt-client", info.Steps.First(s => s.Name == "server.install").Note);
        Assert.Contains("debian12-min", info.Steps.First(s => s.Name == "server.deploy").Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_says_all_that_is_needed()
    {
        await using Platform platform = await Platform.OpenAsync();
        var recipe = new WaltRecipe { Name = "two", ServerSite = "nancy", NodeCounts = new Dictionary<string, int> { ["nancy"] = 1, ["lyon"] = 1 },
            Walltime = new Walltime(TimeSpan.FromHours(1)) };
        DeploymentInfo info = await platform.DeployAsync(new DeploymentRequest { Recipe = recipe });
        Assert.Equal((DeploymentState.Ready, "two", VlanKind.Global), (info.State, info.Recipe, info.Vlan));
    }

    [Fact]
    public async Task A_reservation_made_before_is_used_and_released_with_the_deployment()
    {
        await using Platform platform = await Platform.OpenAsync();
        ReservationPlan plan = await platform.Reservations.PlanAsync(Platform.OneSite().Reserve! with { Vlan = VlanKind.Local, Name = "mine" },
            platform.Limit);
        Reservation reservation = await platform.Reservations.SubmitAsync(plan, platform.Limit);
        DeploymentInfo info = await platform.DeployAsync(new DeploymentRequest { Reservation = reservation });
        Assert.Equal((DeploymentState.Ready, "mine"), (info.State, info.Name));

        DeploymentInfo released = await platform.Service.ReleaseAsync(info.Id, platform.Limit);
        Platform.AssertState(DeploymentState.Released, released);
        Assert.Empty(platform.LiveJobs);
        Assert.Null(await platform.Reservations.FindAsync("mine", platform.Limit));
    }

    [Fact]
    public async Task A_second_deployment_is_refused_while_one_is_alive_and_allowed_after_its_release()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentInfo first = await platform.DeployAsync(Platform.OneSite(1));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => platform.StartAsync(Platform.OneSite(1)));
        Assert.Equal("DeploymentAlive", e.Code);
        await platform.Service.ReleaseAsync(first.Id, platform.Limit);
        Assert.Equal(DeploymentState.Ready, (await platform.DeployAsync(Platform.OneSite(1))).State);
    }

    [Fact]
    public async Task Another_shell_waits_for_a_deployment_and_releases_it()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentRun run = await platform.StartAsync(Platform.OneSite(1));
        var other = new DeploymentService(platform.Grid, SilentReporter.Instance);
        var seen = new List<string>();
        DeploymentInfo ready = await other.WaitAsync(run.Id, TimeSpan.FromHours(1), i => seen.Add(i.CurrentStep), platform.Limit);
        Platform.AssertState(DeploymentState.Ready, ready);
        Assert.NotEmpty(seen);

        await other.ReleaseAsync(run.Id, platform.Limit);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_deployment_that_runs_is_stopped_by_a_release_from_another_shell()
    {
        await using Platform platform = await Platform.OpenAsync();
        var reached = new TaskCompletionSource();
        DeploymentRun run = await platform.StartAsync(Platform.OneSite(1),
            beforeAppend: e => { if (e.Step is { Name: "server.deploy", State: StepState.Running }) reached.TrySetResult(); });
        await reached.Task.WaitAsync(platform.Limit);
        DeploymentInfo released = await new DeploymentService(platform.Grid, SilentReporter.Instance).ReleaseAsync(run.Id, platform.Limit);
        Platform.AssertState(DeploymentState.Released, released);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_wait_that_is_too_short_ends_with_what_to_do_and_leaves_the_deployment_alone()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentRun run = await platform.StartAsync(Platform.OneSite(1));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            platform.Service.WaitAsync(run.Id, TimeSpan.Zero, cancellationToken: platform.Limit));
        Assert.Equal(("DeploymentTimeout", ErrorKind.OperationTimeout), (e.Code, e.Kind));
        Assert.Equal(DeploymentState.Ready, (await run.Completion.WaitAsync(platform.Limit)).State);
    }

    [Theory]
    [InlineData("atlantis", 2, "SiteNotFound")]
    [InlineData("nancy", 0, "InvalidNodeCount")]
    [InlineData("nancy", -1, "InvalidNodeCount")]
    [InlineData("nancy", 5000, "NotEnoughNodes")]
    [InlineData("grenoble", 2, "NoServerCluster")]
    public async Task What_cannot_work_is_refused_before_anything_is_sent(string site, int nodes, string code)
    {
        await using Platform platform = await Platform.OpenAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => platform.Service.PlanAsync(Platform.Request((site, nodes)), platform.Limit));
        Assert.Equal(code, e.Code);
        Assert.NotNull(e.Recommendation);
        Assert.Empty(platform.LiveJobs);
    }
}
