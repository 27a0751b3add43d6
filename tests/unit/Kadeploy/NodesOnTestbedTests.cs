using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kavlan;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Kadeploy;

/// <summary>Nodes, VLANs and the API on the embedded testbed, with faults.</summary>
public sealed class NodesOnTestbedTests
{
    sealed record Platform(TestbedGrid Grid, OarJob Job, string Vlan) : IAsyncDisposable
    {
        public NodeControl Nodes => new(Grid.GetFrontend("nancy"), Grid.Time);
        public ValueTask DisposeAsync() => Grid.DisposeAsync();
    }

    /// <summary>Two nodes of gros and a local VLAN, held by a job that runs.</summary>
    static async Task<Platform> OpenAsync(params string[] faults)
    {
        TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults });
        var oar = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        OarSubmission submission = await oar.SubmitAsync(new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Vlan("kavlan-local"), OarResources.Nodes(2, "cluster='gros'")),
                Walltime = Walltime.Parse("10"), Types = ["deploy"],
            Start = grid.Time.GetUtcNow().AddMinutes(2), Name = "nodes",
        });
        OarJob job = await oar.WaitRunningAsync(submission.JobId, TimeSpan.FromMinutes(10));
        int vlan = (await new KavlanClient(grid.GetFrontend("nancy"), grid.Time).GetJobVlanAsync(job.Id))!.Value;
        return new Platform(grid, job, vlan.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Off_and_on_again()
    {
        await using Platform platform = await OpenAsync();
        NodeControl nodes = platform.Nodes;
        Assert.All(await nodes.SetPowerAsync(new NodePowerRequest { Nodes = platform.Job.Nodes, IsOn = false, Level = NodeLevel.Soft })
            .ToListAsync(), r => Assert.True(r.IsSuccess));
        Assert.All(await nodes.GetPowerAsync(platform.Job.Nodes), p => Assert.Equal(NodePowerState.Off, p.State));
        Assert.All(await nodes.GetStatesAsync(platform.Job.Nodes), s => Assert.Equal(NodeKadeployState.Powered, s.State));
        Assert.All(await nodes.SetPowerAsync(new NodePowerRequest { Nodes = platform.Job.Nodes, IsOn = true }).ToListAsync(),
            r => Assert.True(r.IsSuccess));
        Assert.All(await nodes.GetPowerAsync(platform.Job.Nodes), p => Assert.Equal(NodePowerState.On, p.State));
    }

    [Fact]
    public async Task A_management_card_that_does_nothing_is_a_failure_of_its_node()
    {
        await using Platform platform = await OpenAsync("node-power-fails:soft");
        List<NodeOperationResult> results = await platform.Nodes.SetPowerAsync(
            new NodePowerRequest { Nodes = platform.Job.Nodes, IsOn = false, Level = NodeLevel.Soft, EscalateTo = NodeLevel.Hard }).ToListAsync();
        Assert.All(results, r => Assert.Equal((NodeOperationState.Succeeded, NodeLevel.Hard, 2), (r.State, r.Level, r.Attempts)));
    }

    [Fact]
    public async Task A_node_that_only_a_hard_reboot_brings_up()
    {
        await using Platform platform = await OpenAsync("node-needs-hard-reboots=1");
        List<NodeOperationResult> results = await platform.Nodes.RebootAsync(
            new NodeRebootRequest { Nodes = platform.Job.Nodes, EscalateTo = NodeLevel.Hard }).ToListAsync();
        Assert.Equal(2, results.Count);
        Assert.All(results, r => Assert.True(r.IsSuccess));
    }

    [Fact]
    public async Task Reboots_of_each_kind()
    {
        await using Platform platform = await OpenAsync();
        async Task<NodeOperationState[]> Reboot(NodeRebootRequest request) =>
            [.. (await platform.Nodes.RebootAsync(request).ToListAsync()).Select(r => r.State)];
        var request = new NodeRebootRequest { Nodes = platform.Job.Nodes };
        Assert.All(await Reboot(request with { Kind = RebootKind.DeployEnvironment }), s => Assert.Equal(NodeOperationState.Succeeded, s));
        Assert.All(await platform.Nodes.GetStatesAsync(platform.Job.Nodes), s => Assert.Equal(NodeKadeployState.DeployEnv, s.State));
        Assert.All(await Reboot(request with { Vlan = platform.Vlan }), s => Assert.Equal(NodeOperationState.Succeeded, s));
        Assert.All(platform.Job.Nodes, n => Assert.Equal(platform.Vlan, platform.Grid.World.Nodes[n].GetVlan("eth0")));
        Assert.All(await Reboot(request with { Vlan = "DEFAULT" }), s => Assert.Equal(NodeOperationState.Succeeded, s));
        Assert.All(await Reboot(request with { Kind = RebootKind.RecordedEnvironment, Environment = "debian12-min" }), s =>
            Assert.Equal(NodeOperationState.Failed, s)); // never deployed
    }

    [Fact]
    public async Task Into_a_VLAN_by_an_old_kavlan()
    {
        await using Platform platform = await OpenAsync("kavlan-old:nancy");
        var kavlan = new KavlanService(platform.Grid, "nancy", KavlanWay.Command);
        Assert.All(await kavlan.AttachAsync(platform.Vlan, platform.Job.Nodes, platform.Job.Id), r => Assert.Equal((true, platform.Vlan),
            (r.IsAttached, r.Vlan)));
        Assert.All(await kavlan.AttachAsync("DEFAULT", platform.Job.Nodes, platform.Job.Id), r => Assert.True(r.IsAttached));
    }

    [Fact]
    public async Task Others_have_no_right_on_our_nodes()
    {
        await using Platform platform = await OpenAsync();
        IReadOnlyList<KadeployRight> rights = await platform.Nodes.GetRightsAsync([]);
        Assert.Equal(platform.Job.Nodes, rights.Where(r => r.User == platform.Grid.User).Select(r => r.Node).Order());
        string foreign = "gros-120.nancy.grid5000.fr";
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(async () =>
            await platform.Nodes.RebootAsync(new NodeRebootRequest { Nodes = [foreign] }).ToListAsync());
        Assert.Equal(ErrorKind.PermissionDenied, e.Kind);
    }

    [Fact]
    public async Task A_console_needs_a_terminal()
    {
        await using Platform platform = await OpenAsync();
        CommandResult result = await platform.Grid.GetFrontend("nancy").RunAsync(new CommandRequest("kaconsole3", "-m", platform.Job.Nodes[0]));
        Assert.Equal((1, "Kaconsole output must be a TTY."), (result.ExitStatus, result.Error.Trim()));
    }

    [Theory]
    [InlineData(KavlanWay.Api)]
    [InlineData(KavlanWay.Command)]
    [InlineData(KavlanWay.Automatic)]
    public async Task Into_the_VLAN_and_back(KavlanWay way)
    {
        await using Platform platform = await OpenAsync();
        var kavlan = new KavlanService(platform.Grid, "nancy", way);
        Assert.Equal([platform.Vlan], await kavlan.GetJobVlansAsync(platform.Job.Id));
        Assert.All(await kavlan.AttachAsync(platform.Vlan, platform.Job.Nodes),
            r => Assert.Equal((true, 1, null), (r.IsAttached, r.Attempts, r.Reason)));
        G5kVlan vlan = (await kavlan.GetVlansAsync()).Single(v => v.Id == platform.Vlan);
        Assert.Equal([platform.Job.Id], vlan.Jobs);
        vlan = await kavlan.AddDetailsAsync(vlan);
        Assert.Equal(platform.Job.Nodes, vlan.Nodes!);
        Assert.Equal([platform.Grid.User], vlan.Users!);
        Assert.All(await kavlan.AttachAsync(KavlanClient.DefaultVlan, platform.Job.Nodes), r => Assert.True(r.IsAttached));
    }

    [Theory]
    [InlineData(KavlanWay.Api)]
    [InlineData(KavlanWay.Command)]
    public async Task A_port_that_stays_where_it_was_is_set_again(KavlanWay way)
    {
        await using Platform platform = await OpenAsync("kavlan-not-set*2");
        Assert.All(await new KavlanService(platform.Grid, "nancy", way).AttachAsync(platform.Vlan, platform.Job.Nodes),
            r => Assert.Equal((true, 2), (r.IsAttached, r.Attempts)));
    }

    [Fact]
    public async Task A_port_that_never_moves_is_a_result()
    {
        await using Platform platform = await OpenAsync("kavlan-not-set:gros-1");
        string other = platform.Job.Nodes.First(n => !n.StartsWith("gros-1.", StringComparison.Ordinal));
        IReadOnlyList<KavlanNodeResult> results = await new KavlanService(platform.Grid, "nancy")
            .AttachAsync(platform.Vlan, [other, "gros-1.nancy.grid5000.fr", "gros-1-eth9.nancy.grid5000.fr"]);
        Assert.True(results[0].IsAttached);
        Assert.Equal(("Unknown node", 1), (results[2].Reason, results[2].Attempts)); // nothing is gained by asking again
        Assert.False(results[1].IsAttached);
    }

    [Fact]
    public async Task No_right_on_the_VLAN_is_an_error()
    {
        await using Platform platform = await OpenAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => new KavlanService(platform.Grid, "nancy").AttachAsync("5", platform.Job.Nodes));
        Assert.Equal(("KavlanRefused", ErrorKind.PermissionDenied), (e.Code, e.Kind));
        Assert.Equal("KavlanRefused", (await Assert.ThrowsAsync<G5kException>(() => new KavlanService(platform.Grid, "nancy")
            .SetDhcpAsync("5", false))).Code);
        Assert.Equal("VlanNotFound", (await Assert.ThrowsAsync<G5kException>(() => new KavlanService(platform.Grid, "nancy")
            .AttachAsync("99", platform.Job.Nodes))).Code);
    }

    [Fact]
    public async Task The_command_does_it_where_the_API_is_out_of_reach()
    {
        await using Platform platform = await OpenAsync("api-down:POST", "api-down:PUT");
        var kavlan = new KavlanService(platform.Grid, "nancy");
        Assert.All(await kavlan.AttachAsync(platform.Vlan, platform.Job.Nodes), r => Assert.True(r.IsAttached));
        await kavlan.SetDhcpAsync(platform.Vlan, false);
        Assert.False(platform.Grid.World.Sites["nancy"].Vlans[int.Parse(platform.Vlan, CultureInfo.InvariantCulture)].DhcpEnabled);
    }

    [Fact]
    public async Task Others_may_be_let_in_until_the_job_is_over()
    {
        await using Platform platform = await OpenAsync();
        var kavlan = new KavlanService(platform.Grid, "nancy");
        var api = new VlanApi(platform.Grid, "nancy");
        await kavlan.SetUserAsync(platform.Vlan, "asmith", isAuthorized: true);
        Assert.Equal([platform.Grid.User, "asmith"], await api.GetUsersAsync(platform.Vlan));
        Assert.Equal([platform.Vlan], await api.GetVlansOfUserAsync("asmith"));
        await kavlan.SetUserAsync(platform.Vlan, "asmith", isAuthorized: false);
        Assert.Equal([platform.Grid.User], await api.GetUsersAsync(platform.Vlan));
    }

    [Fact]
    public async Task Jobs_by_the_API()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var jobs = new JobApi(grid, "nancy");
        OarJob job = await jobs.SubmitAsync(new OarJobRequest { Resources = "{cluster='gros'}/nodes=1", Walltime = Walltime.Parse("1"),
            Types = ["deploy"], Name = "by-api", Command = "sleep 3600" });
        Assert.Equal(("by-api", grid.User), (job.Name, job.Owner));
        Assert.Equal(job.Id, Assert.Single(await jobs.ListAsync(new JobQuery { Name = "by-api" }).ToListAsync()).Id);
        while ((await jobs.GetAsync(job.Id))!.State is not OarJobState.Running) await Task.Delay(TimeSpan.FromSeconds(5), grid.Time);
        Assert.Contains("it will be handled shortly", await jobs.ChangeWalltimeAsync(job.Id, new OarWalltimeWish { Change = "+0:30" }),
            StringComparison.Ordinal);
        Assert.True((await jobs.GetWalltimeAsync(job.Id))!.IsRunning);
        Assert.True(await jobs.DeleteAsync(job.Id));
        Assert.True(await jobs.DeleteAsync(job.Id)); // once more does no harm
        Assert.False(await jobs.DeleteAsync(1));
        ApiRefusedException refused = await Assert.ThrowsAsync<ApiRefusedException>(() =>
            jobs.SubmitAsync(new OarJobRequest { Resources = "nodes=1" }));
        Assert.Contains("you must give a :command", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_answer_was_lost_exists_once()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = ["api-answer-lost:POST"] });
        var jobs = new JobApi(grid, "nancy");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            jobs.SubmitAsync(new OarJobRequest { Resources = "nodes=1", Walltime = Walltime.Parse("1"), Name = "lost", Command = "sleep 60" }));
        Assert.Equal("ApiOutcomeUnknown", e.Code);
        Assert.Single(await jobs.ListAsync(new JobQuery { Name = "lost" }).ToListAsync());
    }

    [Fact]
    public async Task Passing_failures_of_the_API_are_waited_out()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = ["api-fails:vlans*3"] });
        Assert.Contains(await new VlanApi(grid, "nancy").ListAsync(), v => v.Id == "DEFAULT");
    }

    [Fact]
    public async Task Without_its_login_the_API_of_outside_refuses_everything()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = ["api-wants-login=secret"] });
        ApiRefusedException e = await Assert.ThrowsAsync<ApiRefusedException>(() => new VlanApi(grid, "nancy").ListAsync());
        Assert.Contains("-Credential", e.Recommendation, StringComparison.Ordinal);
        using HttpClient client = SshGridApi.CreateWithLogin(grid.Api.BaseAddress!, new System.Net.NetworkCredential(grid.User, "secret"));
        Assert.Contains("nancy", await client.GetStringAsync(new Uri("sites", UriKind.Relative)), StringComparison.Ordinal);
    }
}
