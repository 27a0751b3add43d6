using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

public class KadeployTests
{
    const string Gros1 = "gros-1.nancy.grid5000.fr";
    const string Gros2 = "gros-2.nancy.grid5000.fr";

    [Fact]
    public async Task Deploys_in_about_five_minutes_with_the_steps_in_their_order()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1", "gros-2");

        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "-m", "gros-[1-2].nancy.grid5000.fr", "-k");

        Assert.Equal(0, run.Status);
        Assert.InRange(run.Seconds, 270, 330);
        Assert.Matches("^Deployment #D-[0-9a-f-]{36} started$", run.Lines[0]);
        Assert.Equal(
            [
                "Performing a Deploy[SetDeploymentMiniOSUntrusted] step", "Performing a Deploy[BroadcastEnvKascade] step",
                "Performing a Deploy[BootNewEnvKexec] step",
            ],
            run.Lines.Where(l => l.StartsWith("Performing", StringComparison.Ordinal)));
        Assert.Contains("Launching a deployment on gros-[1-2].nancy.grid5000.fr", run.Lines);
        Assert.Contains("  send_key_in_deploy_env", run.Lines);
        Assert.Contains("   * Performing a soft reboot on gros-[1-2].nancy.grid5000.fr", run.Lines);
        Assert.DoesNotContain(run.Lines, l => l.Contains("~ Time in", StringComparison.Ordinal));
        Assert.Equal(["", "The deployment is successful on nodes", Gros1, Gros2], run.Lines[^4..]);
        Assert.Equal(("debian12-min", NodePower.Up), (small.Node("gros-2").System, small.Node("gros-2").Power));
    }

    [Fact]
    public async Task Says_nothing_into_a_pipe_before_the_end_and_streams_on_a_terminal()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        string[] command = ["kadeploy3", "debian12-min", "-m", Gros1];

        SmallWorld.Run piped = await small.RunAsync("nancy", command);
        List<double> moments = [];
        SmallWorld.Run shown = await small.RunAsync("nancy", command, "", true, small.Limit, _ => moments.Add(small.Now));

        Assert.Single(piped.Blocks);
        Assert.True(shown.Blocks.Count > 20);
        Assert.True(moments[^1] - moments[0] > 200);
    }

    [Fact]
    public async Task Splits_the_nodes_when_one_fails_and_exits_with_0()
    {
        await using SmallWorld small = new("kadeploy-fails:gros-2");
        small.AddJob("nancy", null, "gros-1", "gros-2");

        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "-m", "gros-[1-2].nancy.grid5000.fr", "-o", "ok", "-n",
            "ko");

        Assert.Equal(0, run.Status);
        int split = Array.IndexOf(run.Lines, "Nodeset [0] split into :");
        Assert.Equal(["  [1] " + Gros1, "  [2] " + Gros2, "---", "[1]   send_key_in_deploy_env"], run.Lines[(split + 1)..(split + 5)]);
        Assert.Contains($"!!! The nodes {Gros2} failed on step wait_reboot", run.Lines);
        Assert.Equal(
            ["The deployment is successful on nodes", Gros1, "The deployment failed on nodes",
            $"{Gros2} (SetDeploymentMiniOSUntrusted-wait_reboot: Unreachable after the reboot)"],
            run.Lines[^4..]);
        Assert.Equal(Gros1 + "\n", await File.ReadAllTextAsync(Path.Combine(small.Home, "ok")));
        Assert.Equal(Gros2 + "\n", await File.ReadAllTextAsync(Path.Combine(small.Home, "ko")));
        Assert.Equal(NodePower.Dead, small.Node("gros-2").Power);
    }

    [Fact]
    public async Task Tells_only_in_the_final_list_when_every_node_fails()
    {
        await using SmallWorld small = new("site-dead:nancy");
        small.AddJob("nancy", null, "gros-1", "grisou-1");

        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1, "-m", "grisou-1.nancy.grid5000.fr");

        Assert.Equal(0, run.Status);
        Assert.Contains("  [c2] : grisou", run.Lines);
        Assert.Contains("[c1] Launching a deployment on " + Gros1, run.Lines);
        Assert.DoesNotContain(run.Lines, l => l.Contains("!!!", StringComparison.Ordinal) || l.Contains("failed for", StringComparison.Ordinal));
        Assert.Equal("The deployment failed on nodes", run.Lines[^3]);
    }

    [Fact]
    public async Task Falls_back_to_a_hard_reboot_when_kexec_does_not_bring_the_new_system_up()
    {
        await using SmallWorld small = new("node-kexec-fails:gros-1");
        small.AddJob("nancy", null, "gros-1");

        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);

        Assert.Contains("Performing a Deploy[BootNewEnvHardReboot] step", run.Lines);
        Assert.Contains("   * Performing a hard reboot on " + Gros1, run.Lines);
        Assert.Equal(Gros1, run.Lines[^1]);
        Assert.Equal(1, small.Node("gros-1").HardReboots);
    }

    [Theory]
    [InlineData(6, "You do not have sufficient rights to perform the operation on all the nodes\n[Kadeploy Error #6]", "debian12-min", "-m",
        "gros-3.nancy.grid5000.fr")]
    [InlineData(1, "Resource not found /environments", "nosuchenv", "-m", Gros1)]
    [InlineData(1, "You must choose an environment", "-m", Gros1)]
    [InlineData(1, "No node is chosen", "debian12-min")]
    [InlineData(1, "Option parsing error: invalid option: --nonsense", "--nonsense")]
    [InlineData(9, "Invalid VLAN -- Cannot resolv gros-1-kavlan-42.nancy.grid5000.fr\n[Kadeploy Error #9]", "debian12-min", "-m", Gros1, "--vlan",
        "42")]
    [InlineData(5, "Invalid file -- The file nowhere.yaml cannot be read\n[Kadeploy Error #5]", "-a", "nowhere.yaml", "-m", Gros1)]
    [InlineData(1, "The nodes parasilo-1.rennes.grid5000.fr does not belongs to any server", "debian12-min", "-m", "parasilo-1.rennes.grid5000.fr")]
    public async Task Refuses_a_request_with_its_own_status(int status, string error, params string[] arguments)
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        SmallWorld.Run run = await small.RunAsync("nancy", ["kadeploy3", .. arguments]);
        Assert.Equal((status, error), (run.Status, run.Error));
        Assert.Empty(run.Lines);
    }

    [Fact]
    public async Task Refuses_nodes_that_are_all_in_use()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        SmallWorld.Run first = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1, "--no-wait");
        SmallWorld.Run second = await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);

        Assert.Matches(@"^(D-[0-9a-f-]{36}) /deployment/\1/$", first.Lines.Single());
        Assert.Equal((14, "No element has been modified -- All the nodes have been discarded ...\n[Kadeploy Error #14]"),
            (second.Status, second.Error));
        await small.UntilAsync(() => small.Node("gros-1").System == "debian12-min");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupt_aborts_the_nodes_and_loses_what_a_pipe_would_have_got(bool terminal)
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        using CancellationTokenSource interrupt = new(TimeSpan.FromSeconds(100), small.World.Time);

        SmallWorld.Run run = await small.RunAsync("nancy", ["kadeploy3", "debian12-min", "-m", Gros1], "", terminal, interrupt.Token);

        Assert.Equal(1, run.Status);
        Assert.Equal(terminal ? "\nSIGINT trapped" : null, run.Blocks.LastOrDefault());
        SmallWorld.Run states = await small.RunAsync("nancy", "kanodes3", "-s", "-m", Gros1);
        Assert.Equal(["---", Gros1 + ":", "  state: aborted", "  user: jdoe", "  environment:", "    name:", "    version:", "    user:"],
            states.Lines);
    }

    [Fact]
    public async Task Names_the_environment_of_a_description_after_its_url()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "-m", Gros1, "-a",
            "http://public.grenoble.grid5000.fr/~someone/walt-server-10.0.yaml", "-k");
        Assert.Equal(Gros1, run.Lines[^1]);
        Assert.Equal("walt-server-10.0", small.Node("gros-1").System);
    }

    [Fact]
    public async Task Reads_nodes_from_standard_input_without_comments()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1", "gros-2");
        SmallWorld.Run run = await small.RunAsync("nancy", ["kareboot3", "simple", "--no-wait", "-l", "hard", "-f", "-"],
            $"# mine\n{Gros1}\n\n{Gros2}\n", false, small.Limit);
        Assert.Matches(@"^(R-[0-9a-f-]{36}) /reboot/\1/$", run.Lines.Single());
        Assert.True(run.Seconds < 5);
        await small.UntilAsync(() => small.Node("gros-2").HardReboots == 1);
    }

    [Theory]
    [InlineData("simple", "-l", "hard")]
    [InlineData("-r", "simple")]
    public async Task A_reboot_takes_firmware_and_system(params string[] kind)
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        SmallWorld.Run run = await small.RunAsync("nancy", ["kareboot3", .. kind, "-m", Gros1]);
        Assert.InRange(run.Seconds, 180, 205);
        Assert.Contains("Performing a Reboot[Simple] step", run.Lines);
        Assert.Equal(["The reboot operation is successful on nodes", Gros1], run.Lines[^2..]);
    }

    [Fact]
    public async Task A_reboot_into_a_VLAN_and_back()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-1");
        SmallWorld.Run into = await small.RunAsync("nancy", "kareboot3", "simple", "--vlan", "4", "-m", Gros1);
        Assert.Equal(["The reboot operation is successful on nodes", Gros1], into.Lines[^2..]);
        Assert.True(Array.IndexOf(into.Lines, "  reboot") < Array.IndexOf(into.Lines, "  set_vlan") && Array.IndexOf(into.Lines,
            "  set_vlan") < Array.IndexOf(into.Lines, "  wait_reboot"));
        Assert.Equal("4", small.Node("gros-1").GetVlan("eth0"));
        SmallWorld.Run back = await small.RunAsync("nancy", "kareboot3", "simple", "--vlan", "DEFAULT", "-m", Gros1);
        Assert.Equal(("The reboot operation is successful on nodes", "DEFAULT"), (back.Lines[^2], small.Node("gros-1").GetVlan("eth0")));
        SmallWorld.Run unknown = await small.RunAsync("nancy", "kareboot3", "simple", "--vlan", "77", "-m", Gros1);
        Assert.Equal((9, "Invalid VLAN -- Cannot resolv gros-1-kavlan-77.nancy.grid5000.fr\n[Kadeploy Error #9]"), (unknown.Status, unknown.Error));
        Assert.Contains(" * Bypassing the step Reboot[Simple]-set_vlan", (await small.RunAsync("nancy", "kareboot3", "simple", "-V", "5", "-m",
            Gros1)).Lines);
    }

    [Fact]
    public async Task A_reboot_into_Kadeploy_s_own_system_and_out_of_it()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        SmallWorld.Run run = await small.RunAsync("nancy", "kareboot3", "deploy_env", "-k", "-m", Gros1);
        Assert.Equal(["  switch_pxe", "  reboot", "  wait_reboot", "  send_key_in_deploy_env"], run.Lines.Where(l => l.StartsWith("  ",
            StringComparison.Ordinal) && l[2] != ' '));
        Assert.Contains("  state: deploy_env", (await small.RunAsync("nancy", "kanodes3", "-s", "-m", Gros1)).Lines);
        Assert.Equal(0, (await small.RunAsync("nancy", "ssh", "root@" + Gros1, "true")).Status);
        Assert.Equal(0, (await small.RunAsync("nancy", "kareboot3", "simple", "-m", Gros1)).Status);
        Assert.NotEqual(0, (await small.RunAsync("nancy", "ssh", "root@" + Gros1, "true")).Status); // the standard system has no keys of ours
    }

    [Fact]
    public async Task A_reboot_into_what_was_deployed_and_into_what_was_not()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);
        SmallWorld.Run right = await small.RunAsync("nancy", "kareboot3", "recorded_env", "-e", "debian12-min", "-p", "DEPLOY", "-m", Gros1);
        Assert.Equal("The reboot operation is successful on nodes", right.Lines[^2]);
        string[] state = (await small.RunAsync("nancy", "kanodes3", "-s", "-m", Gros1)).Lines;
        Assert.Contains("  state: recorded_env", state);
        Assert.Contains("    name: debian12-min", state);
        SmallWorld.Run wrong = await small.RunAsync("nancy", "kareboot3", "recorded_env", "-e", "debian11-min", "-p", "DEPLOY", "-m", Gros1);
        Assert.Equal($"{Gros1} (RecordedEnv-wait_reboot: Unreachable after the reboot)", wrong.Lines[^1]);
        Assert.Equal(1, (await small.RunAsync("nancy", "kareboot3", "recorded_env", "-m", Gros1)).Status);
        Assert.Equal(12, (await small.RunAsync("nancy", "kareboot3", "set_pxe", "-m", Gros1)).Status);
    }

    [Fact]
    public async Task What_is_destructive_is_not_booted_again()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1");
        File.WriteAllText(Path.Combine(small.Home, "mine.yaml"), """
            name: mine
            version: 1
            destructive: true
            os: linux
            image:
              file: http://public.nancy.grid5000.fr/~other/mine.tgz
              kind: tar
              compression: gzip
            boot:
              kernel: /vmlinuz
            filesystem: ext4
            partition_type: 131
            """);
        Assert.Equal("", (await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml")).Error);
        await small.RunAsync("nancy", "kadeploy3", "mine", "-m", Gros1);
        SmallWorld.Run refused = await small.RunAsync("nancy", "kareboot3", "recorded_env", "-c", "-e", "mine", "-p", "DEPLOY", "-m", Gros1);
        Assert.Equal((30, "Cannot reboot since the last deployed environment was destructive\n[Kadeploy Error #30]"), (refused.Status,
            refused.Error));
    }

    [Fact]
    public async Task A_waiting_reboot_fails_for_a_node_outside_the_default_VLAN()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-1");
        small.Attach("gros-1", "eth0", "4");
        SmallWorld.Run run = await small.RunAsync("nancy", "kareboot3", "simple", "-l", "hard", "-m", Gros1);
        Assert.Equal(0, run.Status);
        Assert.Equal($"{Gros1} (Simple-wait_reboot: Unreachable after the reboot)", run.Lines[^1]);
    }

    [Fact]
    public async Task Power_status_stands_before_the_last_line()
    {
        await using SmallWorld small = new();
        small.AddJob("nancy", null, "gros-1", "gros-2");
        await small.RunAsync("nancy", "kapower3", "--off", "-m", Gros1);
        SmallWorld.Run run = await small.RunAsync("nancy", "kapower3", "--status", "-m", "gros-[1-2].nancy.grid5000.fr");
        int begin = Array.IndexOf(run.Lines, "---");
        Assert.Equal(["---", Gros1 + ": off", Gros2 + ": on", "---"], run.Lines[begin..(begin + 4)]);
        Assert.EndsWith("done", run.Lines[begin + 4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_and_prints_environments()
    {
        await using SmallWorld small = new();
        SmallWorld.Run list = await small.RunAsync("nancy", "kaenv3", "-l", "debian12%");
        Assert.Equal("Name                  Version User        Description", list.Lines[0]);
        Assert.Equal(2 + 3 * 3, list.Lines.Length);
        SmallWorld.Run print = await small.RunAsync("nancy", "kaenv3", "debian12-min");
        Assert.Equal("name: debian12-min", print.Lines[1]);
        Assert.Equal(1, (await small.RunAsync("nancy", "kaenv3", "-p", "none")).Status);
    }

    [Fact]
    public async Task The_end_of_the_job_gives_the_node_its_standard_system_and_VLAN_back()
    {
        await using SmallWorld small = new();
        JobModel job = small.AddJob("nancy", 4, "gros-1");
        foreach (ITestbedPart part in small.World.Parts) part.Start();
        await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);
        small.Attach("gros-1", "eth1", "4");
        small.World.Sites["nancy"].Vlans[4].DhcpEnabled = false;

        job.State = "Terminated";
        small.World.NotifyChanged();

        await small.UntilAsync(() => small.Node("gros-1") is { System: "standard", Power: NodePower.Up });
        Assert.Equal("DEFAULT", small.Node("gros-1").GetVlan("eth1"));
        Assert.True(small.World.Sites["nancy"].Vlans[4].DhcpEnabled);
    }

    [Fact]
    public async Task Nodes_keep_their_system_and_files_beyond_the_process()
    {
        await using SmallWorld before = new();
        before.AddJob("nancy", null, "gros-1", "gros-2");
        await before.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);
        before.World.NodeLife.DiskOf(before.Node("gros-1")).Files["/root/x"] = "y";
        _ = before.World.NodeLife.HardReboot(before.Node("gros-2"));
        string saved = before.World.Parts[0].Save()!.ToJsonString();

        await using SmallWorld after = new();
        after.World.Parts[0].Load(System.Text.Json.Nodes.JsonNode.Parse(saved)!);
        Assert.Equal("debian12-min", after.Node("gros-1").System);
        Assert.Equal("y", after.World.NodeLife.DiskOf(after.Node("gros-1")).Files["/root/x"]);
        Assert.Equal(NodePower.Dead, after.Node("gros-2").Power);
    }
}
