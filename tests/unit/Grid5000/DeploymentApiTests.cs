using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Tests.Grid5000;

/// <summary>Deployments through the API, against recorded exchanges.</summary>
public sealed class DeploymentApiTests : IDisposable
{
    const string Done = "D-acefa6d5-bac2-423f-a51d-d5f2a5262036", OneFailed = "D-079d68f5-3d46-4a49-b4aa-765a2bc41dc2",
        Stuck = "D-e1593b23-300d-47ef-8068-b86a8903503f";
    const string Path = "sites/nancy/deployments";

    /// <summary>The moment of the recording.</summary>
    readonly ManualTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1795160519));
    readonly ScriptedApi _api;
    readonly DeploymentApi _deployments;

    public DeploymentApiTests()
    {
        _api = new ScriptedApi(_time);
        _deployments = new DeploymentApi(_api, "nancy");
    }

    public void Dispose() => _api.Dispose();

    static ApiDeploymentRequest Request => new() { Environment = "debian12-min", Nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"] };

    [Fact]
    public async Task Submits_what_was_recorded_and_nothing_else()
    {
        _api.Plays("g5k-api/deployment-post.http");
        ApiDeployment deployment = await _deployments.SubmitAsync(Request);
        Assert.Equal((Done, "nancy", "jdoe", ApiDeploymentStatus.Processing), (deployment.Id, deployment.Site, deployment.User, deployment.Status));
        Assert.Equal(Request.Nodes, deployment.Nodes);
        Assert.Empty(deployment.Results);
        Assert.Equal($"POST {Path} {RecordedHttp.Read("g5k-api/deployment-post.http").RequestBody}", Assert.Single(_api.Requests));
    }

    [Fact]
    public async Task Every_field_of_a_request_has_its_name_in_the_API()
    {
        _api.Plays("g5k-api/deployment-post.http");
        await _deployments.SubmitAsync(Request with
        {
            Nodes = ["gros-1.nancy.grid5000.fr"], Environment = "mine@jdoe", Architecture = "x86_64", Version = 2026031109,
                Key = "ssh-ed25519 AAAA+/= me", PartitionLabel = "TMP", BlockDevice = "disk1",
            ReformatTmp = "ext4", DisableDiskPartitioning = true, DisableBootloaderInstall = true, IgnoreNodesDeploying = true, Vlan = 4,
        });
        Assert.EndsWith("""
            {"environment":"mine@jdoe","nodes":["gros-1.nancy.grid5000.fr"],"arch":"x86_64","version":2026031109,"key":"ssh-ed25519 AAAA+/= me","partition_label":"TMP","block_device":"disk1","reformat_tmp":"ext4","disable_disk_partitioning":true,"disable_bootloader_install":true,"ignore_nodes_deploying":true,"vlan":4}
            """.Trim(), _api.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_keeps_the_words_of_Kadeploy()
    {
        _api.Plays("g5k-api/deployment-error-environment.http");
        ApiRefusedException e = await Assert.ThrowsAsync<ApiRefusedException>(() => _deployments.SubmitAsync(Request));
        Assert.Equal((HttpStatusCode.BadRequest, ErrorKind.InvalidArgument), (e.Status, e.Kind));
        Assert.Equal("Cannot launch deployment: Invalid environment specification -- the environment nosuchenv, of root does not exist", e.Text);
    }

    [Fact]
    public async Task A_failure_of_the_server_that_tells_of_Kadeploy_s_refusal_is_one()
    {
        _api.Returns($"POST {Path}", "Cannot launch deployment: Kadeploy error #14: All the nodes have been discarded ...",
            HttpStatusCode.InternalServerError);
        ApiRefusedException e = await Assert.ThrowsAsync<ApiRefusedException>(() => _deployments.SubmitAsync(Request));
        Assert.Contains("#14", e.Text, StringComparison.Ordinal);
        Assert.Single(_api.Requests);
    }

    [Theory]
    [InlineData("deployment-running-after-put", ApiDeploymentStatus.Processing, "REBOOT_IN_PROGRESS,REBOOT_IN_PROGRESS")]
    [InlineData("deployment-stale-without-put", ApiDeploymentStatus.Processing, "REBOOT_IN_PROGRESS,REBOOT_IN_PROGRESS")]
    [InlineData("deployment-done", ApiDeploymentStatus.Terminated, "OK,OK")]
    public async Task Reads_each_state(string sample, ApiDeploymentStatus status, string nodes)
    {
        _api.Plays($"g5k-api/{sample}.http");
        ApiDeployment deployment = (await _deployments.GetAsync(Done))!;
        Assert.Equal(status, deployment.Status);
        Assert.Equal(nodes, string.Join(',', deployment.Results.Select(r => r.State)));
        Assert.Equal(deployment.Nodes, deployment.Results.Select(r => r.Node));
    }

    [Fact]
    public async Task A_failed_node_is_in_a_deployment_that_is_terminated()
    {
        _api.Plays("g5k-api/deployment-done-one-failed.http");
        ApiDeployment deployment = (await _deployments.GetAsync(OneFailed))!;
        Assert.Equal(ApiDeploymentStatus.Terminated, deployment.Status);
        Assert.Equal([true, false], deployment.Results.Select(r => r.IsOk));
        Assert.Equal(("SetDeploymentEnvUntrusted", "wait_reboot", "SetDeploymentEnvUntrusted-wait_reboot: Unreachable after the reboot"),
            (deployment.Results[1].MacroStep, deployment.Results[1].MicroStep, deployment.Results[1].Error));
    }

    [Fact]
    public async Task Reading_alone_never_refreshes()
    {
        _api.Returns($"PUT {Path}/{Done}", "", HttpStatusCode.NoContent).Plays("g5k-api/deployment-done.http");
        Assert.True((await _deployments.RefreshAsync(Done)).IsEnded);
        Assert.Equal([$"PUT {Path}/{Done}", $"GET {Path}/{Done}"], _api.Requests);
        Assert.All(_api.CacheControls, c => Assert.Equal("no-cache", c));
    }

    [Fact]
    public async Task Follows_a_deployment_to_its_end_and_tells_each_change_once()
    {
        _api.Returns($"PUT {Path}/{Done}", "", HttpStatusCode.NoContent);
        foreach (string sample in (string[])["deployment-running-after-put", "deployment-running-after-put", "deployment-done"])
            _api.Plays($"g5k-api/{sample}.http");
        List<ApiDeployment> seen = await _time.RunAsync(async () => await _deployments.WatchAsync(Done, TimeSpan.FromMinutes(20)).ToListAsync());
        Assert.Equal([ApiDeploymentStatus.Processing, ApiDeploymentStatus.Terminated], seen.Select(d => d.Status));
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Elapsed);
    }

    [Fact]
    public async Task A_workflow_that_never_ends_at_the_server_ends_here()
    {
        _api.Returns($"PUT {Path}/{Stuck}", "", HttpStatusCode.NoContent).Plays("g5k-api/deployment-stuck-processing.http");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            _time.RunAsync(async () => await _deployments.WatchAsync(Stuck, TimeSpan.FromMinutes(3)).ToListAsync()));
        Assert.Equal(("DeploymentTimeout", ErrorKind.OperationTimeout), (e.Code, e.Kind));
        Assert.Equal(TimeSpan.FromMinutes(3), _time.Elapsed);
        Assert.Equal(Stuck, Assert.IsType<ApiDeployment>(e.Target).Id);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task A_lost_answer_is_looked_for_and_nothing_is_sent_twice(HttpStatusCode status)
    {
        string running = System.Text.Encoding.UTF8.GetString(RecordedHttp.Read("g5k-api/deployment-post.http").Body);
        _api.Returns($"POST {Path}", "oops", status).Returns(Path, $$"""{"total":1,"offset":0,"items":[{{running}}]}""");
        Assert.Equal(Done, (await _deployments.SubmitAsync(Request)).Id);
        Assert.Equal(1, _api.Requests.Count(r => r.StartsWith("POST", StringComparison.Ordinal)));
        Assert.Equal($"GET {Path}?user=jdoe&offset=0&limit=20", _api.Requests[1]);
    }

    [Fact]
    public async Task What_may_have_been_started_and_is_not_found_is_said_to_be_unknown()
    {
        _api.Returns($"POST {Path}", "oops", HttpStatusCode.BadGateway).Returns(Path, """{"total":0,"offset":0,"items":[]}""");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => _deployments.SubmitAsync(Request));
        Assert.Equal("ApiOutcomeUnknown", e.Code);
        Assert.Equal(2, _api.Requests.Count);
    }

    [Fact]
    public async Task Cancels()
    {
        _api.Returns($"DELETE {Path}/{Done}", "", HttpStatusCode.Accepted);
        await _deployments.CancelAsync(Done);
        Assert.Equal([$"DELETE {Path}/{Done}"], _api.Requests);
        Assert.Equal("DeploymentNotFound", (await Assert.ThrowsAsync<G5kException>(() => _deployments.CancelAsync("D-none"))).Code);
    }

    [Fact]
    public async Task Reads_the_log_once_for_each_line()
    {
        string path = $"sites/nancy/internal/kadeployapi/deployment/{Done}/logs";
        string log = System.Text.Encoding.UTF8.GetString(RecordedHttp.Read("kadeploy/rest-deployment-logs-first-read.http").Body);
        _api.Returns(path, log + "1795158712.5|!!! The nodes gros-4 failed\nwith two lines | of words\n").Returns(path, "", HttpStatusCode.Forbidden);
        IReadOnlyList<KadeployLogLine> lines = (await _deployments.ReadLogAsync(Done))!;
        Assert.Equal(9, lines.Count);
        Assert.Equal("Launching a deployment on gros-4.nancy.grid5000.fr", lines[0].Text);
        Assert.Equal("  switch_pxe", lines[2].Text);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795158711451), lines[4].Time);
        Assert.Equal("!!! The nodes gros-4 failed\nwith two lines | of words", lines[8].Text);
        Assert.Null(await _deployments.ReadLogAsync(Done));
    }
}
