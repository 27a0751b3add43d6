using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Grid5000;

/// <summary>Deployments by the API of the embedded testbed, with its faults.</summary>
public sealed class DeploymentApiOnTestbedTests
{
    static async Task<(TestbedGrid Grid, OarJob Job)> OpenAsync(params string[] faults)
    {
        TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults });
        var oar = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        OarSubmission submission = await oar.SubmitAsync(new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Nodes(2, "cluster='gros'")), Walltime = Walltime.Parse("10"), Types = ["deploy"],
                Start = grid.Time.GetUtcNow().AddMinutes(2),
        });
        return (grid, await oar.WaitRunningAsync(submission.JobId, TimeSpan.FromMinutes(10)));
    }

    static ApiDeploymentRequest Request(OarJob job) => new() { Nodes = job.Nodes, Environment = "debian12-min" };

    [Fact]
    public async Task A_deployment_from_its_order_to_its_end()
    {
        (TestbedGrid grid, OarJob job) = await OpenAsync();
        await using TestbedGrid _ = grid;
        var api = new DeploymentApi(grid, "nancy");
        ApiDeployment ordered = await api.SubmitAsync(Request(job));
        Assert.Equal((ApiDeploymentStatus.Processing, grid.User, "debian12-min"), (ordered.Status, ordered.User, ordered.Environment));
        List<ApiDeployment> seen = await api.WatchAsync(ordered.Id, TimeSpan.FromHours(1)).ToListAsync();
        Assert.Equal(ApiDeploymentStatus.Terminated, seen[^1].Status);
        Assert.All(seen[^1].Results, r => Assert.True(r.IsOk));
        Assert.Contains(seen, d => d.Results.Any(r => r.MacroStep is not null)); // it could be followed
        Assert.Equal(ordered.Id, Assert.Single(await api.ListAsync(
            new ApiDeploymentQuery { User = grid.User, Status = ApiDeploymentStatus.Terminated }).ToListAsync()).Id);
        Assert.Contains((await api.ReadLogAsync(ordered.Id))!, l => l.Text.Contains("Launching a deployment", StringComparison.Ordinal));
        Assert.Empty((await api.ReadLogAsync(ordered.Id))!); // each line goes once
    }

    [Fact]
    public async Task Without_a_touch_it_stays_as_it_was()
    {
        (TestbedGrid grid, OarJob job) = await OpenAsync();
        await using TestbedGrid _ = grid;
        var api = new DeploymentApi(grid, "nancy");
        string id = (await api.SubmitAsync(Request(job))).Id;
        await Task.Delay(TimeSpan.FromHours(1), grid.Time);
        Assert.Equal(ApiDeploymentStatus.Processing, (await api.GetAsync(id))!.Status);
        Assert.Equal(ApiDeploymentStatus.Terminated, (await api.RefreshAsync(id)).Status);
    }

    [Fact]
    public async Task A_node_that_fails_is_KO_in_a_deployment_that_is_terminated()
    {
        (TestbedGrid grid, OarJob job) = await OpenAsync("kadeploy-fails:gros-1");
        await using TestbedGrid _ = grid;
        var api = new DeploymentApi(grid, "nancy");
        ApiDeployment end = (await api.WatchAsync((await api.SubmitAsync(Request(job))).Id, TimeSpan.FromHours(1)).ToListAsync())[^1];
        Assert.Equal(ApiDeploymentStatus.Terminated, end.Status);
        foreach (ApiDeploymentNode node in end.Results)
        {
            Assert.Equal(node.Node.StartsWith("gros-1.", StringComparison.Ordinal), node.IsKo);
            if (node.IsKo) Assert.NotNull(node.Error);
        }
    }

    [Fact]
    public async Task One_that_never_ends_at_the_server_ends_here_and_can_be_cancelled()
    {
        (TestbedGrid grid, OarJob job) = await OpenAsync("api-deployment-stuck");
        await using TestbedGrid _ = grid;
        var api = new DeploymentApi(grid, "nancy");
        string id = (await api.SubmitAsync(Request(job))).Id;
        Assert.Equal("DeploymentTimeout", (await Assert.ThrowsAsync<G5kException>(async () => await api.WatchAsync(id, TimeSpan.FromMinutes(5))
            .ToListAsync())).Code);
        await api.CancelAsync(id);
        Assert.Equal(ApiDeploymentStatus.Canceled, (await api.GetAsync(id))!.Status);
    }

    [Fact]
    public async Task A_lost_answer_is_found_again_and_nothing_is_deployed_twice()
    {
        (TestbedGrid grid, OarJob job) = await OpenAsync("api-answer-lost:POST*1");
        await using TestbedGrid _ = grid;
        var api = new DeploymentApi(grid, "nancy");
        string id = (await api.SubmitAsync(Request(job))).Id;
        Assert.Equal(id, Assert.Single(await api.ListAsync().ToListAsync()).Id);
    }

    [Fact]
    public async Task Refusals_in_Kadeploy_s_words()
    {
        (TestbedGrid grid, OarJob job) = await OpenAsync();
        await using TestbedGrid _ = grid;
        var api = new DeploymentApi(grid, "nancy");
        async Task<string> Refused(ApiDeploymentRequest request) =>
            (await Assert.ThrowsAsync<ApiRefusedException>(() => api.SubmitAsync(request))).Text;
        Assert.Contains("the environment nosuchenv, of", await Refused(Request(job) with { Environment = "nosuchenv" }), StringComparison.Ordinal);
        Assert.Contains("The node 'nosuch-1.nancy.grid5000.fr' does not exist",
            await Refused(Request(job) with { Nodes = ["nosuch-1.nancy.grid5000.fr"] }), StringComparison.Ordinal);
        Assert.Contains("sufficient rights", await Refused(Request(job) with { Nodes = ["gros-120.nancy.grid5000.fr"] }), StringComparison.Ordinal);
        await api.SubmitAsync(Request(job));
        Assert.Contains("#14", await Refused(Request(job)), StringComparison.Ordinal);
    }
}
