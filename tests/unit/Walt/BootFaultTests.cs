using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Walt;

/// <summary>Boots among which some go wrong: each node's result is right, and the rest go on.</summary>
public sealed class BootFaultTests
{
    const int Many = 200;

    static async Task<IReadOnlyList<WaltBootResult>> BootAsync(Platform platform, int nodes, WaltBootRequest template,
        Action<WaltServer, string>? onStep = null)
    {
        DeploymentInfo info = await platform.DeployAsync(Platform.Request(("nancy", nodes)));
        Platform.AssertState(DeploymentState.Ready, info);
        await using WaltServer server = platform.Service.OpenServer(info);
        List<WaltBootResult> results = [];
        var driver = new WaltBootDriver(server, _ => "nancy") { StepStarted = onStep is null ? null : (_, step) => onStep(server, step) };
        await foreach (WaltBootResult result in driver.BootAsync(template with { Nodes = [.. info.Nodes.Select(n => n.WaltName)] }, platform.Limit))
            results.Add(result);
        Assert.Equal(nodes, results.Select(r => r.Node).Distinct().Count());
        return results;
    }

    [Fact]
    public async Task A_tenth_of_200_nodes_that_fail_once_come_by_a_hard_reboot()
    {
        await using Platform platform = await Platform.OpenLargeAsync("node-kexec-fails*21");   // Kadeploy spends one when it installs the server
        IReadOnlyList<WaltBootResult> results =
            await BootAsync(platform, Many, new WaltBootRequest { Nodes = [], Image = "debian12", Timeout = TimeSpan.FromMinutes(4) });
        Assert.All(results, r => Assert.True(r.IsBooted, r.Error?.Message));
        Assert.Equal("Hard after 2: 20, Kexec after 1: 180",
            string.Join(", ", results.GroupBy(r => $"{r.Method} after {r.Attempts}").OrderBy(g => g.Key).Select(g => $"{g.Key}: {g.Count()}")));
        WaltBootResult[] good = [.. results.Where(r => (r.Method, r.Attempts) == (WaltBootMethod.Kexec, 1))];
        Assert.Equal(180, good.Length);
        // Those that went well wait for nobody.
        Assert.All(good, r => Assert.True(r.Total < TimeSpan.FromSeconds(60)));
        Assert.All(results, r => Assert.Equal("debian12", r.Image));
    }

    [Fact]
    public async Task All_of_200_nodes_that_fail_are_an_error_each()
    {
        await using Platform platform = await Platform.OpenLargeAsync("node-kexec-fails");
        IReadOnlyList<WaltBootResult> results =
            await BootAsync(platform, Many, new WaltBootRequest { Nodes = [], Method = WaltBootMethod.Kexec, Timeout = TimeSpan.FromMinutes(2),
            Trace = true });
        Assert.All(results, r => Assert.Equal(("NodeNotBooted", false, 1, r.Node), (r.Error?.Code, r.IsBooted, r.Attempts, r.Error?.Target)));
    }

    [Fact]
    public async Task Nodes_without_their_root_file_system_fail_alone()
    {
        await using Platform platform = await Platform.OpenAsync("nbfs-mount-fails*1");
        IReadOnlyList<WaltBootResult> results = await BootAsync(platform, 3,
            new WaltBootRequest { Nodes = [], RootFileSystem = WaltRootFileSystem.Nbfs, Method = WaltBootMethod.Kexec,
            Timeout = TimeSpan.FromMinutes(2) });
        Assert.Equal(2, results.Count(r => r.IsBooted));
        Assert.Equal("NodeNotBooted", results.Single(r => !r.IsBooted).Error?.Code);
    }

    [Theory]
    [InlineData("walt-drops:reboot_nodes*1")]
    [InlineData("walt-silent:reboot_nodes*1")]
    public async Task A_call_that_is_lost_on_the_way_ends_in_a_hard_reboot(string fault)
    {
        await using Platform platform = await Platform.OpenAsync(fault);
        IReadOnlyList<WaltBootResult> results = await BootAsync(platform, 3, new WaltBootRequest { Nodes = [] });
        Assert.All(results, r => Assert.True(r.IsBooted, r.Error?.Message));
        Assert.Contains(results, r => r.Method == WaltBootMethod.Hard);
    }

    [Fact]
    public async Task A_server_that_restarts_while_nodes_boot_costs_no_node()
    {
        await using Platform platform = await Platform.OpenAsync();
        int restarted = 0;
        Task restart = Task.CompletedTask;
        IReadOnlyList<WaltBootResult> results = await BootAsync(platform, 3, new WaltBootRequest { Nodes = [], Image = "debian12" }, (server, step) =>
        {
            if (step == "boot" && Interlocked.Exchange(ref restarted, 1) == 0)
                restart = server.Shell.RunShellAsync("systemctl restart walt-server", null, platform.Limit);
        });
        await restart;
        Assert.Equal(1, restarted);
        Assert.All(results, r => Assert.True(r.IsBooted, r.Error?.Message));
    }

    [Fact]
    public async Task A_node_that_may_not_kexec_is_told_before_or_goes_through_its_firmware()
    {
        await using Platform platform = await Platform.OpenAsync();
        DeploymentInfo info = await platform.DeployAsync(Platform.Request(("nancy", 1)));
        await using WaltServer server = platform.Service.OpenServer(info);
        lock (platform.Grid.World.Sync)
        {
            WaltHost host = platform.Grid.World.Parts.OfType<WaltPart>().Single().Find(platform.Grid.World.Nodes[info.Server!])!;
            host.Devices.ByName(info.Nodes[0].WaltName)!.Settings["kexec.allow"] = false;
        }
        var driver = new WaltBootDriver(server, _ => "nancy");
        WaltBootRequest request = new() { Nodes = [info.Nodes[0].WaltName] };
        Assert.Equal(("KexecNotAllowed", 0), await FirstAsync(request with { Method = WaltBootMethod.Kexec }));
        Assert.Equal((null, 1), await FirstAsync(request));

        async Task<(string?, int)> FirstAsync(WaltBootRequest asked)
        {
            await foreach (WaltBootResult result in driver.BootAsync(asked, platform.Limit))
            {
                if (result.IsBooted) Assert.Equal(WaltBootMethod.Hard, result.Method);
                return (result.Error?.Code, result.Attempts);
            }
            throw new InvalidOperationException("no result");
        }
    }

    [Fact]
    public async Task A_node_with_UEFI_that_never_booted_is_told_before_it_is_tried()
    {
        using FakePlatform fake = new();
        fake.AddNode("gruss-1", 1)["booted"] = false;
        fake.AddNode("gruss-2", 2);
        List<string> asked = [];
        fake.Server.ReadFirmware = (names, _) =>
        {
            asked.AddRange(names);
            return Task.FromResult<IReadOnlyDictionary<string, string>>(names.ToDictionary(n => n, _ => "uefi"));
        };
        fake.Walt.On("reboot_nodes", "'OK'");
        Dictionary<string, WaltBootResult> results = [];
        await foreach (WaltBootResult result in new WaltBootDriver(fake.Server, _ => "nancy")
            .BootAsync(new WaltBootRequest { Nodes = ["gruss-1", "gruss-2"], Wait = false }))
            results.Add(result.Node, result);
        Assert.Equal(("NodeNotBootable", 0), (results["gruss-1"].Error?.Code, results["gruss-1"].Attempts));
        // A node that runs WalT has proved that it can.
        Assert.Null(results["gruss-2"].Error);
        Assert.Equal(["gruss-1"], asked);
    }
}
