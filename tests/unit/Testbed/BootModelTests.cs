using WaltG5k.Testbed;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

/// <summary>The emulated boots against the table of the 2021 talk on WalT, and what the emulated server does with NBFS.</summary>
public class BootModelTests
{
    const double Tolerance = 0.05;

    static readonly string[] s_near = ["gros-1", "gros-2", "gros-3"], s_far = ["parasilo-1", "parasilo-2", "parasilo-3"];

    [Theory]
    [InlineData("TFTP + NFS", false, false, 150, 410, "walt-tftp-only")]
    [InlineData("HTTP + NFS", false, false, 150, 205)]
    [InlineData("kexec + NFS", true, false, 20, 40)]
    [InlineData("kexec + NBFS", true, true, 20, 20)]
    public async Task The_columns_of_the_talk_are_met_within_5_percent(string column, bool kexec, bool nbfs, double sameSite, double otherSite,
        params string[] faults)
    {
        await using SmallWorld small = new(faults);
        WaltHost host = small.AddWaltServer(14, [.. s_near, .. s_far]);
        small.PutUp(host, [.. s_near, .. s_far]);
        host.Mounts.SetRoot(host.Images.Default.Id, nbfs ? BootRoot.Nbfs : BootRoot.Nfs);
        AssertNear(column, sameSite, await MeasureAsync(small, host, s_near, kexec));
        AssertNear(column, otherSite, await MeasureAsync(small, host, s_far, kexec));
    }

    static void AssertNear(string column, double expected, double median) =>
        Assert.True(Math.Abs(median / expected - 1) <= Tolerance, FormattableString.Invariant($"{column}: {median:0.0} s instead of {expected} s"));

    /// <summary>The median of five boots of each node.</summary>
    static async Task<double> MeasureAsync(SmallWorld small, WaltHost host, string[] nodes, bool kexec)
    {
        List<double> times = [];
        for (int round = 0; round < 5; round++)
        {
            await Task.WhenAll(nodes.Select(async name =>
            {
                double start = small.Now;
                Assert.True(await small.AwaitAsync(kexec
                    ? small.World.NodeLife.Kexec(small.Node(name), host)
                    : small.World.NodeLife.HardReboot(small.Node(name))));
                lock (times) times.Add(small.Now - start);
            }));
        }
        return times.Order().ElementAt(times.Count / 2);
    }

    [Fact]
    public async Task A_site_farther_away_costs_its_round_trips()
    {
        await using SmallWorld small = new("site-far:rennes=20");
        WaltHost host = small.AddWaltServer(14, s_far);
        small.PutUp(host, s_far);
        // 0.5 + 62 * 0.02 to fetch, 4 to jump, 14.7 + 2540 * 0.02 to boot.
        Assert.InRange(await MeasureAsync(small, host, s_far, kexec: true), 68, 75);
    }

    [Fact]
    public async Task NBFS_is_activated_when_an_image_is_mounted_and_only_where_server_and_image_have_it()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(14, "gros-1", "gros-2");
        small.World.NodeLife.DiskOf(host.Node).Files["/etc/walt/server.spec"] = """{"features": ["nbfs2"]}""";
        lock (small.World.Sync)
        {
            host.ReadFeatures();
            Assert.True(host.Images.TryFind("walt-g5k", "debian12", out WaltImage? debian));
            Assert.True(host.Images.TryFind("walt-g5k", "debian12-rt", out WaltImage? realTime));
            host.Route([host.Devices.ByName("gros-1")!], debian);
            host.Route([host.Devices.ByName("gros-2")!], realTime);
        }
        await small.PassAsync(5);
        lock (small.World.Sync)
        {
            Assert.Contains("root=/dev/nbfs", Script(host, "gros-1"), StringComparison.Ordinal);
            Assert.Contains("root=/dev/nfs", Script(host, "gros-2"), StringComparison.Ordinal);
            Assert.Contains(host.Devices.ByName("gros-1")!.RoutedImageId, host.GetNbfsExports(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mounted_image_keeps_its_state_until_it_is_mounted_anew()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(14, "gros-1");
        WaltDevice node = host.Devices.ByName("gros-1")!;
        WaltImage original = host.Images.Default;
        lock (small.World.Sync)
        {
            small.World.NodeLife.DiskOf(host.Node).Files["/etc/walt/server.spec"] = """{"features": ["nbfs2"]}""";
            host.ReadFeatures();
            Assert.True(host.Images.TryFind("walt-g5k", "alpine", out WaltImage? alpine));
            host.Route([node], alpine);
        }
        await small.PassAsync(10);
        lock (small.World.Sync) host.Route([node], original);
        await small.PassAsync(10);
        lock (small.World.Sync)
        {
            // It had stayed mounted: nodes need its reboot script for a while.
            Assert.Contains("root=/dev/nfs", Script(host, "gros-1"), StringComparison.Ordinal);
            host.Images.TryFind("walt-g5k", "alpine", out WaltImage? alpine);
            host.Route([node], alpine!);
        }
        await small.PassAsync(80);
        lock (small.World.Sync) host.Route([node], original);
        await small.PassAsync(10);
        lock (small.World.Sync) Assert.Contains("root=/dev/nbfs", Script(host, "gros-1"), StringComparison.Ordinal);
    }

    static string Script(WaltHost host, string node) =>
        System.Text.Encoding.ASCII.GetString(host.GetBootFile(host.Devices.ByName(node)!, "start-generic.ipxe")!);
}
