using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public sealed class KadeployClientTests : IDisposable
{
    static readonly string[] s_nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"];
    const string Deploy = "kadeploy3 -e debian12-min -k -m gros-1.nancy.grid5000.fr -m gros-2.nancy.grid5000.fr";
    readonly ScriptedFrontend _frontend = new();
    readonly List<KadeployProgress> _progress = [];

    public void Dispose() => _frontend.Dispose();

    Task<KadeployResult> DeployAsync(params string[] nodes) => new KadeployClient(_frontend).DeployAsync(
        new KadeployRequest { Nodes = nodes.Length > 0 ? nodes : s_nodes, Environment = "debian12-min" }, _progress.Add);

    [Fact]
    public async Task All_nodes_deployed()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-ok-two-nodes-v3.txt");
        KadeployResult result = await DeployAsync();
        Assert.Equal("D-640e4d68-342c-4ba4-89eb-d8d955888d18", result.WorkflowId);
        Assert.Equal(s_nodes.Select(n => new KadeployNodeResult(n, true)), result.Nodes);
        Assert.True(_frontend.Requests[0].Terminal);
        Assert.Equal(CommandEffect.Change, _frontend.Requests[0].Effect);
    }

    [Fact]
    public async Task Each_step_is_reported()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-ok-two-nodes-v3.txt");
        await DeployAsync();
        Assert.Equal(["SetDeploymentEnvUntrusted", "BroadcastEnvKascade", "BootNewEnvClassical", "BootNewEnvHardReboot"],
            _progress.Where(p => p.MicroStep is null).Select(p => p.MacroStep));
        Assert.Equal(["switch_pxe", "reboot", "wait_reboot"], _progress.Where(p => p.MacroStep == "BootNewEnvHardReboot").Skip(1).Select(p => p.MicroStep));
        Assert.Equal(23, _progress.Count);
    }

    [Fact]
    public async Task A_failed_node_is_a_result_although_the_status_is_0()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-partial-failure-v4.txt");
        Assert.Equal(
            [new(s_nodes[0], true), new(s_nodes[1], false, "SetDeploymentEnvUntrusted-wait_reboot", "Unreachable after the reboot")],
            (await DeployAsync()).Nodes);
    }

    [Fact]
    public async Task A_part_of_a_split_set_goes_on_in_the_step_of_the_whole()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-partial-failure-v4.txt");
        await DeployAsync();
        Assert.Contains(new KadeployProgress("SetDeploymentEnvUntrusted", "format_swap_part"), _progress);
        Assert.Contains(new KadeployProgress("BootNewEnvClassical", "wait_reboot"), _progress);
    }

    [Fact]
    public async Task Reasons_may_take_several_lines()
    {
        string[] nodes = [.. s_nodes, "grisou-1.nancy.grid5000.fr", "grisou-2.nancy.grid5000.fr"];
        _frontend.Expect(Deploy + " -m grisou-1.nancy.grid5000.fr -m grisou-2.nancy.grid5000.fr").ReturnsRecorded("kadeploy/deploy-all-failed-multicluster-v4.txt");
        KadeployResult result = await DeployAsync(nodes);
        Assert.Equal(nodes, result.Nodes.Select(n => n.Node));
        Assert.All(result.Nodes, n => Assert.Equal(
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
        Assert.Equal([
            new("SetDeploymentMiniOSUntrusted", null), new("BroadcastEnvKascade", null), new("SetDeploymentMiniOSUntrusted", "switch_pxe"),
            new("BroadcastEnvKascade", "send_environment"), new("SetDeploymentMiniOSUntrusted", "reboot")], _progress);
    }

    [Fact]
    public async Task Nodes_stopped_at_a_breakpoint_count_as_deployed()
    {
        RecordedCommand recorded = RecordedCommand.Read("kadeploy/deploy-breakpoint-v4.txt");
        _frontend.Expect("kadeploy3 -e debian12-min -k -m gros-1.nancy.grid5000.fr").Returns(recorded.Output);
        Assert.True(Assert.Single((await DeployAsync("gros-1.nancy.grid5000.fr")).Nodes).IsOk);
    }

    [Fact]
    public async Task Custom_steps_and_forced_ones_are_followed()
    {
        _frontend.Expect(Deploy).ReturnsRecorded("kadeploy/deploy-custom-steps-v4.txt");
        await DeployAsync();
        Assert.Contains(_progress, p => p.MicroStep == "manage_user_post_install-hello");
    }

    [Fact]
    public async Task A_node_that_no_list_names_has_failed()
    {
        _frontend.Expect(Deploy).Returns("The nodes gros-[2-3].nancy.grid5000.fr are already involved in deployment, let's discard them\n\nThe deployment is successful on nodes\n");
        Assert.Equal([
            new(s_nodes[0], false, null, "Kadeploy said nothing about this node"),
            new(s_nodes[1], false, null, "already involved in another deployment")], (await DeployAsync()).Nodes);
    }

    [Fact]
    public async Task Lines_of_a_terminal_end_with_CR_and_others_may_follow()
    {
        _frontend.Expect(Deploy).Returns("The deployment is successful on nodes\r\ngros-1.nancy.grid5000.fr\r\nThe deployment failed on nodes\r\n"
            + "gros-2.nancy.grid5000.fr (BootNewEnvKexec-kexec: it (really) failed\r\nhere)\r\nConnection to fnancy closed.\r\n");
        Assert.Equal([new(s_nodes[0], true), new(s_nodes[1], false, "BootNewEnvKexec-kexec", "it (really) failed\nhere")], (await DeployAsync()).Nodes);
    }

    [Theory]
    [InlineData("deploy-error-rights", ErrorKind.PermissionDenied, "sufficient rights")]
    [InlineData("deploy-error-nodes-in-use", ErrorKind.ResourceBusy, "discarded")]
    [InlineData("deploy-error-unknown-environment", ErrorKind.ObjectNotFound, "/environments")]
    public async Task A_refused_request_says_why(string sample, ErrorKind kind, string words)
    {
        _frontend.Expect(Deploy).ReturnsRecorded($"kadeploy/{sample}.txt");
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => DeployAsync());
        Assert.Equal(("KadeployRefused", kind), (e.Code, e.Kind));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.Recommendation!);
    }

    [Fact]
    public async Task On_a_terminal_the_error_comes_with_the_output()
    {
        _frontend.Expect(Deploy).Returns("You do not have sufficient rights to perform the operation on all the nodes\r\n[Kadeploy Error #6]\r\n", "", 6);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAnyAsync<G5kException>(() => DeployAsync())).Kind);
    }

    [Fact]
    public async Task A_description_is_given_by_a()
    {
        _frontend.Expect("kadeploy3 -a https://host/env.dsc -k -m gros-1.nancy.grid5000.fr").Returns("");
        await new KadeployClient(_frontend).DeployAsync(new KadeployRequest { Nodes = [s_nodes[0]], Environment = "https://host/env.dsc", IsDescription = true });
    }

    [Fact]
    public async Task A_cancellation_goes_through()
    {
        using var stop = new CancellationTokenSource();
        _frontend.Expect(Deploy).Hangs("Deployment #D-1 started\nPerforming a Deploy[BroadcastEnvKascade] step\n");
        Task<KadeployResult> task = new KadeployClient(_frontend).DeployAsync(
            new KadeployRequest { Nodes = s_nodes, Environment = "debian12-min" }, _ => stop.Cancel(), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task Rebooted_nodes_are_told_one_by_one()
    {
        _frontend.Expect("kareboot3 simple -l hard -m gros-1.nancy.grid5000.fr -m gros-2.nancy.grid5000.fr").ReturnsRecorded("kadeploy/reboot-partial-failure-v4.txt");
        KadeployResult result = await new KadeployClient(_frontend).RebootAsync(s_nodes, "hard", wait: true);
        Assert.Equal([new(s_nodes[0], true), new(s_nodes[1], false, "Simple-wait_reboot", "Unreachable after the reboot")], result.Nodes);
        Assert.Equal("R-df99156e-65a0-42b2-8d32-b0cbb5ad8e41", result.WorkflowId);
    }

    [Fact]
    public async Task Of_a_reboot_that_nobody_waits_for_nothing_is_known()
    {
        _frontend.Expect("kareboot3 simple -l hard --no-wait -m gros-1.nancy.grid5000.fr")
            .Returns("R-4d5cf765-820b-47df-a40d-e664345c9f1d /reboot/R-4d5cf765-820b-47df-a40d-e664345c9f1d/\n");
        KadeployResult result = await new KadeployClient(_frontend).RebootAsync([s_nodes[0]], "hard", wait: false);
        Assert.Empty(result.Nodes);
        Assert.Equal("R-4d5cf765-820b-47df-a40d-e664345c9f1d", result.WorkflowId);
    }

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Reading_does_not_depend_on_the_culture(string culture)
    {
        IReadOnlyList<KadeployNodeResult> results = Cultures.Run(culture, () =>
        {
            var output = new KadeployOutput(null);
            foreach (string line in RecordedCommand.Read("kadeploy/deploy-partial-failure-v4.txt").Output.Split('\n')) output.TakeLine(line);
            return output.GetResults(s_nodes);
        });
        Assert.Equal([true, false], results.Select(r => r.IsOk));
    }
}
