using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Walt;

/// <summary>Root file systems, boot loaders and the parts of a boot, on the testbed's WalT server.</summary>
public sealed partial class EmulatedBootTests
{
    static readonly TimeSpan s_holdOfKareboot = TimeSpan.FromMinutes(6);

    sealed class Session(Platform platform, DeploymentInfo info) : IAsyncDisposable
    {
        public Platform Platform => platform;
        public DeploymentInfo Info => info;
        public WaltServer Server { get; } = platform.Service.OpenServer(info);
        public string[] Nodes { get; } = [.. info.Nodes.Select(n => n.WaltName)];

        public async Task<Dictionary<string, WaltBootResult>> BootAsync(WaltBootRequest template)
        {
            Dictionary<string, WaltBootResult> results = [];
            var driver = new WaltBootDriver(Server, name => info.Nodes.Single(n => n.WaltName == name).Site);
            await foreach (WaltBootResult result in driver.BootAsync(template with { Nodes = [.. info.Nodes.Select(n => n.WaltName)] },
                platform.Limit)) results.Add(result.Node, result);
            return results;
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await platform.DisposeAsync();
        }
    }

    static async Task<Session> OpenAsync(DeploymentRequest request, params string[] faults)
    {
        Platform platform = await Platform.OpenAsync(faults);
        DeploymentInfo info = await platform.DeployAsync(request);
        Platform.AssertState(DeploymentState.Ready, info);
        // kareboot3 holds the deployment's nodes for five minutes after their first reboot, and refuses them to others meanwhile.
        await Task.Delay(s_holdOfKareboot, platform.Grid.Time, platform.Limit);
        return new Session(platform, info);
    }

    static WaltBootRequest Request => new() { Nodes = [] };

    static string[] PartNames(WaltBootResult result) => [.. result.Parts.Select(p => p.Name)];

    [Fact]
    public async Task Kexec_is_divided_into_fetch_jump_and_system_on_both_sites()
    {
        await using Session session = await OpenAsync(Platform.TwoSites());
        Dictionary<string, WaltBootResult> results = await session.BootAsync(Request with { Trace = true });
        Assert.Equal(4, results.Count);
        Assert.All(results.Values, r =>
        {
            Assert.True(r.IsBooted, r.Error?.Message);
            Assert.Equal(["kernel", "kexec", "system"], PartNames(r));
            Assert.All(r.Parts, p => Assert.Equal(WaltEvidence.Observed, p.Evidence));
            Assert.Equal(WaltRootFileSystem.Nfs, r.RootFileSystem);
            bool near = r.Site == "nancy";
            Assert.InRange(r.Parts[0].Duration.TotalSeconds, 0.3, 2.1);
            Assert.InRange(r.Parts[1].Duration.TotalSeconds, 3.0, 5.5);
            Assert.InRange(r.Parts[2].Duration.TotalSeconds, near ? 14 : 32, near ? 17 : 38);
            Assert.InRange(r.Elapsed.TotalSeconds, near ? 18 : 36, near ? 23 : 45);
        });
    }

    [Fact]
    public async Task A_hard_reboot_is_divided_into_firmware_boot_loader_and_system()
    {
        await using Session session = await OpenAsync(Platform.TwoSites());
        Dictionary<string, WaltBootResult> results = await session.BootAsync(Request with { Trace = true, Method = WaltBootMethod.Hard });
        Assert.All(results.Values, r =>
        {
            Assert.True(r.IsBooted, r.Error?.Message);
            Assert.Equal(["firmware", "bootloader", "system"], PartNames(r));
            Assert.All(r.Parts, p => Assert.Equal(WaltEvidence.Observed, p.Evidence));
            Assert.Equal(WaltBootloader.Http, r.Bootloader);
            Assert.InRange(r.Parts[0].Duration.TotalSeconds, 120, 140);
            Assert.InRange(r.Parts[1].Duration.TotalSeconds, r.Site == "nancy" ? 1 : 30, r.Site == "nancy" ? 4 : 39);
        });
    }

    [Fact]
    public async Task Parts_that_nobody_saw_are_marked_as_estimates()
    {
        await using Session session = await OpenAsync(Platform.OneSite(1), "walt-tftp-only");
        WaltBootResult result = (await session.BootAsync(Request with { Trace = true, Method = WaltBootMethod.Hard })).Values.Single();
        Assert.Equal(WaltBootloader.Tftp, result.Bootloader);
        Assert.Equal([("firmware", WaltEvidence.Estimated), ("bootloader", WaltEvidence.Estimated), ("system", WaltEvidence.Observed)],
            result.Parts.Select(p => (p.Name, p.Evidence)));
        Assert.Contains("~", result.Parts[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NBFS_is_switched_on_verified_and_makes_the_other_site_as_quick()
    {
        await using Session session = await OpenAsync(Platform.TwoSites());
        foreach (string? image in new[] { null, "debian12" })
        {
            Dictionary<string, WaltBootResult> results =
                await session.BootAsync(Request with { Image = image, RootFileSystem = WaltRootFileSystem.Nbfs, Trace = true });
            Assert.All(results.Values, r =>
            {
                Assert.True(r.IsBooted, r.Error?.Message);
                Assert.Contains("root", r.Steps.Select(s => s.Name));
                Assert.Equal(WaltRootFileSystem.Nbfs, r.RootFileSystem);
                Assert.InRange(r.Parts.Single(p => p.Name == "system").Duration.TotalSeconds, 13.5, 17);
            });
        }
        Dictionary<string, WaltBootResult> back = await session.BootAsync(Request with { RootFileSystem = WaltRootFileSystem.Nfs, Trace = true });
        Assert.All(back.Values, r => Assert.Equal(WaltRootFileSystem.Nfs, r.RootFileSystem));
    }

    [Fact]
    public async Task An_image_without_client_is_said_before_anything_reboots()
    {
        await using Session session = await OpenAsync(Platform.OneSite(2));
        Dictionary<string, WaltBootResult> results =
            await session.BootAsync(Request with { Image = "debian12-rt", RootFileSystem = WaltRootFileSystem.Nbfs });
        Assert.All(results.Values, r => Assert.Equal(("NbfsClientMissing", 0), (r.Error?.Code, r.Attempts)));
    }

    [Fact]
    public async Task A_server_without_daemon_is_said_before_anything_is_routed()
    {
        await using Session session = await OpenAsync(Platform.OneSite(2));
        await session.Server.Shell.RunShellAsync("systemctl stop nbfsd");
        Dictionary<string, WaltBootResult> results =
            await session.BootAsync(Request with { Image = "debian12", RootFileSystem = WaltRootFileSystem.Nbfs });
        Assert.All(results.Values, r => Assert.Equal(("NbfsServerMissing", 0, "root"), (r.Error?.Code, r.Attempts, Assert.Single(r.Steps).Name)));
    }

    [Fact]
    public async Task A_daemon_that_is_gone_later_leaves_each_node_with_its_error()
    {
        await using Session session = await OpenAsync(Platform.OneSite(2));
        await session.BootAsync(Request with { RootFileSystem = WaltRootFileSystem.Nbfs });
        await session.Server.Shell.RunShellAsync("systemctl stop nbfsd");
        Dictionary<string, WaltBootResult> results = await session.BootAsync(Request with { Retries = 0, Timeout = TimeSpan.FromMinutes(3) });
        Assert.All(results.Values, r => Assert.Equal("NodeNotBooted", r.Error?.Code));
        Assert.All(results.Values, r => Assert.Contains("-RootFileSystem Nfs", r.Error!.Recommendation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_boot_loader_that_the_scripts_do_not_use_is_refused()
    {
        await using Session session = await OpenAsync(Platform.OneSite(1));
        WaltBootResult result = (await session.BootAsync(Request with { Bootloader = WaltBootloader.Tftp })).Values.Single();
        Assert.Equal(("BootloaderNotAvailable", 0), (result.Error?.Code, result.Attempts));
        Assert.True((await session.BootAsync(Request with { Bootloader = WaltBootloader.Http })).Values.Single().IsBooted);
    }

    [Fact]
    public async Task The_test_of_the_path_passes_on_a_sound_platform_and_names_what_is_not()
    {
        await using Session session = await OpenAsync(Platform.TwoSites());
        var test = new BootPathTest(session.Server, name => session.Info.Nodes.Single(n => n.WaltName == name).Site);
        IReadOnlyList<WaltBootCheck> sound = await test.RunAsync([], session.Platform.Limit);
        Assert.Empty(sound.Where(c => c.State != WaltBootCheckState.Passed).Select(c => $"{c} {c.Seen}"));
        Assert.Equal(["server", "hard-reboot", "image-race", "dhcp", "http", "nbfs", "owner", "firmware", "kexec", "http-from-node", "boot-scripts",
            "boot-loader", "root-file-system", "boot-files"], sound.Select(c => c.Check));
        Assert.Equal(4, sound.Single(c => c.Check == "boot-files").Nodes.Count);

        await session.Server.Shell.RunShellAsync("systemctl stop nbfsd");
        session.Server.ReadImageLinks = null;
        session.Server.ReadFirmware = (names, _) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { [names[0]] = "uefi" });
        WaltBootCheck[] unsound = [.. (await test.RunAsync([session.Nodes[0]], session.Platform.Limit))
            .Where(c => c.State != WaltBootCheckState.Passed)];
        Assert.Equal([("image-race", WaltBootCheckState.Warning), ("nbfs", WaltBootCheckState.Absent), ("firmware", WaltBootCheckState.Failed)],
            unsound.Select(c => (c.Check, c.State)));
        Assert.Equal([session.Nodes[0]], unsound[2].Nodes);
    }

    [Fact]
    public async Task Nodes_fetch_their_own_boot_script_by_the_program_that_they_have()
    {
        await using Session session = await OpenAsync(Platform.OneSite(3), "node-hangs*1");
        var test = new BootPathTest(session.Server, _ => "nancy");
        WaltBootCheck[] seen = [.. (await test.RunAsync([], session.Platform.Limit)).Where(c => c.Check == "http-from-node")];
        Assert.Equal([WaltBootCheckState.Unknown, WaltBootCheckState.Passed], seen.Select(c => c.State));
        Assert.Single(seen[0].Nodes);
        Assert.NotEmpty(seen[0].Recommendation);
        Assert.All((await session.BootAsync(Request with { Image = "alpine" })).Values, r => Assert.True(r.IsBooted));
        WaltBootCheck alpine = Assert.Single(await test.RunAsync([], session.Platform.Limit), c => c.Check == "http-from-node");
        Assert.Equal((WaltBootCheckState.Passed, 3), (alpine.State, alpine.Nodes.Count));
    }

    [Fact]
    public async Task Boot_files_by_TFTP_alone_are_a_warning_between_sites()
    {
        await using Session session = await OpenAsync(Platform.TwoSites(), "walt-tftp-only");
        IReadOnlyList<WaltBootCheck> checks = await new BootPathTest(session.Server, name => session.Info.Nodes.Single(n => n.WaltName == name).Site)
            .RunAsync([], session.Platform.Limit);
        Assert.Equal([WaltBootCheckState.Warning, WaltBootCheckState.Passed], checks.Where(c => c.Check == "boot-loader").Select(c => c.State));
        Assert.All(checks.First(c => c.Check == "boot-loader").Nodes, n => Assert.StartsWith("para", n, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_history_gives_back_what_was_kept_and_skips_what_cannot_be_read()
    {
        await using Platform platform = await Platform.OpenAsync();
        var history = new BootHistory(platform.Grid);
        Assert.Empty(history.Read(DateTimeOffset.MinValue));
        DateTimeOffset now = platform.Grid.Time.GetUtcNow();
        WaltBootResult result = new("gros-1")
        {
            Site = "nancy", Image = "debian12", IsBooted = true, Method = WaltBootMethod.Kexec, RootFileSystem = WaltRootFileSystem.Nbfs,
                Attempts = 1,
            Steps = [new("reboot", 1, TimeSpan.FromSeconds(0.5), "a note")],
            Parts = [new("system", TimeSpan.FromSeconds(15), WaltEvidence.Estimated)],
        };
        WaltBootRecord[] kept = [.. Enumerable.Range(0, 20)
            .Select(i => WaltBootRecord.From(result with { Node = $"gros-{i}" }, now - TimeSpan.FromDays(i), "d1", "nancy"))];
        await Task.WhenAll(kept.Select(r => history.AppendAsync(r, platform.Limit)));
        string folder = Path.Combine(platform.Grid.HomeDirectory, ".walt-g5k", "boots");
        await File.AppendAllTextAsync(Directory.EnumerateFiles(folder, "*.jsonl").Max()!, "{\"node\": \"cut o");
        WaltBootRecord[] read = [.. history.Read(now - TimeSpan.FromDays(10.5))];
        Assert.Equal(11, read.Length);
        WaltBootRecord newest = read.MaxBy(r => r.Date)!;
        Assert.Equal((now, "gros-0", "d1", true), (newest.Date, newest.Node, newest.Platform, newest.IsSameSite!.Value));
        Assert.Equal((kept[0].Steps[0], kept[0].Parts[0], kept[0].Elapsed), (newest.Steps[0], newest.Parts[0], newest.Elapsed));
        Assert.Equal(20, history.Read(DateTimeOffset.MinValue).Count());
    }
}
