using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public sealed class KadeployClientTests : IDisposable
{
    static readonly string[] s_nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"];
    const string Deploy = "kadeploy3 -e debian12-min -k -V 5 -m 'gros-[1-2].nancy.grid5000.fr'";
    readonly ScriptedFrontend _frontend = new();
    readonly List<KadeployEvent> _events = [];

    public void Dispose() => _frontend.Dispose();

    Task<KadeployRun> DeployAsync(params string[] nodes) => new KadeployClient(_frontend).DeployAsync(
        new KadeployRequest { Nodes = nodes.Length > 0 ? nodes : s_nodes, Environment = "debian12-min" }, _events.Add);

    static IEnumerable<(string Node, bool IsOk, string? Step, string? Reason)> Told(KadeployRun run) =>
        run.Results.Select(r => (r.Node, r.IsOk, r.Step, r.Reason));

    [Fact]
    public async Task All_nodes_deployed()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-ok-two-nodes-v3.txt");
        KadeployRun run = await DeployAsync();
        Assert.Equal("D-640e4d68-342c-4ba4-89eb-d8d955888d18", run.WorkflowId);
        Assert.Equal(s_nodes.Select(n => (n, true, (string?)null, (string?)null)), Told(run));
        Assert.True(_frontend.Requests[0].Terminal);
        Assert.Equal(CommandEffect.Change, _frontend.Requests[0].Effect);
    }

    [Fact]
    public async Task Each_step_is_reported()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-ok-two-nodes-v3.txt");
        await DeployAsync();
        Assert.Equal(["SetDeploymentEnvUntrusted", "BroadcastEnvKascade", "BootNewEnvClassical", "BootNewEnvHardReboot"],
            _events.OfType<MacroStepStarted>().Select(e => e.MacroStep));
        Assert.Equal(["switch_pxe", "reboot", "wait_reboot"],
            _events.OfType<MicroStepStarted>().Where(e => e.MacroStep == "BootNewEnvHardReboot").Select(e => e.MicroStep));
        Assert.Contains(_events, e => e is InstanceFellBack { From: "BootNewEnvClassical", To: "BootNewEnvHardReboot" });
    }

    [Fact]
    public async Task A_failed_node_is_a_result_although_the_status_is_0()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-partial-failure-v4.txt");
        Assert.Equal(
            [(s_nodes[0], true, null, null), (s_nodes[1], false, "SetDeploymentEnvUntrusted-wait_reboot", "Unreachable after the reboot")],
            Told(await DeployAsync()));
    }

    [Fact]
    public async Task A_part_of_a_split_set_goes_on_in_the_step_of_the_whole()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-partial-failure-v4.txt");
        await DeployAsync();
        Assert.Contains(_events, e => e is MicroStepStarted { MacroStep: "SetDeploymentEnvUntrusted", MicroStep: "format_swap_part",
            NodeSetId: "1" });
        Assert.Contains(_events, e => e is MicroStepStarted { MacroStep: "BootNewEnvClassical", MicroStep: "wait_reboot" }
            && e.Nodes.Single() == s_nodes[0]);
    }

    [Fact]
    public async Task Reasons_may_take_several_lines()
    {
        string[] nodes = [.. s_nodes, "grisou-1.nancy.grid5000.fr", "grisou-2.nancy.grid5000.fr"];
        _frontend.Expect(Deploy + " -m 'grisou-[1-2].nancy.grid5000.fr'").ReturnsRecorded("kadeploy/deploy-all-failed-multicluster-v4.txt");
        KadeployRun run = await DeployAsync(nodes);
        Assert.Equal(nodes, run.Results.Select(n => n.Node));
        Assert.All(run.Results, n => Assert.Equal(
            (false, "SetDeploymentEnvUntrusted-send_key_in_deploy_env", "sh: 1: cannot create /root/.ssh/authorized_keys: Directory nonexistent"),
            (n.IsOk, n.Step, n.Reason)));
    }

    [Fact]
    public async Task Steps_of_several_clusters_are_kept_apart()
    {
        _frontend.Expect(Deploy).Returns("""
            [c1] Performing a Deploy[SetDeploymentMiniOSUntrusted] step
            [c2] Performing a Deploy[BroadcastEnvKascade] step
            [c1]   switch_pxe
            [c2]   send_environment
            [c1.2]   reboot
            """);
        await DeployAsync();
        Assert.Equal(
            [("SetDeploymentMiniOSUntrusted", "switch_pxe"), ("BroadcastEnvKascade", "send_environment"), ("SetDeploymentMiniOSUntrusted", "reboot")],
            _events.OfType<MicroStepStarted>().Select(e => (e.MacroStep, e.MicroStep)));
    }

    [Fact]
    public async Task Nodes_stopped_at_a_breakpoint_count_as_deployed()
    {
        RecordedCommand recorded = RecordedCommand.Read("kadeploy/deploy-breakpoint-v4.txt");
        _frontend.Expect("kadeploy3 -e debian12-min -k -V 5 -m gros-1.nancy.grid5000.fr").Returns(recorded.Output);
        KadeployResult node = Assert.Single((await DeployAsync("gros-1.nancy.grid5000.fr")).Results);
        Assert.Equal((true, KadeployNodeStatus.Breakpoint, "BroadcastEnvKascade-manage_user_post_install"), (node.IsOk, node.Status, node.Step));
    }

    [Fact]
    public async Task Custom_steps_and_forced_ones_are_followed()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-custom-steps-v4.txt");
        await DeployAsync();
        Assert.Contains(_events, e => e is MicroStepStarted { MicroStep: "manage_user_post_install-hello" });
    }

    [Fact]
    public async Task A_node_that_no_list_names_has_failed()
    {
        _frontend.Expect(Deploy)
            .Returns("The nodes gros-[2-3].nancy.grid5000.fr are already involved in deployment, let's discard them\n\nThe deployment is successful on nodes\n");
        Assert.Equal([
            (s_nodes[0], false, null, "Kadeploy said nothing about this node"),
            (s_nodes[1], false, null, "already involved in another deployment")], Told(await DeployAsync()));
    }

    [Fact]
    public async Task Lines_of_a_terminal_end_with_CR_and_others_may_follow()
    {
        _frontend.Expect(Deploy).Returns("The deployment is successful on nodes\r\ngros-1.nancy.grid5000.fr\r\nThe deployment failed on nodes\r\n"
            + "gros-2.nancy.grid5000.fr (BootNewEnvKexec-kexec: it (really) failed\r\nhere)\r\nConnection to fnancy closed.\r\n");
        Assert.Equal([(s_nodes[0], true, null, null), (s_nodes[1], false, "BootNewEnvKexec-kexec", "it (really) failed\nhere")],
            Told(await DeployAsync()));
    }

    [Theory]
    [InlineData("deploy-error-rights", ErrorKind.PermissionDenied, "sufficient rights")]
    [InlineData("deploy-error-nodes-in-use", ErrorKind.ResourceBusy, "discarded")]
    [InlineData("deploy-error-unknown-environment", ErrorKind.ObjectNotFound, "/environments")]
    public async Task A_refused_request_says_why(string sample, ErrorKind kind, string words)
    {
        _frontend.Expect(Deploy).ReturnsRecorded($"kadeploy/{sample}.txt");
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => DeployAsync());
        Assert.Equal(kind, e.Kind);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.Recommendation!);
    }

    [Fact]
    public async Task On_a_terminal_the_error_comes_with_the_output()
    {
        _frontend.Expect(Deploy).Returns("You do not have sufficient rights to perform the operation on all the nodes\r\n[Kadeploy Error #6]\r\n",
            "", 6);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAnyAsync<G5kException>(() => DeployAsync())).Kind);
    }

    [Fact]
    public async Task A_description_is_given_by_a()
    {
        _frontend.Expect("kadeploy3 -a https://host/env.dsc -k -V 5 -m gros-1.nancy.grid5000.fr").Returns("");
        await new KadeployClient(_frontend).DeployAsync(
            new KadeployRequest { Nodes = [s_nodes[0]], Environment = "https://host/env.dsc", IsDescription = true });
    }

    [Fact]
    public async Task A_cancellation_goes_through()
    {
        using var stop = new CancellationTokenSource();
        _frontend.Expect(Deploy).Hangs("Deployment #D-1 started\nPerforming a Deploy[BroadcastEnvKascade] step\n");
        Task<KadeployRun> task = new KadeployClient(_frontend).DeployAsync(
            new KadeployRequest { Nodes = s_nodes, Environment = "debian12-min" }, _ => stop.Cancel(), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task Rebooted_nodes_are_told_one_by_one()
    {
        _frontend.Expect("kareboot3 simple -l hard -m 'gros-[1-2].nancy.grid5000.fr'").ReturnsRecorded("kadeploy/reboot-partial-failure-v4.txt");
        KadeployRun run = await new KadeployClient(_frontend).RebootAsync(s_nodes, "hard", wait: true);
        Assert.Equal([(s_nodes[0], true, null, null), (s_nodes[1], false, "Simple-wait_reboot", "Unreachable after the reboot")], Told(run));
        Assert.Equal("R-df99156e-65a0-42b2-8d32-b0cbb5ad8e41", run.WorkflowId);
    }

    [Fact]
    public async Task Of_a_reboot_that_nobody_waits_for_nothing_is_known()
    {
        _frontend.Expect("kareboot3 simple -l hard --no-wait -m gros-1.nancy.grid5000.fr")
            .Returns("R-4d5cf765-820b-47df-a40d-e664345c9f1d /reboot/R-4d5cf765-820b-47df-a40d-e664345c9f1d/\n");
        KadeployRun run = await new KadeployClient(_frontend).RebootAsync([s_nodes[0]], "hard", wait: false);
        Assert.Empty(run.Results);
        Assert.Equal("R-4d5cf765-820b-47df-a40d-e664345c9f1d", run.WorkflowId);
    }

    [Theory]
    [InlineData("Kadeploy version: 3.3.11.stable", KadeployForm.Old, "kareboot3 -r simple -l soft -m gros-1.nancy.grid5000.fr")]
    [InlineData("Kadeploy version: 3.9.0", KadeployForm.Current, "kareboot3 simple -l soft -m gros-1.nancy.grid5000.fr")]
    [InlineData("something else", KadeployForm.Current, "kareboot3 simple -l soft -m gros-1.nancy.grid5000.fr")]
    public async Task The_form_of_the_commands_follows_the_version(string version, KadeployForm form, string command)
    {
        _frontend.Expect("kadeploy3 -v").Returns(version + "\n");
        _frontend.Expect(command).Returns("");
        KadeployForm found = await new KadeployClient(_frontend).DetectFormAsync();
        Assert.Equal(form, found);
        await new KadeployClient(_frontend) { Form = found }.RebootAsync([s_nodes[0]], "soft", wait: true);
    }

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Reading_does_not_depend_on_the_culture(string culture)
    {
        IReadOnlyList<KadeployResult> results = Cultures.Run(culture, () =>
        {
            var monitor = new KadeployMonitor(s_nodes);
            var reader = new KadeployReader(monitor.Take);
            reader.Write(RecordedCommand.Read("kadeploy/deploy-partial-failure-v4.txt").Output);
            reader.Complete();
            return monitor.GetResults();
        });
        Assert.Equal([true, false], results.Select(r => r.IsOk));
    }
}
