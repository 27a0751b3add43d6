using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;

namespace WaltG5k.Tests.Kadeploy.Deploying;

/// <summary>Deployments through the API against recorded exchanges: what is sent, what is refused before, what each look tells.</summary>
public sealed class ApiChannelTests : IDisposable
{
    const string Running = "D-acefa6d5-bac2-423f-a51d-d5f2a5262036", Path = "sites/nancy/deployments";
    static readonly string[] s_nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"];

    readonly ManualTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1795160519));
    readonly ScriptedApi _api;
    readonly List<KadeployEvent> _events = [];

    public ApiChannelTests() => _api = new ScriptedApi(_time);

    public void Dispose() => _api.Dispose();

    static KadeployRequest Request => new() { Nodes = s_nodes, Environment = "debian12-min" };

    Task DeployAsync(KadeployRequest request, CancellationToken cancellationToken = default) =>
        _time.RunAsync(() => new ApiChannel(_api, "nancy").DeployAsync(request, _events.Add, cancellationToken));

    static string Item(string status, params string[] results) =>
        $"{{\"uid\":\"{Running}\",\"status\":\"{status}\",\"nodes\":[\"{s_nodes[0]}\",\"{s_nodes[1]}\"],\"result\":{{{string.Join(',', results)}}}}}";

    static string Node(int number, string state, string? macro = null, string? micro = null, string? error = null) =>
        $"\"{s_nodes[number - 1]}\":{{\"macro\":{Text(macro)},\"micro\":{Text(micro)},\"state\":\"{state}\"{(error is null ? "" : $",\"error\":{Text(error)}")}}}";

    static string Text(string? text) => text is null ? "null" : $"\"{text}\"";

    ScriptedApi Looks(params string[] items)
    {
        _api.Plays("g5k-api/deployment-post.http").Returns($"PUT {Path}/{Running}", "", HttpStatusCode.NoContent);
        foreach (string item in items) _api.Returns($"{Path}/{Running}", item);
        return _api;
    }

    KadeployResult[] Results()
    {
        var monitor = new KadeployMonitor(s_nodes);
        foreach (KadeployEvent happened in _events) monitor.Take(happened);
        return [.. monitor.GetResults()];
    }

    [Fact]
    public async Task The_recorded_progress_is_told_as_steps_of_each_node()
    {
        _api.Plays("g5k-api/deployment-post.http").Returns($"PUT {Path}/{Running}", "", HttpStatusCode.NoContent);
        _api.Plays("g5k-api/deployment-running-after-put.http").Plays("g5k-api/deployment-done.http");
        await DeployAsync(Request);
        Assert.Equal(Running, Assert.Single(_events.OfType<WorkflowStarted>()).WorkflowId);
        Assert.Equal(["wait_reboot", "wait_reboot"], _events.OfType<MicroStepStarted>().Select(e => e.MicroStep));
        Assert.Equal([true, true], _events.OfType<NodeReported>().Select(r => r.IsOk));
        Assert.All(Results(), r => Assert.Equal((true, KadeployNodeStatus.Ok), (r.IsOk, r.Status)));
    }

    [Fact]
    public async Task Nodes_go_their_own_ways_and_the_good_one_is_known_first()
    {
        Looks(
            Item("processing", Node(1, "OK", "BroadcastEnvKascade", "send_environment"), Node(2, "OK", "BroadcastEnvKascade", "send_environment")),
            Item("processing", Node(1, "REBOOTED", "BootNewEnvKexec", "wait_reboot"), Node(2, "KO", "BootNewEnvKexec", "wait_reboot",
                "BootNewEnvKexec-wait_reboot: Unreachable after the reboot")),
            Item("processing", Node(1, "OK"), Node(2, "REBOOT_IN_PROGRESS", "BootNewEnvHardReboot", "wait_reboot")),
            Item("terminated", Node(1, "OK"), Node(2, "KO", "BootNewEnvHardReboot", "wait_reboot",
                "BootNewEnvHardReboot-wait_reboot: Unreachable\\nafter the reboot")));
        await DeployAsync(Request);
        Assert.Equal(s_nodes[0], Assert.Single(_events.OfType<NodesCompleted>()).Nodes.ToString());
        Assert.Equal(("BootNewEnvKexec", "BootNewEnvHardReboot"), Assert.Single(_events.OfType<InstanceFellBack>().Select(f => (f.From, f.To))));
        Assert.Single(_events.OfType<NodeArrived>());
        KadeployResult[] results = Results();
        Assert.Equal((true, "BroadcastEnvKascade 5 s, BootNewEnvKexec 5 s"), (results[0].IsOk, string.Join(", ", results[0].Times)));
        Assert.Equal(("BootNewEnvHardReboot-wait_reboot", "Unreachable\nafter the reboot"), (results[1].Step, results[1].Reason));
        Assert.Equal(["BroadcastEnvKascade", "BootNewEnvKexec", "BootNewEnvHardReboot"], results[1].Times.Select(t => t.MacroStep));
    }

    [Fact]
    public async Task Before_its_first_step_a_node_is_not_good_yet()
    {
        Looks(Item("processing", Node(1, "OK"), Node(2, "OK")), Item("terminated", Node(1, "OK"), Node(2, "DISCARDED")));
        await DeployAsync(Request);
        Assert.Empty(_events.OfType<NodesCompleted>());
        Assert.Equal([KadeployNodeStatus.Ok, KadeployNodeStatus.Discarded], Results().Select(r => r.Status));
    }

    [Theory]
    [InlineData("canceled", KadeployNodeStatus.Aborted)]
    [InlineData("error", KadeployNodeStatus.Failed)]
    public async Task A_deployment_that_ends_as_a_whole_leaves_no_good_node(string status, KadeployNodeStatus expected)
    {
        Looks(Item(status));
        await DeployAsync(Request);
        Assert.All(Results(), r => Assert.Equal((false, expected), (r.IsOk, r.Status)));
    }

    [Fact]
    public async Task One_that_stays_under_way_for_ever_is_cancelled_at_our_own_limit()
    {
        Looks(Item("processing"));
        _api.Returns($"DELETE {Path}/{Running}", "", HttpStatusCode.Accepted);
        G5kException late = await Assert.ThrowsAsync<G5kException>(() => DeployAsync(Request with { Timeout = TimeSpan.FromMinutes(2) }));
        Assert.Equal("CommandTimeout", late.Code);
        Assert.Contains($"DELETE {Path}/{Running}", _api.Requests);
    }

    [Fact]
    public async Task A_look_that_fails_has_lost_sight_of_it_and_it_is_found_again()
    {
        Looks();
        _api.Returns($"{Path}/{Running}", "Service Unavailable", HttpStatusCode.ServiceUnavailable);
        await Assert.ThrowsAsync<DeploymentLostException>(() => DeployAsync(Request));
        _api.Returns($"{Path}/{Running}", Item("terminated", Node(1, "OK"), Node(2, "KO", "BroadcastEnvKascade", "sync",
            "BroadcastEnvKascade-sync: no space")));
        IReadOnlyList<KadeployResult> results = await _time.RunAsync(() => new ApiChannel(_api, "nancy").FollowAsync(Running, s_nodes,
            TimeSpan.FromMinutes(5), CancellationToken.None));
        Assert.Equal([(true, null), (false, "BroadcastEnvKascade-sync")], results.Select(r => (r.IsOk, r.Step)));
    }

    [Fact]
    public async Task Refusals_are_Kadeploy_s_own()
    {
        _api.Plays("g5k-api/deployment-error-environment.http");
        KadeployRefusedException refused = await Assert.ThrowsAsync<KadeployRefusedException>(() =>
            DeployAsync(Request with { Environment = "nosuchenv" }));
        Assert.Equal((KadeployRefusal.UnknownEnvironment, "EnvironmentNotFound"), (refused.Refusal, refused.Code));
    }

    [Fact]
    public void A_specification_and_keys_get_the_names_of_the_API()
    {
        ApiDeploymentRequest order = ApiOrder.Convert(Request with
        {
            Environment = "debian12-min@deploy:2026031109%x86_64", Key = new KadeployKey(null, "ssh-ed25519 AAAA me\n"), Vlan = "4",
                Partition = "TMP", BlockDevice = "disk1", ReformatTmp = "ext4",
        });
        Assert.Equal(("debian12-min@deploy", 2026031109L, "x86_64", 4), (order.Environment, order.Version, order.Architecture, order.Vlan));
        Assert.Equal(("ssh-ed25519 AAAA me\n", "TMP", "disk1", "ext4"), (order.Key, order.PartitionLabel, order.BlockDevice, order.ReformatTmp));
        Assert.Null(ApiOrder.Convert(Request).Key);
        Assert.Equal("http://public.nancy.grid5000.fr/~jdoe/x.yaml",
            ApiOrder.Convert(Request with { Environment = "http://public.nancy.grid5000.fr/~jdoe/x.yaml", IsDescription = true }).Environment);
    }

    public static TheoryData<KadeployRequest, string> Lost => new()
    {
        { Request with { NoKexec = true }, "kexec" },
        { Request with { Breakpoint = "BroadcastEnvKascade" }, "breakpoints" },
        { Request with { RebootClassicalTimeout = KadeployTimeout.FromSeconds(300) }, "time limits" },
        { Request with { Steps = [new KadeployForcedStep("BootNewEnvKexec", 0, TimeSpan.FromSeconds(60))] }, "macro-steps" },
        { Request with { CustomSteps = "x.yaml" }, "custom steps" },
        { Request with { Vlan = "DEFAULT" }, "DEFAULT" },
        { Request with { Environment = "~/x.yaml", IsDescription = true }, "descriptions in files" },
        { Request with { Key = new KadeployKey("~/keys") }, "keys in a file" },
    };

    [Theory]
    [MemberData(nameof(Lost))]
    public void What_would_be_lost_on_the_way_is_refused(KadeployRequest request, string what)
    {
        G5kException e = Assert.Throws<G5kException>(() => ApiOrder.Convert(request));
        Assert.Equal("NotByApi", e.Code);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_kadeploy3_the_API_deploys()
    {
        using var frontend = new ScriptedFrontend();
        frontend.Expect("kadeploy3 -e debian12-min -k -V 5 -m 'gros-[1-2].nancy.grid5000.fr'").Returns("", "bash: kadeploy3: command not found\n",
            127);
        Looks(Item("terminated", Node(1, "OK"), Node(2, "OK")));
        var channel = new FallbackChannel(new CommandChannel(frontend, _time, DeploymentFiles.None), new ApiChannel(_api, "nancy"),
            SilentReporter.Instance);
        await _time.RunAsync(() => channel.DeployAsync(Request, _events.Add, CancellationToken.None));
        Assert.Equal([true, true], Results().Select(r => r.IsOk));
        Assert.Equal("deployed", (await channel.GetStatesAsync(s_nodes, CancellationToken.None))[s_nodes[0]]); // the API's own, from now on
    }

    [Fact]
    public async Task What_the_API_cannot_do_remains_a_missing_kadeploy3()
    {
        using var frontend = new ScriptedFrontend();
        frontend.Expect("kadeploy3 -e debian12-min -k --no-kexec -V 5 -m 'gros-[1-2].nancy.grid5000.fr'").Returns("",
            "bash: kadeploy3: command not found\n", 127);
        var channel = new FallbackChannel(new CommandChannel(frontend, _time, DeploymentFiles.None), new ApiChannel(_api, "nancy"),
            SilentReporter.Instance);
        CommandFailedException e = await Assert.ThrowsAsync<CommandFailedException>(() => channel.DeployAsync(Request with { NoKexec = true },
            _events.Add, CancellationToken.None));
        Assert.Equal("KadeployMissing", e.Code);
        Assert.Empty(_api.Requests);
    }
}
