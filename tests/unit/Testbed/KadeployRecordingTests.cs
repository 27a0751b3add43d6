using System.Text.RegularExpressions;

namespace WaltG5k.Tests.Testbed;

/// <summary>What the emulated programs print against recordings of Kadeploy 3.3.11: the same lines, but for ids, durations and paths.</summary>
public partial class KadeployRecordingTests
{
    const string Gros = "gros-[1-2].nancy.grid5000.fr", Old = "kadeploy-old:nancy";

    static async Task CompareAsync(string sample, string[] faults, string[] command, Action<SmallWorld>? prepare = null)
    {
        await using SmallWorld small = new([Old, .. faults]);
        small.AddJob("nancy", null, "gros-1", "gros-2", "gros-3", "gros-4", "grisou-1", "grisou-2");
        prepare?.Invoke(small);
        SmallWorld.Run run = await small.RunAsync("nancy", command);
        RecordedCommand recorded = RecordedCommand.Read($"kadeploy/{sample}.txt");
        Assert.Equal((recorded.ExitStatus, recorded.Error.TrimEnd()), (run.Status, run.Error));
        string[] expected = Normalize(recorded.Output.Length == 0 ? [] : recorded.Output.TrimEnd('\n').Split('\n')), actual = Normalize(run.Lines);
        // Lines of several clusters come in any order between one another, and those of each in theirs.
        foreach (string mark in (string[])["", "[c1", "[c2"]) Assert.Equal(Of(expected, mark), Of(actual, mark));
    }

    static IEnumerable<string> Of(string[] lines, string mark) =>
        lines.Where(l => mark.Length == 0 ? !l.StartsWith("[c", StringComparison.Ordinal) : l.StartsWith(mark, StringComparison.Ordinal));

    /// <summary>Files are fetched only when the server does not have them yet.</summary>
    static string[] Normalize(IEnumerable<string> lines) =>
        [.. lines.Where(l => !l.StartsWith("Grab the tarball", StringComparison.Ordinal)
        && !l.StartsWith("Grab the postinstall", StringComparison.Ordinal))
            .Select(l => Seconds().Replace(Id().Replace(l, "ID"), "Ns"))];

    [Fact]
    public Task A_fallback_to_a_hard_reboot() =>
        CompareAsync("deploy-ok-two-nodes-v3", ["kadeploy-step-fails=BootNewEnvClassical-wait_reboot"],
        ["kadeploy3", "-e", "debian12-min", "-m", Gros]);

    [Fact]
    public async Task A_partial_failure_with_its_files()
    {
        await CompareAsync("deploy-partial-failure-v4", ["kadeploy-step-fails:gros-2=wait_reboot"],
            ["kadeploy3", "-e", "debian12-min", "-m", Gros, "-o", "nodes.ok", "-n", "nodes.ko", "-V", "4"]);
    }

    [Fact]
    public Task All_nodes_of_two_clusters_fail() => CompareAsync("deploy-all-failed-multicluster-v4", ["kadeploy-step-fails=send_key_in_deploy_env"],
        ["kadeploy3", "-e", "debian12-min", "-m", Gros, "-m", "grisou-[1-2].nancy.grid5000.fr", "-k", "-V", "4"]);

    [Fact]
    public Task A_breakpoint() => CompareAsync("deploy-breakpoint-v4", [],
        ["kadeploy3", "-e", "debian12-min", "-m", "gros-1.nancy.grid5000.fr", "--breakpoint", "BroadcastEnvKascade:manage_user_post_install", "-V",
        "4", "-o", "nodes.ok"]);

    [Fact]
    public Task Forced_steps_on_two_clusters() => CompareAsync("deploy-multicluster-dummy-v4", [],
        ["kadeploy3", "-e", "debian12-min", "-m", "gros-[1-4].nancy.grid5000.fr", "-m", "grisou-[1-2].nancy.grid5000.fr", "-V", "4",
            "--force-steps", "SetDeploymentEnv|SetDeploymentEnvDummy:0:60&BroadcastEnv|BroadcastEnvDummy:0:60&BootNewEnv|BootNewEnvDummy:0:60"]);

    [Fact]
    public Task Custom_steps() => CompareAsync("deploy-custom-steps-v4", [],
        ["kadeploy3", "-e", "debian12-min", "-m", "gros-1.nancy.grid5000.fr", "--custom-steps", "custom.yml", "-V", "4"],
        small => File.WriteAllText(Path.Combine(small.Home, "custom.yml"), """
            BroadcastEnv:
              manage_user_post_install:
                post-ops:
                  - name: hello
                    action: exec
                    command: echo hello
            """));

    [Fact]
    public Task A_reboot_that_fails_for_one_node() =>
        CompareAsync("reboot-partial-failure-v4", ["kadeploy-step-fails:gros-2=wait_reboot"], ["kareboot3", "-m", Gros, "-V", "4"]);

    [Fact]
    public Task The_state_of_power() => CompareAsync("power-status", [], ["kapower3", "-m", Gros, "--status"],
        small => small.Node("gros-1").Power = WaltG5k.Testbed.NodePower.Off);

    [Fact]
    public Task An_unknown_environment() =>
        CompareAsync("deploy-error-unknown-environment", [], ["kadeploy3", "-e", "nosuchenv", "-m", "gros-1.nancy.grid5000.fr"]);

    [Fact]
    public async Task The_trace_of_commands_and_what_was_not_needed()
    {
        await using SmallWorld small = new(Old);
        small.AddJob("nancy", null, "gros-1", "gros-2");
        SmallWorld.Run run = await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "-m", Gros, "-V", "5", "-d");
        string[] expected = Normalize(Samples.Read("kadeploy/deploy-debug-v5-extract.txt").TrimEnd('\n').Split('\n').Skip(1));
        Assert.Equal(expected, Normalize(run.Lines).Take(expected.Length));
    }

    [Fact]
    public async Task Statistics_have_the_recorded_fields()
    {
        await using SmallWorld small = new(Old, "kadeploy-step-fails:gros-2=send_key_in_deploy_env");
        small.AddJob("nancy", null, "gros-1", "gros-2");
        await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "-m", Gros, "-k");
        await small.RunAsync("nancy", "kapower3", "--status", "-m", Gros);
        SmallWorld.Run all = await small.RunAsync("nancy", "kastat3", "-a", "-o", "deploy");
        Assert.Matches(
            @"^D-[0-9a-f-]{36},jdoe,gros-1\.nancy\.grid5000\.fr,SetDeploymentEnvUntrusted,BroadcastEnvKascade,BootNewEnvClassical,1000,1000,1000,0,0,0,[0-9]{10},[0-9]+,[0-9]+,[0-9]+,debian12-min:[0-9]+,,true,$", all.Blocks[0]);
        Assert.EndsWith(
            ",,false,SetDeploymentEnvUntrusted-send_key_in_deploy_env: sh: 1: cannot create /root/.ssh/authorized_keys: Directory nonexistent\n",
            all.Blocks[1], StringComparison.Ordinal);
        Assert.Equal(["gros-1.nancy.grid5000.fr: 0.0", "gros-2.nancy.grid5000.fr: 0.5"], (await small.RunAsync("nancy", "kastat3", "-b")).Lines);
        Assert.Equal(["gros-2.nancy.grid5000.fr: 1.0"], (await small.RunAsync("nancy", "kastat3", "-b", "0.6", "-o", "deploy")).Lines);
        Assert.Equal(["gros-1.nancy.grid5000.fr,true"],
            (await small.RunAsync("nancy", "kastat3", "-a", "-F", "hostname,success", "-o", "deploy", "--limit", "1")).Lines);
        Assert.Equal((1, "Invalid field(s) nonsense"),
            ((await small.RunAsync("nancy", "kastat3", "-a", "-F", "nonsense")) is var run ? (run.Status, run.Error) : default));
        Assert.Empty((await small.RunAsync("nancy", "kastat3", "-a", "-x", "2030-01-01 00:00:00")).Lines);
        Assert.Equal(4, (await small.RunAsync("nancy", "kastat3", "-a", "-F", "wid")).Lines.Length);
    }

    [Fact]
    public async Task Operations_under_way_are_listed_with_symbols_for_keys()
    {
        await using SmallWorld small = new(Old);
        small.AddJob("nancy", null, "gros-4");
        SmallWorld.Run order = await small.RunAsync("nancy", "kadeploy3", "-e", "debian12-min", "-m", "gros-4.nancy.grid5000.fr", "--no-wait");
        SmallWorld.Run list = await small.RunAsync("nancy", "kanodes3", "-d");
        string[] expected = [.. RecordedCommand.Read("kadeploy/kanodes-deployments.txt").Output.TrimEnd('\n').Split('\n').Select(Keys)];
        Assert.Equal(expected, list.Lines.Select(Keys));
        Assert.Contains($"- :wid: {order.Lines[0].Split(' ')[0]}", list.Lines);
        Assert.Equal(["--- []"], (await small.RunAsync("nancy", "kanodes3", "-r")).Lines);
    }

    static string Keys(string line) => line.TrimStart().StartsWith("- gros", StringComparison.Ordinal) ? line.Trim() : line.Split(": ")[0].TrimEnd();

    [GeneratedRegex("[DRP]-[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b[0-9]+s\b")]
    private static partial Regex Seconds();
}
