using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Kadeploy.Deploying;

public sealed class CommandChannelTests : IDisposable
{
    const string Deploy = "kadeploy3 -e debian12-min -k -V 5 -m 'gros-[1-2].nancy.grid5000.fr'";
    const string States = "kanodes3 -s -m 'gros-[1-2].nancy.grid5000.fr'";
    const string Id = "D-252737b1-42b4-4e65-9e79-143cc95c0176";
    static readonly string[] s_nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"];

    readonly ScriptedFrontend _frontend = new();
    readonly VirtualClock _clock = new(new DateTimeOffset(2026, 3, 24, 9, 0, 0, TimeSpan.Zero), 0, forClientsOnly: true);
    readonly List<KadeployEvent> _events = [];

    public void Dispose()
    {
        _frontend.Dispose();
        _clock.Dispose();
    }

    CommandChannel Channel => new(_frontend, _clock.ForClients, DeploymentFiles.None);

    static KadeployRequest Request => new() { Nodes = s_nodes, Environment = "debian12-min" };

    Task DeployAsync() => Channel.DeployAsync(Request, _events.Add, CancellationToken.None);

    [Fact]
    public async Task Deploys_on_a_terminal()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-partial-failure-v4.txt");
        await DeployAsync();
        Assert.True(_frontend.Requests[0].Terminal);
        Assert.Equal([true, false], _events.OfType<NodeReported>().Select(r => r.IsOk));
    }

    [Fact]
    public async Task A_client_that_was_killed_has_left_its_deployment_behind()
    {
        _frontend.Expect(Deploy).Returns($"Deployment #{Id} started\n", "", 137);
        await Assert.ThrowsAsync<DeploymentLostException>(DeployAsync);
    }

    [Fact]
    public async Task So_has_a_connection_that_broke()
    {
        _frontend.Expect(Deploy).Throws(new FrontendUnreachableException(SshFailureReason.ConnectionLost, "Broken pipe"),
            $"Deployment #{Id} started\n");
        Assert.Contains("Broken pipe", (await Assert.ThrowsAsync<DeploymentLostException>(DeployAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_front_end_that_was_never_reached_is_none_of_this()
    {
        _frontend.Expect(Deploy).Throws(new FrontendUnreachableException(SshFailureReason.Authentication, "Permission denied"));
        await Assert.ThrowsAsync<FrontendUnreachableException>(DeployAsync);
    }

    [Fact]
    public async Task Without_Kadeploy_the_error_says_so()
    {
        _frontend.Expect(Deploy).Returns("", "sh: 1: kadeploy3: not found\n", 127);
        Assert.Equal("KadeployMissing", (await Assert.ThrowsAnyAsync<G5kException>(DeployAsync)).Code);
    }

    [Fact]
    public async Task The_end_of_a_lost_deployment_is_waited_for_and_read_from_the_statistics()
    {
        string Yaml(string first, string second) =>
            $"---\n{s_nodes[0]}:\n  state: {first}\n  user: jdoe\n{s_nodes[1]}:\n  state: {second}\n  user: jdoe\n";
        _frontend.Expect(States).Throws(new FrontendUnreachableException(SshFailureReason.Refused, "not yet"));
        _frontend.Expect(States).Returns(Yaml("deploying", "deploying"));
        _frontend.Expect(States).Returns(Yaml("deployed", "deploy_failed"));
        _frontend.Expect($"kastat3 -w {Id} -F hostname,success,error").Returns(
            $"{s_nodes[0]},true,\n{s_nodes[1]},false,BroadcastEnvKascade-send_environment: tar: x, y\nit broke\n");
        using IDisposable awaited = _clock.Await();
        IReadOnlyList<KadeployResult> results =
            await Task.Run(() => Channel.FollowAsync(Id, s_nodes, TimeSpan.FromMinutes(10), CancellationToken.None));
        Assert.True(results[0].IsOk);
        Assert.Equal((false, "BroadcastEnvKascade-send_environment", "tar: x, y\nit broke"), (results[1].IsOk, results[1].Step, results[1].Reason));
    }

    [Fact]
    public async Task What_is_under_way_when_the_time_is_up_is_lost_and_the_rest_is_known_by_its_state()
    {
        _frontend.Expect(States).Returns($"---\n{s_nodes[0]}:\n  state: deploying\n{s_nodes[1]}:\n  state: aborted\n");
        IReadOnlyList<KadeployResult> results = await Channel.FollowAsync(null, s_nodes, TimeSpan.FromSeconds(5), CancellationToken.None);
        Assert.Equal([KadeployNodeStatus.Lost, KadeployNodeStatus.Aborted], results.Select(r => r.Status));
    }

    [Fact]
    public async Task An_order_gives_the_id_of_the_workflow()
    {
        _frontend.Expect("kadeploy3 -e debian12-min --no-wait -V 5 -m 'gros-[1-2].nancy.grid5000.fr'").ReturnsRecorded("kadeploy/deploy-no-wait.txt");
        Assert.Equal("D-4d5cf765-820b-47df-a40d-e664345c9f1d", await Channel.OrderAsync(Request, CancellationToken.None));
    }
}
