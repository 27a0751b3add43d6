using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Walt;

public sealed partial class EmulatedBootTests
{
    static async Task<WaltSpeculativeImage> EnableAsync(Session session)
    {
        await session.Server.InstallSpeculationAsync(cancellationToken: session.Platform.Limit);
        WaltImageInfo image = (await session.Server.GetImagesWithNodesAsync(false, session.Platform.Limit)).Single(i => i.Nodes.Count > 0);
        return await session.Server.EnableSpeculationAsync(image, session.Platform.Limit);
    }

    [Fact]
    public async Task The_first_speculative_boot_is_recorded_and_the_next_one_is_as_quick_from_the_other_site()
    {
        await using Session session = await OpenAsync(Platform.TwoSites());
        WaltSpeculativeImage root = await EnableAsync(session);
        Assert.Equal((64, session.Server.Host), (root.Digest.Length, root.Server));
        List<double> far = [];
        for (int i = 0; i < 2; i++)
        {
            Dictionary<string, WaltBootResult> results =
                await session.BootAsync(Request with { RootFileSystem = WaltRootFileSystem.Speculative, Trace = true });
            Assert.All(results.Values, r => Assert.True(r.IsBooted, r.Error?.Message));
            Assert.All(results.Values, r => Assert.Equal(WaltRootFileSystem.Speculative, r.RootFileSystem));
            far.Add(results.Values.Where(r => r.Site == "rennes").Max(r => r.Parts.Single(p => p.Name == "system").Duration.TotalSeconds));
        }
        Assert.InRange(far[0], 17.5, 22);
        Assert.InRange(far[1], 13.5, 17);
        string arguments = (await session.Server.Shell.RunShellAsync($"ssh root@{session.Nodes[0]} cat /proc/cmdline")).Output;
        Assert.Contains("root=/dev/bootfs", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_without_root_gets_it_on_its_first_speculative_boot()
    {
        await using Session session = await OpenAsync(Platform.OneSite(1));
        await EnableAsync(session);
        WaltBootResult result = (await session.BootAsync(
            Request with { Image = "debian12", RootFileSystem = WaltRootFileSystem.Speculative })).Values.Single();
        Assert.True(result.IsBooted, result.Error?.Message);
        Assert.True(result.Steps.Where(s => s.Name == "root").Max(s => s.Duration.TotalSeconds) > 5);
    }

    [Fact]
    public async Task A_server_without_the_service_is_said_before_anything_is_routed()
    {
        await using Session session = await OpenAsync(Platform.OneSite(2));
        Dictionary<string, WaltBootResult> results =
            await session.BootAsync(Request with { Image = "debian12", RootFileSystem = WaltRootFileSystem.Speculative });
        Assert.All(results.Values, r => Assert.Equal(("SpeculativeServerMissing", 0), (r.Error?.Code, r.Attempts)));
    }

    [Fact]
    public async Task A_service_that_is_gone_leaves_each_node_with_its_error()
    {
        await using Session session = await OpenAsync(Platform.OneSite(2));
        await EnableAsync(session);
        await session.Server.Shell.RunShellAsync("systemctl stop waltg5k-bootfs");
        Dictionary<string, WaltBootResult> results = await session.BootAsync(Request with { Retries = 0, Timeout = TimeSpan.FromMinutes(3) });
        Assert.All(results.Values, r => Assert.Equal("NodeNotBooted", r.Error?.Code));
        Assert.All(results.Values, r => Assert.Contains("waltg5k-bootfs is gone", r.Error!.Recommendation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disabled_images_boot_with_NFS_and_a_removed_service_leaves_nothing()
    {
        await using Session session = await OpenAsync(Platform.OneSite(1));
        WaltSpeculativeImage root = await EnableAsync(session);
        WaltNodeInfo node = (await session.Server.GetNodesAsync(session.Platform.Limit)).Single();
        async Task<WaltRootFileSystem?> RootAsync() => (await session.Server.GetBootScriptsAsync(node, session.Platform.Limit))?.RootFileSystem;
        Assert.Equal(WaltRootFileSystem.Speculative, await RootAsync());
        WaltImageInfo image = (await session.Server.GetImagesWithNodesAsync(false, session.Platform.Limit)).First(i => i.Id == root.ImageId);
        await session.Server.DisableSpeculationAsync(image, session.Platform.Limit);
        Assert.Equal(WaltRootFileSystem.Nfs, await RootAsync());
        await session.Server.RemoveSpeculationAsync(session.Platform.Limit);
        Assert.NotEqual(0, (await session.Server.Shell.RunShellAsync("test -e /etc/waltg5k-bootfs.conf")).ExitStatus);
        await session.Server.RemoveSpeculationAsync(session.Platform.Limit);
    }

    [Fact]
    public async Task An_image_that_no_node_is_given_is_not_mounted()
    {
        await using Session session = await OpenAsync(Platform.OneSite(1));
        await EnableAsync(session);
        WaltImageInfo other = (await session.Server.GetImagesWithNodesAsync(false, session.Platform.Limit)).First(i => i.Nodes.Count == 0);
        Assert.Equal("ImageNotMounted", (await Assert.ThrowsAsync<G5kException>(() =>
            session.Server.EnableSpeculationAsync(other, session.Platform.Limit))).Code);
    }

    [Fact]
    public void Programs_that_were_not_built_are_named()
    {
        string folder = Directory.CreateTempSubdirectory("bootfs").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "bootfs"), "");
            G5kException missing = Assert.Throws<G5kException>(() => SpeculativePrograms.Pack(folder));
            Assert.Equal("SpeculativeProgramsMissing", missing.Code);
            Assert.Contains("waltg5k-bootfs-client", missing.Message, StringComparison.Ordinal);
            foreach (string name in new[] { "waltg5k-bootfs", "waltg5k-bootfs-client", "walt-bootfs", "waltg5k-bootfs.service" })
                File.WriteAllText(Path.Combine(folder, name), "version=@VERSION@");
            using System.Formats.Tar.TarReader reader = new(new MemoryStream(Convert.FromBase64String(SpeculativePrograms.Pack(folder))));
            while (reader.GetNextEntry() is System.Formats.Tar.TarEntry entry)
            {
                if (entry.Name != "walt-bootfs") continue;
                Assert.True(entry.Mode.HasFlag(UnixFileMode.UserExecute));
                Assert.Equal("version=" + SpeculativePrograms.Version, new StreamReader(entry.DataStream!).ReadToEnd());
                return;
            }
            Assert.Fail("the script is not in the archive");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
