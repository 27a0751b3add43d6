using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Kadeploy.Deploying;

public sealed class NodeDeploymentTests : IDisposable
{
    readonly VirtualClock _clock = new(new DateTimeOffset(2026, 3, 24, 9, 0, 0, TimeSpan.Zero), 0, forClientsOnly: true);
    readonly Dictionary<string, ScriptedChannel> _channels = new() { ["nancy"] = new("nancy"), ["rennes"] = new("rennes") };
    readonly Dictionary<string, string[]> _own = [];
    readonly ListReporter _reporter = new();

    public void Dispose() => _clock.Dispose();

    ScriptedChannel Nancy => _channels["nancy"];

    static string N(int number) => $"gros-{number}.nancy.grid5000.fr";

    static NodeDeploymentRequest Request(params string[] nodes) => new()
    {
        Nodes = nodes,
        Order = new KadeployRequest { Nodes = nodes, Environment = "debian12-min" },
    };

    NodeDeployment Create(NodeDeploymentRequest request) => new(request, s => _channels[s],
        (s, _) => Task.FromResult<IReadOnlyCollection<string>>(_own.GetValueOrDefault(s, [])), _clock.ForClients, _reporter);

    async Task<NodeDeploymentSummary> RunAsync(NodeDeploymentRequest request)
    {
        NodeDeployment deployment = Create(request);
        var streamed = new List<KadeployResult>();
        deployment.OnResult = r =>
        {
            lock (streamed) streamed.Add(r);
        };
        using IDisposable awaited = _clock.Await();
        NodeDeploymentSummary summary = await Task.Run(() => deployment.RunAsync());
        Assert.Equal(summary.Results.OrderBy(r => r.Node, StringComparer.Ordinal), streamed.OrderBy(r => r.Node, StringComparer.Ordinal));
        // Whatever happens: one result for each node asked for.
        Assert.All(request.Nodes, n => Assert.Single(summary.Results, r => r.Node == n));
        return summary;
    }

    [Fact]
    public async Task Only_failed_nodes_are_deployed_again()
    {
        Nancy.ThenFails("gros-2").ThenFails();
        NodeDeploymentSummary summary = await RunAsync(Request(N(1), N(2), N(3)) with { Retries = 1 });
        Assert.Equal([[N(1), N(2), N(3)], [N(2)]], Nancy.Attempts);
        Assert.All(summary.Results, r => Assert.True(r.IsOk));
        Assert.Equal(2, summary.Results.Single(r => r.Node == N(2)).Attempts);
        Assert.Empty(summary.Missing);
    }

    [Fact]
    public async Task A_node_that_goes_on_failing_is_a_result_with_its_step_reason_and_advice()
    {
        Nancy.ThenFails("gros-2").ThenFails("gros-2");
        KadeployResult failed = Assert.Single((await RunAsync(Request(N(1), N(2)) with { Retries = 1 })).Missing);
        Assert.Equal((N(2), "SetDeploymentMiniOSUntrusted-wait_reboot", "Unreachable after the reboot", 2, "debian12-min"),
            (failed.Node, failed.Step, failed.Reason, failed.Attempts, failed.Environment));
        Assert.Contains("Enter-G5kConsole", failed.Recommendation, StringComparison.Ordinal);
        Assert.NotNull(failed.EndedAt);
    }

    [Fact]
    public async Task Spares_take_the_place_of_dead_nodes_the_same_cluster_first_until_there_are_none()
    {
        Nancy.ThenFails("gros-1", "gros-2", "gros-3").ThenFails("gros-8").ThenFails();
        NodeDeploymentSummary summary = await RunAsync(Request(N(1), N(2), N(3)) with { Spares = ["grisou-1.nancy.grid5000.fr", N(8)] });
        // gros-8 for gros-1, grisou-1 for gros-2, nothing for gros-3.
        Assert.Equal([[N(1), N(2), N(3)], [N(8), "grisou-1.nancy.grid5000.fr"]], Nancy.Attempts);
        Assert.Equal(N(8), summary.Results.Single(r => r.Node == N(1)).ReplacedBy);
        Assert.Equal(N(2), summary.Results.Single(r => r.Node == "grisou-1.nancy.grid5000.fr").Replaces);
        Assert.Equal([N(1), N(3)], summary.Missing.Select(r => r.Node));
    }

    [Fact]
    public async Task A_node_asked_for_is_never_a_spare()
    {
        IReadOnlyList<SiteDeploymentPlan> plans =
            NodeDeployment.Plan(Request(N(1), "parasilo-1.rennes.grid5000.fr") with { Spares = [N(1), N(2), "parasilo-2.rennes.grid5000.fr", N(2)] });
        Assert.Equal(["nancy", "rennes"], plans.Select(p => p.Site));
        Assert.Equal([N(2)], plans[0].Spares);
        Assert.Contains("kadeploy3 -e debian12-min", plans[0].GetCommandLine(), StringComparison.Ordinal);
        Assert.Contains($"-m {N(1)}", plans[0].GetCommandLine(), StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Of_two_sites_one_may_refuse_and_the_other_goes_on()
    {
        Nancy.ThenFails();
        _channels["rennes"].ThenThrows(ScriptedChannel.Refuse("rennes", 7, "Invalid environment -- The environment debian12-min does not exist"));
        NodeDeploymentSummary summary = await RunAsync(Request(N(1), "parasilo-1.rennes.grid5000.fr", "parasilo-2.rennes.grid5000.fr"));
        Assert.Equal([N(1)], summary.Good.Select(r => r.Node));
        Assert.Equal("EnvironmentNotFound", Assert.Single(summary.Refusals).Code);
        Assert.All(summary.Missing, r => Assert.Equal((KadeployNodeStatus.Refused, 0, null), (r.Status, r.Attempts, r.StartedAt)));
    }

    [Fact]
    public async Task Without_rights_on_some_nodes_the_others_are_deployed()
    {
        _own["nancy"] = [N(1), N(3)];
        Nancy.ThenThrows(ScriptedChannel.Refuse("nancy", 6, "You do not have sufficient rights to perform the operation on all the nodes"))
            .ThenFails();
        NodeDeploymentSummary summary = await RunAsync(Request(N(1), N(2), N(3)));
        Assert.Equal([[N(1), N(2), N(3)], [N(1), N(3)]], Nancy.Attempts);
        Assert.Equal((N(2), KadeployNodeStatus.Refused), (Assert.Single(summary.Missing).Node, summary.Missing[0].Status));
        Assert.Empty(summary.Refusals);
        Assert.All(summary.Good, r => Assert.Equal(1, r.Attempts));
    }

    [Fact]
    public async Task Nodes_in_use_are_tried_again_after_a_pause_and_then_given_up()
    {
        KadeployRefusedException busy = ScriptedChannel.Refuse("nancy", 14, "No element has been modified -- All the nodes have been discarded ...");
        Nancy.ThenThrows(busy).ThenThrows(busy);
        DateTimeOffset start = _clock.GetUtcNow();
        NodeDeploymentSummary summary = await RunAsync(Request(N(1)) with { Retries = 1 });
        Assert.Equal(TimeSpan.FromSeconds(30), _clock.GetUtcNow() - start);
        Assert.Equal("NodesInUse", Assert.Single(summary.Refusals).Code);
    }

    [Fact]
    public async Task A_lost_deployment_is_found_again_and_good_nodes_are_known_before()
    {
        Nancy.Then(nodes => ScriptedChannel.Output(nodes, []).Take(3), new DeploymentLostException("nancy", "Broken pipe"));
        Nancy.Follow = nodes => [.. nodes.Select(n => new KadeployResult(n, n == N(1)) { Reason = n == N(1) ? null : "kernel panic" })];
        NodeDeploymentSummary summary = await RunAsync(Request(N(1), N(2)));
        (string? id, string[] followed) = Assert.Single(Nancy.Followed);
        Assert.Equal(("D-5e6f7a8b-0000-4000-8000-000000000001", 2), (id, followed.Length));
        Assert.Equal(N(1), Assert.Single(summary.Good).Node);
        Assert.Contains(_reporter.Warnings, w => w.Contains("goes on there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deployment_that_never_ends_is_stopped_and_what_was_done_is_kept()
    {
        var timeout = new G5kException("CommandTimeout", ErrorKind.OperationTimeout, "kadeploy3 has not ended");
        Nancy.Then(_ => ["Deployment #D-1 started", "Launching a deployment on gros-[1-2].nancy.grid5000.fr",
            "Performing a Deploy[BroadcastEnvKascade] step", "  send_environment",
            $"End of deployment for {N(1)} after 91s"], timeout);
        Nancy.States[N(2)] = "deploying";
        NodeDeploymentSummary summary = await RunAsync(Request(N(1), N(2)));
        Assert.Equal(N(1), Assert.Single(summary.Good).Node);
        KadeployResult late = Assert.Single(summary.Missing);
        Assert.Equal((KadeployNodeStatus.TimedOut, "BroadcastEnvKascade-send_environment"), (late.Status, late.Step));
        Assert.Contains("still works on it", late.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_at_a_breakpoint_say_so_and_what_to_do()
    {
        Nancy.Then(_ => RecordedCommand.Read("kadeploy/deploy-breakpoint-v4.txt").Output.Split('\n'));
        KadeployResult stopped = Assert.Single((await RunAsync(Request(N(1)))).Good);
        Assert.Equal((KadeployNodeStatus.Breakpoint, "BroadcastEnvKascade-manage_user_post_install"), (stopped.Status, stopped.Step));
        Assert.Contains("without -Breakpoint", stopped.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_nodes_may_fail_with_status_0_and_reasons_of_several_lines()
    {
        Nancy.Then(_ => RecordedCommand.Read("kadeploy/deploy-all-failed-multicluster-v4.txt").Output.Split('\n'));
        string[] nodes = [N(1), N(2), "grisou-1.nancy.grid5000.fr", "grisou-2.nancy.grid5000.fr"];
        NodeDeploymentSummary summary = await RunAsync(Request(nodes));
        Assert.Equal(4, summary.Missing.Count);
        Assert.All(summary.Missing, r => Assert.Equal("SetDeploymentEnvUntrusted-send_key_in_deploy_env", r.Step));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task An_interruption_stops_Kadeploy_and_tells_where_the_nodes_are(int lines)
    {
        Nancy.Hang = new TaskCompletionSource();
        Nancy.Then(nodes => ScriptedChannel.Output(nodes, []).Take(lines));
        NodeDeployment deployment = Create(Request(N(1), N(2)));
        using var stop = new CancellationTokenSource();
        Task run = deployment.RunAsync(stop.Token);
        await Nancy.Hang.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        string text = deployment.DescribeInterruption();
        Assert.Contains("gros-[1-2].nancy.grid5000.fr", text, StringComparison.Ordinal);
        Assert.Contains("told to stop", text, StringComparison.Ordinal);
        Assert.Contains(lines == 5 ? "interrupted in SetDeploymentMiniOSUntrusted" : "interrupted", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_whatever_fails()
    {
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            var channel = new ScriptedChannel("nancy");
            _channels["nancy"] = channel;
            for (int i = 0; i < 30; i++)
            {
                int seed = random.Next();
                channel.Then(nodes => ScriptedChannel.Output(nodes, [.. nodes.Where((_, n) => (seed >> (n % 30) & 3) == 0)]));
            }
            int count = random.Next(1, 9), spares = random.Next(0, 4), retries = random.Next(0, 3);
            NodeDeploymentSummary summary = await RunAsync(
                Request([.. Enumerable.Range(1, count).Select(N)]) with { Retries = retries, Spares = [.. Enumerable.Range(50, spares).Select(N)] });
            Assert.Equal(summary.Results.Count, summary.Results.Select(r => r.Node).Distinct().Count());
            Assert.All(summary.Results, r => Assert.InRange(r.Attempts, 1, retries + 1));
            // A good node is deployed exactly as often as it has to be: never again after a success.
            Assert.All(summary.Good, r => Assert.Equal(r.Attempts, channel.Attempts.Count(a => a.Contains(r.Node))));
            Assert.All(summary.Results.Where(r => !r.IsOk), r => Assert.Equal(retries + 1, r.Attempts));
            Assert.Equal(summary.Results.Count(r => r.Replaces is not null), Math.Min(spares, summary.Results.Count(r => !r.IsOk)));
        }
    }
}
