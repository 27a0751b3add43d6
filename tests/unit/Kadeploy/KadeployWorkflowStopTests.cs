using System.Management.Automation;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Host;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Tests.Kadeploy;

/// <summary>Operations that are ended before their time: by Kadeploy's own server, by the API, and what may not be ended.</summary>
public sealed class KadeployWorkflowStopTests
{
    const string Id = "D-640e4d68-342c-4ba4-89eb-d8d955888d18";
    const string Curl =
        "curl -sSk --max-time 60 -X DELETE -H 'X-Kadeploy-User: jdoe' -w '\\n%{http_code}' https://kadeploy.nancy.grid5000.fr:25300/deployment/" + Id;
    const string Configuration =
        "---\ndefault: nancy\nservers:\n- name: rennes\n  hostname: other\n- name: nancy\n  hostname: kadeploy.nancy.grid5000.fr\n  port: 25300\n  secure: true\n";

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

    static void Order(HostSession session, int nodes) =>
        Run(session,
        $"Submit-OarJob 'sleep 7200' -Site nancy -NodeCount {nodes} -Cluster gros -Deploy -Walltime 3:00 | Wait-OarJob -For Running | Deploy-G5kNode -Environment debian12-min -NoWait -Confirm:$false");

    static string Code(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    [Fact]
    public void What_nobody_waits_for_is_stopped_and_its_nodes_are_told()
    {
        using HostSession session = Open();
        Order(session, 2);
        KadeployResult[] results = [.. Run(session,
            "Get-KadeployWorkflow -Site nancy | Stop-KadeployWorkflow -PassThru").Objects.OfType<KadeployResult>()];
        Assert.Equal(2, results.Length);
        Assert.All(results, r => Assert.Equal((false, KadeployNodeStatus.Aborted), (r.IsOk, r.Status)));
        Assert.Empty(Run(session, "Get-KadeployWorkflow -Site nancy").Objects);
        Assert.All(Run(session, "Get-G5kNodeState 'gros-[1,10].nancy'").Objects, s => Assert.Equal(NodeKadeployState.Aborted,
            ((G5kNodeState)s!).State));
        // Kadeploy has let go of the nodes: they can be deployed at once.
        Assert.All(Run(session, "Get-OarJob -Site nancy | Deploy-G5kNode -Environment debian12-min -Confirm:$false").Objects.OfType<KadeployResult>(),
            r => Assert.True(r.IsOk));
    }

    [Fact]
    public void A_reboot_is_stopped_as_well_and_a_plan_stops_nothing()
    {
        using HostSession session = Open();
        Run(session,
            "Submit-OarJob 'sleep 7200' -Site nancy -NodeCount 1 -Cluster gros -Deploy -Walltime 3:00 | Wait-OarJob -For Running | Restart-G5kNode -Level Hard -NoWait");
        HostResult plan = Run(session, "Get-KadeployWorkflow -Site nancy | Stop-KadeployWorkflow -WhatIf");
        Assert.Contains(plan.HostLines, l => l.Contains("reboot on gros-1.nancy.grid5000.fr", StringComparison.Ordinal));
        KadeployWorkflow running = Assert.IsType<KadeployWorkflow>(Assert.Single(Run(session, "Get-KadeployWorkflow -Site nancy").Objects));
        Assert.Empty(Run(session, $"Stop-KadeployWorkflow {running.Id} -Site nancy").Objects);
        Assert.Empty(Run(session, "Get-KadeployWorkflow -Site nancy").Objects);
    }

    [Fact]
    public void Each_one_that_cannot_be_stopped_is_an_error_of_its_own()
    {
        using HostSession session = Open();
        Order(session, 1);
        Run(session, "Get-KadeployWorkflow -Site nancy | Wait-KadeployWorkflow");
        string ended = ((KadeployWorkflow)Assert.Single(Run(session, "Get-KadeployWorkflow -Site nancy").Objects)!).Id;
        Run(session, "Get-OarJob -Site nancy | Deploy-G5kNode -Environment debian12-min -NoWait -Confirm:$false");
        string running = Run(session, "Get-KadeployWorkflow -Site nancy").Objects.Cast<KadeployWorkflow>().Single(w => !w.IsDone).Id;
        HostResult result = session.Invoke($"Stop-KadeployWorkflow {ended}, {Id}, {running} -Site nancy");
        Assert.Equal(["KadeployWorkflowEnded", "KadeployWorkflowNotFound"], result.Errors.Select(Code).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(running, Run(session, "Get-KadeployWorkflow -Site nancy").Objects.Cast<KadeployWorkflow>().Select(w => w.Id));
    }

    [Fact]
    public async Task Only_the_owner_may()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        NodeModel node = grid.World.Nodes["gros-7.nancy.grid5000.fr"];
        lock (grid.World.Sync)
        {
            var job = new JobModel("nancy", 77) { User = "eve", State = "Running" };
            job.Types.Add("deploy");
            job.Nodes.Add(node);
            grid.World.Jobs[("nancy", 77)] = job;
        }
        (int status, string output) = await ServiceCommand.RunAsync(grid.World, "nancy", "eve", "kadeploy3", ["-e", "debian12-min", "-m", node.Name,
            "--no-wait"], null, CancellationToken.None);
        Assert.Equal(0, status);
        var stop = new KadeployWorkflowStop(grid, "nancy");
        KadeployWorkflow foreign = await stop.FindAsync(output.Split(' ')[0]);
        Assert.Equal(("eve", node.Name), (foreign.User, Assert.Single(foreign.Nodes)));
        G5kException refused = await Assert.ThrowsAsync<G5kException>(() => stop.StopAsync(foreign));
        Assert.Equal(("NotWorkflowOwner", ErrorKind.PermissionDenied), (refused.Code, refused.Kind));
    }

    [Fact]
    public async Task One_from_the_API_is_cancelled_there()
    {
        using var session = new HostSession();
        var connection = (G5kSession)Assert.Single(Run(session, "Connect-G5k -Testbed -Speed 0 -Force").Objects)!;
        Run(session, "Submit-OarJob 'sleep 7200' -Site nancy -NodeCount 1 -Cluster gros -Deploy -Walltime 3:00 | Wait-OarJob -For Running");
        var api = new DeploymentApi(connection.Grid, "nancy");
        ApiDeployment ordered = await api.SubmitAsync(new ApiDeploymentRequest { Nodes = ["gros-1.nancy.grid5000.fr"],
            Environment = "debian12-min" });
        Assert.Equal(KadeployNodeStatus.Aborted, Assert.Single(Run(session,
            $"Stop-KadeployWorkflow {ordered.Id} -Site nancy -PassThru").Objects.OfType<KadeployResult>()).Status);
        Assert.Equal(ApiDeploymentStatus.Canceled, (await api.GetAsync(ordered.Id))!.Status);
    }

    [Theory]
    [InlineData("Invalid workflow ID\n400", "", 0, null)]
    [InlineData("{\"wid\": \"x\"}\n200", "", 0, "true")]
    [InlineData("Forbidden -- You do not the rights to perform this operation\n403", "", 0, "NotWorkflowOwner")]
    [InlineData("Unauthorized -- Authentication failed: no user specified in the X-Kadeploy-User HTTP header\n401", "", 0, "NotWorkflowOwner")]
    [InlineData("\n000", "curl: (7) Failed to connect to kadeploy.nancy.grid5000.fr port 25300", 7, "KadeployUnavailable")]
    [InlineData("Internal Server Error\n500", "", 0, "KadeployUnavailable")]
    [InlineData("", "bash: curl: command not found", 127, "KadeployUnavailable")]
    public async Task The_server_s_answers(string output, string error, int status, string? outcome)
    {
        using ScriptedFrontend frontend = new();
        frontend.Expect("cat -- /etc/kadeploy3/client.conf").Returns(Configuration);
        frontend.Expect(Curl).Returns(output, error, status);
        var rest = new KadeployRest(frontend, "jdoe");
        if (outcome is null or "true") Assert.Equal(outcome is not null, await rest.DeleteAsync(KadeployOperation.Deployment, Id,
            CancellationToken.None));
        else Assert.Equal(outcome, (await Assert.ThrowsAnyAsync<G5kException>(() => rest.DeleteAsync(KadeployOperation.Deployment, Id,
            CancellationToken.None))).Code);
    }

    [Theory]
    [InlineData(Configuration, "https://kadeploy.nancy.grid5000.fr:25300/ X-Kadeploy-User")]
    [InlineData("servers: [{name: a, hostname: h, port: 80, secure: false, auth_headers_prefix: X-Other-}]", "http://h/ X-Other-User")]
    [InlineData("servers: [{name: a, hostname: h}, {name: b, hostname: i}]", null)]
    [InlineData("servers: [", null)]
    [InlineData("", null)]
    public void Where_the_server_is(string configuration, string? expected)
    {
        KadeployServerAddress? address = KadeployServerAddress.Read(configuration);
        Assert.Equal(expected, address is null ? null : $"{address.Root} {address.UserHeader}");
    }

    [Fact]
    public async Task Without_a_configuration_it_says_what_else_to_do()
    {
        using ScriptedFrontend frontend = new();
        frontend.Expect("cat -- /etc/kadeploy3/client.conf").Returns("", "cat: /etc/kadeploy3/client.conf: No such file or directory", 1);
        Assert.Equal("KadeployServerUnknown", (await Assert.ThrowsAsync<G5kException>(() => new KadeployRest(frontend,
            "jdoe").DeleteAsync(KadeployOperation.Reboot, Id, CancellationToken.None))).Code);
    }
}
