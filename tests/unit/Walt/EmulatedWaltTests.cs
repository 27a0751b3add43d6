using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Walt;

/// <summary>
/// The client and the boot driver against the testbed's WalT server, which nobody wrote for them: over its sockets, with its quirks and faults.
/// </summary>
public sealed class EmulatedWaltTests
{
    static async Task<(Dictionary<string, WaltBootResult> Results, IReadOnlyList<WaltNodeInfo> Nodes)> BootAsync(WaltBootRequest template,
        bool readLinks, params string[] faults)
    {
        await using Platform platform = await Platform.OpenAsync(faults);
        DeploymentInfo info = await platform.DeployAsync(Platform.OneSite());
        Platform.AssertState(DeploymentState.Ready, info);
        await using WaltServer server = platform.Service.OpenServer(info);
        if (!readLinks) server.ReadImageLinks = null;
        // kareboot3 holds the deployment's nodes for five minutes after their first reboot, and refuses them to others meanwhile.
        await Task.Delay(TimeSpan.FromMinutes(6), platform.Grid.Time, platform.Limit);
        Dictionary<string, WaltBootResult> results = [];
        await foreach (WaltBootResult result in new WaltBootDriver(server, _ => "nancy")
            .BootAsync(template with { Nodes = [.. info.Nodes.Select(n => n.WaltName)] }, platform.Limit))
            results.Add(result.Node, result);
        return (results, await server.GetNodesAsync(platform.Limit));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nodes_boot_another_image_by_kexec_though_it_is_mounted_late(bool readLinks)
    {
        (Dictionary<string, WaltBootResult> results, IReadOnlyList<WaltNodeInfo> nodes) =
            await BootAsync(new WaltBootRequest { Nodes = [], Image = "debian12" }, readLinks, "walt-slow-mount=8");
        Assert.Equal(3, results.Count);
        Assert.All(results.Values, r =>
        {
            Assert.Null(r.Error);
            Assert.Equal((true, WaltBootMethod.Kexec, "debian12", 1), (r.IsBooted, r.Method, r.Image, r.Attempts));
            Assert.True(r.Verify > TimeSpan.FromSeconds(5));
            Assert.Null(r.Steps.Single(s => s.Name == "verify").Note);
        });
        Assert.All(nodes, n => Assert.Contains("debian12", n.Image, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kexec_that_loses_the_nodes_is_followed_by_a_hard_reboot()
    {
        (Dictionary<string, WaltBootResult> results, _) = await BootAsync(new WaltBootRequest { Nodes = [] }, readLinks: true, "node-kexec-fails");
        Assert.All(results.Values, r => Assert.Equal((true, WaltBootMethod.Hard, 2), (r.IsBooted, r.Method, r.Attempts)));
    }

    [Fact]
    public async Task Hard_reboots_are_waited_for_through_the_firmware()
    {
        (Dictionary<string, WaltBootResult> results, _) =
            await BootAsync(new WaltBootRequest { Nodes = [], Method = WaltBootMethod.Hard }, readLinks: true);
        Assert.All(results.Values, r =>
        {
            Assert.True(r.IsBooted, $"{r.Error?.Message}: {string.Join(", ", r.Steps.Select(s => $"{s} {s.Note}"))}");
            Assert.Equal(1, r.Attempts);
            Assert.True(r.Boot > TimeSpan.FromSeconds(60));
        });
    }

    [Fact]
    public async Task A_silent_reboot_call_is_a_timeout_and_then_a_hard_reboot()
    {
        (Dictionary<string, WaltBootResult> results, _) =
            await BootAsync(new WaltBootRequest { Nodes = [] }, readLinks: true, "walt-silent:reboot_nodes");
        Assert.All(results.Values, r =>
        {
            Assert.Equal((true, WaltBootMethod.Hard), (r.IsBooted, r.Method));
            Assert.Contains("did not answer reboot_nodes", r.Steps[0].Note, StringComparison.Ordinal);
        });
    }
}
