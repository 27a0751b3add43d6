using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public class KadeployMonitorTests
{
    const string Gros1 = "gros-1.nancy.grid5000.fr", Gros2 = "gros-2.nancy.grid5000.fr";

    static string Output(string sample) => RecordedCommand.Read($"kadeploy/{sample}.txt").Output;

    [Fact]
    public void Every_moment_of_a_deployment_has_its_state()
    {
        var monitor = new KadeployMonitor([Gros1, Gros2]);
        List<string> states = [];
        var reader = new KadeployReader(happened =>
        {
            monitor.Take(happened);
            string now = monitor.Find(Gros2)!.ToString()[(Gros2.Length + 2)..];
            if (states.LastOrDefault() != now) states.Add(now);
        });
        reader.Write(Output("deploy-partial-failure-v4"));
        Assert.Equal(
            ["Waiting", "Working SetDeploymentEnvUntrusted", "Working SetDeploymentEnvUntrusted-switch_pxe",
            "Working SetDeploymentEnvUntrusted-reboot",
                "Rebooting SetDeploymentEnvUntrusted-reboot", "Rebooting SetDeploymentEnvUntrusted-wait_reboot",
                "Failed SetDeploymentEnvUntrusted-wait_reboot"], states);
    }

    [Fact]
    public void A_node_that_has_come_back_waits_for_the_others()
    {
        string output = string.Join('\n', Samples.Read("kadeploy/deploy-debug-v5-extract.txt").Split('\n')[1..^2]);
        KadeployMonitor monitor = KadeployReading.Follow(output + "\n", Gros1, Gros2);
        Assert.Equal([KadeployNodeStatus.Arrived, KadeployNodeStatus.Rebooting], monitor.GetStates().Select(s => s.Status));
    }

    [Fact]
    public void Results_carry_the_times_of_the_macro_steps()
    {
        IReadOnlyList<KadeployResult> results = KadeployReading.Follow(Output("deploy-partial-failure-v4"), Gros1, Gros2).GetResults();
        Assert.Equal(["SetDeploymentEnvUntrusted 69 s", "BroadcastEnvKascade 7 s", "BootNewEnvClassical 15 s"],
            results[0].Times.Select(t => t.ToString()));
        Assert.Equal(["SetDeploymentEnvUntrusted 63 s"], results[1].Times.Select(t => t.ToString()));
        Assert.Equal((91d, "D-252737b1-42b4-4e65-9e79-143cc95c0176"), (results[0].Duration.TotalSeconds, results[0].WorkflowId));
    }

    [Fact]
    public void An_instance_that_gave_way_counts_as_long_as_its_steps()
    {
        const string Output = $"""
            Deployment #D-1 started
            Launching a deployment on gros-[1-2].nancy.grid5000.fr
            Performing a Deploy[BootNewEnvKexec] step
              kexec
               ~ Time in kexec: 3s
              wait_reboot
               ~ Time in wait_reboot: 120s
            !!! The nodes {Gros2} failed on step wait_reboot
            Step Deploy[BootNewEnvKexec] failed for {Gros2} after 124s
            ---
            Nodeset [0] split into :
              [1] {Gros1}
              [2] {Gros2}
            ---
            [1] End of step Deploy[BootNewEnvKexec] after 124s
            [2] Performing a Deploy[BootNewEnvHardReboot] step
            [2]   reboot
            """;
        KadeployMonitor monitor = KadeployReading.Follow(Output, Gros1, Gros2);
        Assert.Equal(("BootNewEnvHardReboot", "reboot", KadeployNodeStatus.Working),
            (monitor.Find(Gros2)!.MacroStep, monitor.Find(Gros2)!.MicroStep, monitor.Find(Gros2)!.Status));
        Assert.Equal(["BootNewEnvKexec 124 s"], monitor.GetResults()[1].Times.Select(t => t.ToString()));
    }

    [Fact]
    public void The_last_step_of_nodes_that_all_fail_is_timed_by_its_parts()
    {
        KadeployResult result = KadeployReading.Follow(Output("deploy-all-failed-multicluster-v4"), Gros1).GetResults()[0];
        Assert.Equal((false, "SetDeploymentEnvUntrusted-send_key_in_deploy_env", 12d), (result.IsOk, result.Step, result.Duration.TotalSeconds));
    }

    [Fact]
    public void Nodes_of_an_operation_that_was_ended_are_told_apart()
    {
        KadeployResult result = KadeployReading.Follow(Samples.Read("kadeploy/deploy-interrupted-on-pty.txt"), "gros-4.nancy.grid5000.fr")
            .GetResults()[0];
        Assert.Equal((false, KadeployNodeStatus.Aborted, "SetDeploymentEnvUntrusted-wait_reboot"), (result.IsOk, result.Status, result.Step));
    }

    [Fact]
    public void Every_step_is_on_the_timeline_with_its_duration()
    {
        IReadOnlyList<KadeployStep> steps = KadeployTimeline.Read(Output("deploy-partial-failure-v4"));
        KadeployStep wait = steps.First(s => s.MicroStep == "wait_reboot");
        Assert.Equal((KadeployStepStatus.PartlyFailed, 62d, Gros2), (wait.Status, wait.Duration!.Value.TotalSeconds, wait.FailedNodes.ToString()));
        Assert.Equal(62d, steps.First(s => s.MicroStep == "create_partition_table").Start.TotalSeconds);
        KadeployStep[] macros = [.. steps.Where(s => s.MicroStep is null)];
        Assert.Equal([("SetDeploymentEnvUntrusted", 0d, 69d), ("BroadcastEnvKascade", 69d, 7d), ("BootNewEnvClassical", 76d, 15d)],
            macros.Select(m => (m.MacroStep, m.Start.TotalSeconds, m.Duration!.Value.TotalSeconds)));
        Assert.Equal(KadeployStepStatus.PartlyFailed, macros[0].Status);
        Assert.All(steps.Where(s => s.Start > TimeSpan.FromSeconds(63)), s => Assert.Equal(Gros1, s.Nodes.ToString()));
    }

    [Fact]
    public void A_fallback_and_a_breakpoint_are_on_the_timeline()
    {
        IReadOnlyList<KadeployStep> fallen = KadeployTimeline.Read(Output("deploy-ok-two-nodes-v3"));
        Assert.Equal(KadeployStepStatus.Failed, fallen.Single(s => s is { MacroStep: "BootNewEnvClassical", MicroStep: null }).Status);
        Assert.Equal(KadeployStepStatus.Ok, fallen.Single(s => s is { MacroStep: "BootNewEnvHardReboot", MicroStep: null }).Status);
        IReadOnlyList<KadeployStep> stopped = KadeployTimeline.Read(Output("deploy-breakpoint-v4"));
        Assert.Equal(("manage_user_post_install", KadeployStepStatus.Breakpoint), (stopped[^1].MicroStep, stopped[^1].Status));
    }

    [Fact]
    public void What_only_the_final_list_tells_is_noted_at_its_step()
    {
        IReadOnlyList<KadeployStep> steps = KadeployTimeline.Read(Output("deploy-all-failed-multicluster-v4"));
        Assert.Equal([KadeployStepStatus.Failed, KadeployStepStatus.Failed],
            steps.Where(s => s.MicroStep == "send_key_in_deploy_env").Select(s => s.Status));
        Assert.Equal(2, steps.First(s => s.MicroStep == "send_key_in_deploy_env").FailedNodes.Count);
    }

    [Fact]
    public void Clusters_have_their_own_steps()
    {
        IReadOnlyList<KadeployStep> steps = KadeployTimeline.Read(Output("deploy-multicluster-dummy-v4"));
        Assert.Equal([4d, 4d], steps.Where(s => s.MicroStep is null).GroupBy(s => s.Cluster).Select(g => g.Sum(s => s.Duration!.Value.TotalSeconds)));
        Assert.All(steps, s => Assert.Equal(KadeployStepStatus.Ok, s.Status));
    }
}
