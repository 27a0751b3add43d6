using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

/// <summary>What the emulated Kadeploy does where something goes wrong, step by step.</summary>
public class KadeployFaultTests
{
    const string Gros = "gros-[1-2].nancy.grid5000.fr", Gros1 = "gros-1.nancy.grid5000.fr", Gros2 = "gros-2.nancy.grid5000.fr";

    static async Task<(SmallWorld Small, SmallWorld.Run Run)> DeployAsync(string[] faults, params string[] options)
    {
        SmallWorld small = new(faults);
        small.AddJob("nancy", null, "gros-1", "gros-2", "grisou-1");
        return (small, await small.RunAsync("nancy", ["kadeploy3", "-e", "debian12-min", "-m", Gros, .. options]));
    }

    [Theory]
    [InlineData("SetDeploymentMiniOS", "SetDeploymentMiniOSUntrusted-switch_pxe")]
    [InlineData("create_partition_table", "SetDeploymentMiniOSUntrusted-create_partition_table")]
    [InlineData("BroadcastEnv", "BroadcastEnvKascade-send_environment")]
    [InlineData("install_bootloader", "BroadcastEnvKascade-install_bootloader")]
    [InlineData("BootNewEnvHardReboot-reboot", null)]
    public async Task A_node_fails_at_any_step_and_the_others_go_on(string step, string? failedAt)
    {
        (SmallWorld small, SmallWorld.Run run) = await DeployAsync([$"kadeploy-step-fails:gros-2={step}"]);
        await using SmallWorld _ = small;
        Assert.Equal(0, run.Status);
        if (failedAt is null) Assert.Equal(["The deployment is successful on nodes", Gros1, Gros2], run.Lines[^3..]);
        else Assert.Contains(run.Lines, l => l.StartsWith($"{Gros2} ({failedAt}: ", StringComparison.Ordinal));
        Assert.Contains(Gros1, run.Lines);
    }

    [Fact]
    public async Task Nodes_that_fail_go_to_the_next_instance_while_the_others_end()
    {
        (SmallWorld small, SmallWorld.Run run) = await DeployAsync(["node-kexec-fails:gros-2"]);
        await using SmallWorld _ = small;
        Assert.Contains("[2] Performing a Deploy[BootNewEnvHardReboot] step", run.Lines);
        Assert.Equal(["The deployment is successful on nodes", Gros1, Gros2], run.Lines[^3..]);
        Assert.Equal((0, 1), (small.Node("gros-1").HardReboots, small.Node("gros-2").HardReboots));
        SmallWorld.Run statistics = await small.RunAsync("nancy", "kastat3", "-a", "-F", "hostname,step3,retry_step3", "-r", "1", "-s", "3");
        Assert.Equal([$"{Gros2},BootNewEnvHardReboot,1"], statistics.Lines);
    }

    [Fact]
    public async Task An_instance_is_tried_again_as_often_as_the_user_wants()
    {
        const string Steps =
            "SetDeploymentMiniOS|SetDeploymentMiniOSUntrusted:1:600&BroadcastEnv|BroadcastEnvChain:0:600&BootNewEnv|BootNewEnvClassical:0:600";
        (SmallWorld small, SmallWorld.Run run) = await DeployAsync(["kadeploy-step-fails*2=send_key_in_deploy_env"], "-k", "--force-steps", Steps);
        await using SmallWorld _ = small;
        Assert.Equal(2, run.Lines.Count(l => l == "Performing a Deploy[SetDeploymentMiniOSUntrusted] step"));
        Assert.Contains("Performing a Deploy[BroadcastEnvChain] step", run.Lines);
        Assert.Equal(Gros2, run.Lines[^1]);
    }

    [Fact]
    public async Task A_step_that_hangs_is_killed_when_its_time_is_over()
    {
        (SmallWorld small, SmallWorld.Run run) = await DeployAsync(["kadeploy-step-hangs=send_environment"]);
        await using SmallWorld _ = small;
        Assert.Contains("Timeout in the BroadcastEnvKascade step, let's kill the instance", run.Lines);
        Assert.Contains($"{Gros1} (BroadcastEnvKascade-send_environment: Timeout in the BroadcastEnvKascade step)", run.Lines);
        Assert.True(run.Seconds > 1000);
    }

    [Fact]
    public async Task Of_silent_failures_only_the_list_tells()
    {
        (SmallWorld small, SmallWorld.Run run) = await DeployAsync(["kadeploy-silent:nancy", "kadeploy-step-fails:gros-2=wait_reboot*1"]);
        await using SmallWorld _ = small;
        Assert.DoesNotContain(run.Lines, l => l.Contains("!!!", StringComparison.Ordinal) || l.Contains("split", StringComparison.Ordinal));
        Assert.Contains(run.Lines, l => l.StartsWith(Gros2 + " (", StringComparison.Ordinal));
        Assert.Equal(0, run.Status);
    }

    [Fact]
    public async Task An_operation_that_never_ends_keeps_its_client()
    {
        await using SmallWorld small = new("kadeploy-never-ends:gros");
        small.AddJob("nancy", null, "gros-1");
        using CancellationTokenSource patience = new(TimeSpan.FromHours(2), small.World.Time);
        SmallWorld.Run run = await small.RunAsync("nancy", ["kadeploy3", "debian12-min", "-m", Gros1], "", true, patience.Token);
        Assert.Equal(1, run.Status);
        Assert.Contains(run.Lines, l => l.StartsWith("End of deployment for", StringComparison.Ordinal));
        Assert.True(run.Seconds > 7000);
    }

    [Theory]
    [InlineData(9, "Invalid VLAN -- Cannot resolv gros-2-kavlan-4.nancy.grid5000.fr\n[Kadeploy Error #9]", "--vlan", "4")]
    [InlineData(4, "Invalid option in the request -- Parameter 'breakpoint': Invalid macrostep name 'X'\n[Kadeploy Error #4]", "--breakpoint", "X")]
    [InlineData(1, "Option parsing error: invalid argument: --force-steps BootNewEnv|BootNewEnvKexec:0:20", "--force-steps",
        "BootNewEnv|BootNewEnvKexec:0:20")]
    [InlineData(1, "Invalid verbose level", "-V", "0")]
    [InlineData(1, "Option parsing error: invalid argument: -V 6", "-V", "6")]
    [InlineData(1, "The files used for the output of the OK and the KO nodes cannot be the same", "-o", "x", "-n", "x")]
    [InlineData(1, "-o/--output-ok-nodes and/or -n/--output-ko-nodes cannot be used with --no-wait", "-o", "x", "--no-wait")]
    [InlineData(1, "Cannot use --no-wait since some files have to be exported to the server:\n  /home/jdoe/.ssh/authorized_keys", "-k", "--no-wait")]
    public async Task What_Kadeploy_refuses_it_refuses_in_its_own_words(int status, string error, params string[] options)
    {
        (SmallWorld small, SmallWorld.Run run) = await DeployAsync(["kadeploy-vlan-unknown:gros-2"], options);
        await using SmallWorld _ = small;
        Assert.Equal((status, error), (run.Status, run.Error));
        Assert.Empty(run.Lines);
    }

    [Fact]
    public async Task Version_3_3_knows_less()
    {
        await using SmallWorld small = new("kadeploy-old:nancy");
        small.AddJob("nancy", null, "gros-1");
        Assert.Equal("Kadeploy version: 3.3.11.stable", (await small.RunAsync("nancy", "kadeploy3", "-v")).Lines[0]);
        Assert.Equal("You must choose an environment", (await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1)).Error);
        Assert.Equal("Option parsing error: invalid option: --env-arch",
            (await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "--env-arch", "x86_64", "-m", Gros1)).Error);
        Assert.Equal("Option parsing error: invalid argument: -p TMP",
            (await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "-p", "TMP", "-m", Gros1)).Error);
        Assert.Equal("Kadeploy version: 3.9.0", (await small.RunAsync("rennes", "kadeploy3", "-v")).Lines[0]);
    }

    [Fact]
    public async Task A_script_runs_at_the_end()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        string script = Path.Combine(small.Home, "after.sh");
        await File.WriteAllTextAsync(script, "true\nfalse\n");
        SmallWorld.Run refused = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1, "-s", "after.sh");
        Assert.Equal("The file after.sh must be executable", refused.Error);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1, "-s", "after.sh");
        Assert.Equal([Gros1, "", "Running after.sh", "", "Fail !"], run.Lines[^5..]);
        Assert.Equal(0, run.Status);
    }

    [Fact]
    public async Task An_operation_of_a_client_that_left_is_kept_until_it_is_deleted()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        SmallWorld.Run order = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1, "--no-wait", "--write-workflow-id", "wid");
        string id = await File.ReadAllTextAsync(Path.Combine(small.Home, "wid"));
        Assert.StartsWith(id + " /deployment/", order.Lines[0], StringComparison.Ordinal);
        Assert.Contains("    :processing:", (await small.RunAsync("nancy", "kanodes3", "-d", "-w", id)).Lines);
        await small.UntilAsync(() => small.Node("gros-1").System == "debian12-min");
        await small.PassAsync(60);
        Assert.Contains("  :done: true", (await small.RunAsync("nancy", "kanodes3", "-d", "-w", id)).Lines);
    }
}
