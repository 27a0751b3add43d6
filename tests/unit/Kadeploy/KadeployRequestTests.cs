using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public class KadeployRequestTests
{
    static readonly KadeployRequest s_plain =
        new() { Nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr", "grisou-1.nancy.grid5000.fr"], Environment = "debian12-min" };

    static string Join(KadeployRequest request, KadeployForm form = KadeployForm.Current) =>
        string.Join(' ', KadeployCommandLine.Deploy(request, form));

    [Fact]
    public void Nodes_are_folded_by_cluster() =>
        Assert.Equal("kadeploy3 -e debian12-min -k -V 5 -m gros-[1-2].nancy.grid5000.fr -m grisou-1.nancy.grid5000.fr", Join(s_plain));

    [Fact]
    public void A_specification_is_given_by_options_that_all_versions_know() =>
        Assert.StartsWith("kadeploy3 -e debian12-min -u deploy --env-version 2026031109 --env-arch x86_64 -k",
        Join(s_plain with { Environment = "debian12-min@deploy:2026031109%x86_64" }), StringComparison.Ordinal);

    [Fact]
    public void Every_option_has_its_word()
    {
        KadeployRequest request = s_plain with
        {
            Environment = "https://host/env.yaml",
            IsDescription = true,
            Key = KadeployKey.Parse("https://host/keys"),
            Partition = "TMP",
            BlockDevice = "disk1",
            BootPartition = 0,
            ReformatTmp = "ext4",
            Vlan = "4",
            DisableBootloaderInstall = true,
            DisableDiskPartitioning = true,
            NoKexec = true,
            RebootClassicalTimeout = KadeployTimeout.Parse("n*8+150"),
            RebootKexecTimeout = KadeployTimeout.FromSeconds(90),
            Steps = [KadeployForcedStep.Parse("BootNewEnvKexec:0:200"), KadeployForcedStep.Parse("SetDeploymentMiniOSUntrusted:1:300"),
                KadeployForcedStep.Parse("BroadcastEnvKascade:2:400"), KadeployForcedStep.Parse("BootNewEnvHardReboot:0:250")],
            Breakpoint = "BroadcastEnvKascade:manage_user_post_install",
            CustomSteps = "steps.yml",
            PxeProfile = "profile",
            PxePattern = "pattern",
            PxeFiles = ["a", "b"],
            Script = "after.sh",
            OkFile = "ok",
            KoFile = "ko",
            WorkflowIdFile = "wid",
            Force = true,
            DryRun = true,
            Hook = true,
            Debug = true,
            VerboseLevel = 4,
        };
        Assert.Equal(
            "kadeploy3 -a https://host/env.yaml -k https://host/keys -b disk1 -p TMP -c 0 -r ext4 --vlan 4 --disable-bootloader-install --disable-disk-partitioning --no-kexec"
            + " --reboot-classical-timeout n*8+150 --reboot-kexec-timeout 90"
            + " --force-steps SetDeploymentMiniOS|SetDeploymentMiniOSUntrusted:1:300&BroadcastEnv|BroadcastEnvKascade:2:400&BootNewEnv|BootNewEnvKexec:0:200,BootNewEnvHardReboot:0:250"
            + " --breakpoint BroadcastEnvKascade:manage_user_post_install --custom-steps steps.yml -w profile --set-pxe-pattern pattern -x a,b -s after.sh -o ok -n ko"
            + " --write-workflow-id wid --force --dry-run --hook -d -V 4 -m gros-[1-2].nancy.grid5000.fr -m grisou-1.nancy.grid5000.fr",
            Join(request));
    }

    [Fact]
    public void Who_does_not_wait_leaves_the_keys_to_the_server() =>
        Assert.Equal("kadeploy3 -e debian12-min --no-wait -V 5 -m gros-[1-2].nancy.grid5000.fr -m grisou-1.nancy.grid5000.fr",
        Join(s_plain with { NoWait = true }));

    public static TheoryData<KadeployRequest, KadeployForm, string> Refused => new()
    {
        { s_plain with { Nodes = [] }, KadeployForm.Current, "No node" },
        { s_plain with { Nodes = ["gros-1"] }, KadeployForm.Current, "full name" },
        { s_plain with { Nodes = ["-m.nancy.grid5000.fr"] }, KadeployForm.Current, "full name" },
        { s_plain with { Nodes = ["gros-1.nancy.grid5000.fr", "parasilo-1.rennes.grid5000.fr"] }, KadeployForm.Current, "several sites" },
        { s_plain with { Environment = "" }, KadeployForm.Current, "no environment" },
        { s_plain with { Environment = "two words" }, KadeployForm.Current, "does not name" },
        { s_plain with { Environment = "x.yaml", IsDescription = true, User = "deploy" }, KadeployForm.Current, "description" },
        { s_plain with { Architecture = "x86_64" }, KadeployForm.Old, "architectures" },
        { s_plain with { Partition = "TMP" }, KadeployForm.Old, "partition" },
        { s_plain with { Partition = "a b" }, KadeployForm.Current, "partition" },
        { s_plain with { BlockDevice = "disk 1" }, KadeployForm.Current, "disk" },
        { s_plain with { Vlan = "four" }, KadeployForm.Current, "VLAN" },
        { s_plain with { Breakpoint = "A:b:c" }, KadeployForm.Current, "breakpoint" },
        { s_plain with { VerboseLevel = 0 }, KadeployForm.Current, "verbose" },
        { s_plain with { Steps = [KadeployForcedStep.Parse("BootNewEnvKexec:0:200")] }, KadeployForm.Current,
        "SetDeploymentMiniOS and BroadcastEnv" },
        { s_plain with { Steps = [KadeployForcedStep.Parse("SetDeploymentEnvUntrusted:0:200")] }, KadeployForm.Current,
        "no macro-step SetDeploymentEnv" },
        { s_plain with { OkFile = "x", KoFile = "x" }, KadeployForm.Current, "same file" },
        { s_plain with { NoWait = true, OkFile = "x" }, KadeployForm.Current, "does not wait" },
        { s_plain with { NoWait = true, Key = new KadeployKey("keys") }, KadeployForm.Current, "does not wait" },
        { s_plain with { NoWait = true }, KadeployForm.Old, "does not wait" },
        { s_plain with { Script = "-x" }, KadeployForm.Current, "file" },
        { s_plain with { Key = KadeployKey.Parse("ssh-ed25519 AAAA me") }, KadeployForm.Current, "in a file" },
        { s_plain with { Timeout = TimeSpan.Zero }, KadeployForm.Current, "time limit" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_Kadeploy_would_refuse_is_refused_before(KadeployRequest request, KadeployForm form, string words)
    {
        G5kException e = Assert.Throws<G5kException>(() => KadeployCommandLine.Deploy(request, form));
        Assert.Equal(("InvalidKadeployRequest", ErrorKind.InvalidArgument), (e.Code, e.Kind));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.Recommendation!);
    }

    [Theory]
    [InlineData("300", 10, 300)]
    [InlineData("n*8+150", 10, 230)]
    [InlineData("(n + 2) * 10 / 4 - 5", 10, 25)]
    [InlineData("2**3**2", 1, 512)]
    [InlineData("Math.log2(n)*40+200", 8, 320)]
    [InlineData("Math.sqrt(n) * n", 4, 8)]
    public void Reboot_times_are_expressions_of_the_number_of_nodes(string text, int nodes, double seconds) =>
        Assert.Equal(seconds, KadeployTimeout.Parse(text).For(nodes).TotalSeconds, 3);

    [Theory]
    [InlineData("")]
    [InlineData("n*")]
    [InlineData("(n")]
    [InlineData("system('rm')")]
    [InlineData("n; exit")]
    [InlineData("0-n")]
    [InlineData("1/0")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.Equal("InvalidKadeployTimeout", Assert.Throws<G5kException>(() => KadeployTimeout.Parse(text)).Code);

    [Theory]
    [InlineData("BootNewEnvKexec")]
    [InlineData("BootNewEnvKexec:1")]
    [InlineData("BootNewEnv:1:20")]
    [InlineData("Nonsense:1:20")]
    [InlineData("BootNewEnvKexec:-1:20")]
    public void What_is_no_step_is_refused(string text) =>
        Assert.Equal("InvalidKadeployStep", Assert.Throws<G5kException>(() => KadeployForcedStep.Parse(text)).Code);

    [Theory]
    [InlineData("~/.ssh/id.pub", "~/.ssh/id.pub", null)]
    [InlineData("https://host/keys", "https://host/keys", null)]
    [InlineData("ssh-ed25519 AAAA me", null, "ssh-ed25519 AAAA me\n")]
    public void Keys_are_a_path_a_URL_or_their_text(string text, string? path, string? keys) =>
        Assert.Equal(new KadeployKey(path, keys), KadeployKey.Parse(text));
}
