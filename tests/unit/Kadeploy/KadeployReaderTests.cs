using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public class KadeployReaderTests
{
    const string Gros1 = "gros-1.nancy.grid5000.fr", Gros2 = "gros-2.nancy.grid5000.fr", Gros = "gros-[1-2].nancy.grid5000.fr";

    [Theory]
    [InlineData("deploy-ok-two-nodes-v3")]
    [InlineData("deploy-partial-failure-v4")]
    [InlineData("deploy-all-failed-multicluster-v4")]
    [InlineData("deploy-breakpoint-v4")]
    [InlineData("deploy-multicluster-dummy-v4")]
    [InlineData("deploy-custom-steps-v4")]
    [InlineData("deploy-debug-v5-extract", false)]
    [InlineData("reboot-partial-failure-v4")]
    [InlineData("power-status")]
    public void Every_line_of_a_recording_is_understood(string sample, bool isWhole = true)
    {
        List<KadeployEvent> events = sample == "deploy-debug-v5-extract"
            ? KadeployReading.Read(ReadExtract(sample))
            : KadeployReading.ReadSample(sample);
        Assert.DoesNotContain(events, e => e is TextLine);
        Assert.Single(events.OfType<WorkflowStarted>());
        Assert.Equal(isWhole ? 1 : 0, events.OfType<WorkflowDone>().Count());
    }

    static string ReadExtract(string sample) => string.Join('\n', Samples.Read($"kadeploy/{sample}.txt").Split('\n').Skip(1));

    [Fact]
    public void A_partial_failure_is_told_step_by_step()
    {
        List<KadeployEvent> events = KadeployReading.ReadSample("deploy-partial-failure-v4");
        MicroStepFailed failed = Assert.Single(events.OfType<MicroStepFailed>());
        Assert.Equal(("wait_reboot", Gros2), (failed.MicroStep, failed.Nodes.Single()));
        MacroStepFailed macro = Assert.Single(events.OfType<MacroStepFailed>());
        Assert.Equal(("SetDeploymentEnvUntrusted", 63d), (macro.MacroStep, macro.After.TotalSeconds));
        NodeSetSplit split = Assert.Single(events.OfType<NodeSetSplit>());
        Assert.Equal([$"[1] {Gros1}", $"[2] {Gros2}"], split.Parts.Select(p => p.ToString()));
        Assert.Equal([("", 62d), ("1", 12d)], events.OfType<MicroStepTimed>().Where(t => t.MicroStep == "wait_reboot")
            .Select(t => (t.NodeSetId, t.Duration.TotalSeconds)));
        Assert.Equal([69d, 7d, 15d], events.OfType<MacroStepEnded>().Select(e => e.After.TotalSeconds));
        Assert.Equal((91d, Gros1), (events.OfType<NodesCompleted>().Single().After.TotalSeconds,
            events.OfType<NodesCompleted>().Single().Nodes.Single()));
        Assert.Equal("gros", events.OfType<ClusterCompleted>().Single().Cluster);
        Assert.Equal(
            [(Gros1, true, null, null, null), (Gros2, false, "SetDeploymentEnvUntrusted", "wait_reboot", "Unreachable after the reboot")],
            events.OfType<NodeReported>().Select(r => (r.Node, r.IsOk, r.MacroStep, r.MicroStep, r.Reason)));
    }

    [Fact]
    public void Clusters_are_told_apart_by_their_marks()
    {
        List<KadeployEvent> events = KadeployReading.ReadSample("deploy-multicluster-dummy-v4");
        Assert.Equal("clusters c1=gros c2=grisou", KadeployReading.Show(events.OfType<ClustersInvolved>().Single()));
        Assert.All(events.OfType<MicroStepStarted>(), e => Assert.Equal(e.NodeSetId == "c1" ? "gros" : "grisou", e.Cluster));
        Assert.All(events.OfType<MacroStepEnded>(), e => Assert.Equal(e.Cluster == "gros" ? 4 : 2, e.Nodes.Count));
        Assert.Equal(6, events.OfType<NodeReported>().Count(r => r.IsOk));
    }

    [Fact]
    public void Commands_on_nodes_and_arrivals_are_told_at_level_5()
    {
        List<KadeployEvent> events = KadeployReading.Read(ReadExtract("deploy-debug-v5-extract"));
        Assert.Equal(["send_key_in_deploy_env", "format_tmp_part", "set_vlan"], events.OfType<MicroStepBypassed>().Select(e => e.MicroStep));
        Assert.Equal([(Gros1, "0"), (Gros2, "0")], events.OfType<CommandTraced>().Select(e => (e.Node, e.Status)));
        Assert.Contains("/sbin/reboot", events.OfType<CommandTraced>().First().Command, StringComparison.Ordinal);
        Assert.Equal([(Gros1, 12d), (Gros2, 12d)], events.OfType<NodeArrived>().Select(e => (e.Node, e.After.TotalSeconds)));
        PowerOrdered order = Assert.Single(events.OfType<PowerOrdered>());
        Assert.Equal(("soft", "reboot", 2), (order.Level, order.Action, order.Nodes.Count));
    }

    [Fact]
    public void States_of_power_are_told()
    {
        List<KadeployEvent> events = KadeployReading.ReadSample("power-status");
        Assert.Equal([(Gros1, "off"), (Gros2, "on")], events.OfType<PowerReported>().Select(e => (e.Node, e.State)));
        Assert.Equal(KadeployOperation.Power, events.OfType<WorkflowStarted>().Single().Operation);
    }

    [Fact]
    public void An_interrupt_on_a_terminal_is_told()
    {
        List<KadeployEvent> events = KadeployReading.Read(Samples.Read("kadeploy/deploy-interrupted-on-pty.txt"));
        Assert.IsType<ClientInterrupted>(events[^1]);
        Assert.DoesNotContain(events, e => e is TextLine);
    }

    [Fact]
    public void The_only_line_of_a_client_that_does_not_wait_gives_the_id()
    {
        WorkflowStarted started = Assert.IsType<WorkflowStarted>(Assert.Single(KadeployReading.ReadSample("deploy-no-wait")));
        Assert.Equal(("D-4d5cf765-820b-47df-a40d-e664345c9f1d", KadeployOperation.Deployment, false),
            (started.WorkflowId, started.Operation, started.IsWaitedFor));
    }

    [Fact]
    public void A_breakpoint_names_its_step_and_its_nodes()
    {
        List<KadeployEvent> events = KadeployReading.ReadSample("deploy-breakpoint-v4");
        BreakpointReached at = Assert.Single(events.OfType<BreakpointReached>());
        Assert.Equal(("BroadcastEnvKascade", "manage_user_post_install", Gros1), (at.MacroStep, at.MicroStep, at.Nodes.Single()));
    }

    [Fact]
    public void Rare_lines_are_understood()
    {
        List<KadeployEvent> events = KadeployReading.Read($"""
            Deployment #D-1 started
            A specific presinstall will be used with this environment
            Launching a deployment on gros-[1-3].nancy.grid5000.fr
            The nodes gros-3.nancy.grid5000.fr are already involved in deployment, let's discard them
            Performing a Deploy[BootNewEnvKexec] step
              kexec
               ! No hard reboot command is defined for {Gros1}
            Timeout in the BootNewEnvKexec step, let's kill the instance
            Performing a Deploy[BootNewEnvKexec] step
            ---
            Deployment status (12s):
              [BootNewEnvKexec-kexec] ~6s (OK)
                 {Gros1}
              [BootNewEnvKexec-kexec] ~6s (**)
                 {Gros2}
            ---
               * Performing a hard power on on {Gros}
            Deployment failed for {Gros} after 63s
             * Kill a deployment instance
               * Kill a deployment instance
            Deployment aborted
            """);
        Assert.Single(events.OfType<TextLine>());
        Assert.Equal("gros-3.nancy.grid5000.fr", events.OfType<NodesDiscarded>().Single().Nodes.Single());
        Assert.Equal(2, events.OfType<MacroStepStarted>().First().Nodes.Count);
        Assert.Single(events.OfType<StepTimedOut>());
        Assert.Single(events.OfType<InstanceRetried>());
        StatusShown status = events.OfType<StatusShown>().Single();
        Assert.Equal([("OK", Gros1), ("**", Gros2)], status.Entries.Select(e => (e.State, e.Nodes.Single())));
        Assert.Equal((12d, 6d), (status.Elapsed.TotalSeconds, status.Entries[0].Elapsed.TotalSeconds));
        Assert.Equal(("hard", "power on"), events.OfType<PowerOrdered>().Select(p => (p.Level, p.Action)).Single());
        Assert.Equal(63d, events.OfType<NodesFailed>().Single().After.TotalSeconds);
        Assert.Equal(2, events.OfType<InstanceKilled>().Count());
        Assert.Single(events.OfType<WorkflowAborted>());
    }

    [Fact]
    public void Splits_within_a_cluster_carry_its_mark()
    {
        List<KadeployEvent> events = KadeployReading.Read("""
            ---
            Clusters involved in the operation:
              [c1] : gros
              [c2] : grisou
            ---
            [c1] Launching a deployment on gros-[1-3].nancy.grid5000.fr
            [c1] Performing a Deploy[BootNewEnvKexec] step
            [c1] ---
            [c1] Nodeset [c1] split into :
            [c2] Launching a deployment on grisou-1.nancy.grid5000.fr
            [c1]   [c1.1] gros-[1-2].nancy.grid5000.fr
            [c1]   [c1.2] gros-3.nancy.grid5000.fr
            [c1] ---
            [c1.2] Performing a Deploy[BootNewEnvHardReboot] step
            """);
        Assert.Equal("split [c1] [c1.1] gros-[1-2].nancy.grid5000.fr [c1.2] gros-3.nancy.grid5000.fr",
            KadeployReading.Show(events.OfType<NodeSetSplit>().Single()));
        InstanceFellBack back = events.OfType<InstanceFellBack>().Single();
        Assert.Equal(("gros", "gros-3.nancy.grid5000.fr"), (back.Cluster, back.Nodes.Single()));
        Assert.DoesNotContain(events, e => e is TextLine);
    }

    [Fact]
    public void The_script_at_the_end_is_told()
    {
        List<KadeployEvent> events = KadeployReading.Read($"""
            The deployment failed on nodes
            {Gros1} (BootNewEnvKexec-kexec: Running late
            Running /bin/x
            )

            Running /home/jdoe/after

            hello
            Fail !
            """);
        Assert.Equal("Running late\nRunning /bin/x", events.OfType<NodeReported>().Single().Reason);
        Assert.Equal("/home/jdoe/after", events.OfType<ScriptStarted>().Single().Path);
        Assert.Equal("hello", events.OfType<TextLine>().Single().Text);
        Assert.False(events.OfType<ScriptEnded>().Single().IsOk);
    }

    [Fact]
    public void The_server_before_each_line_is_passed_over()
    {
        List<KadeployEvent> events = KadeployReading.Read(
            $"[nancy]   Launching a deployment on {Gros}\n[nancy]   Performing a Deploy[BroadcastEnvKascade] step\n[nancy]     sync\n[grenoble]  sync\n");
        Assert.Equal("sync", events.OfType<MicroStepStarted>().First().MicroStep);
        Assert.Equal(4, events.Count(e => e is not TextLine));
    }
}
