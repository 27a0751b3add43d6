using System.Collections.Concurrent;
using WaltG5k.Core;
using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

public sealed class WaltBootDriverTests : IDisposable
{
    static readonly TimeSpan s_kexec = TimeSpan.FromSeconds(20), s_firmware = TimeSpan.FromSeconds(150), s_mount = TimeSpan.FromSeconds(2);

    readonly FakePlatform _platform = new();
    readonly WaltBootDriver _driver;
    readonly List<ITimer> _timers = [];
    /// <summary>Nodes whose kexec order is refused, is taken without a boot, or that no hard reboot brings up.</summary>
    readonly HashSet<string> _refusing = [], _lostInKexec = [], _dead = [];
    readonly ConcurrentBag<string[]> _hardReboots = [];
    /// <summary>What each node booted last.</summary>
    readonly ConcurrentDictionary<string, string> _bootedImage = new();
    TimeSpan _mount = s_mount;

    public WaltBootDriverTests()
    {
        _driver = new WaltBootDriver(_platform.Server, name => name.StartsWith("gros", StringComparison.Ordinal) ? "nancy" : "grenoble");
        for (int i = 1; i <= 3; i++) _platform.AddNode($"dahu-{i}", i);
        _platform.Walt.On("set_image", (_, line) =>
        {
            string image = line.Split('\'')[7], fullName = $"walt-g5k/{(image == "default" ? "pc-x86-64-default" : image)}:latest";
            foreach (string name in FakePlatform.Argument(line).Split(','))
            {
                var node = _platform.Node(name);
                lock (_platform.Nodes) node["image"] = fullName;
                After(_mount, () => { lock (_platform.Effective) _platform.Effective[(string)node["ip"]!] = _platform.Images[fullName]; });
            }
            return Task.FromResult<string?>("True");
        });
        _platform.Walt.On("reboot_nodes", async (server, line) =>
        {
            string[] names = FakePlatform.Argument(line).Split(',');
            foreach (string name in names.Where(n => !_refusing.Contains(n)))
                Restart(name, _lostInKexec.Contains(name) ? null : s_kexec, serverKnows: true);
            string[] refusing = [.. names.Where(_refusing.Contains)];
            Assert.Equal("False", await server.CallBackAsync("has_hook", "('client_hard_reboot',)"));
            foreach (string name in refusing) await server.PrintErrorAsync(
                $"Node {name}: failed soft-reboot (no route to host) and poe-reboot (unknown lldp network position)\n");
            foreach (string name in names.Except(refusing)) await server.PrintAsync($"Node {name}: rebooted ok.\n");
            return refusing.Length > 0 ? "'FAILED'" : "'OK'";
        });
        _platform.Server.HardReboot = (names, _) =>
        {
            _hardReboots.Add([.. names]);
            foreach (string name in names) Restart(name, _dead.Contains(name) ? null : s_firmware, serverKnows: false);
            return Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
        };
    }

    public void Dispose()
    {
        foreach (ITimer timer in _timers) timer.Dispose();
        _platform.Dispose();
    }

    void After(TimeSpan delay, Action action)
    {
        lock (_timers) _timers.Add(_platform.Clock.CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan));
    }

    void Restart(string name, TimeSpan? duration, bool serverKnows)
    {
        var node = _platform.Node(name);
        void SetBooted(bool booted)
        {
            lock (_platform.Nodes) node["booted"] = booted;
        }
        if (serverKnows) SetBooted(false);
        else After(TimeSpan.FromSeconds(25), () => SetBooted(false));
        lock (_platform.Effective) _bootedImage[name] = _platform.Effective[(string)node["ip"]!];
        if (duration is { } time) After(time, () => SetBooted(true));
    }

    async Task<Dictionary<string, WaltBootResult>> BootAsync(WaltBootRequest request)
    {
        Dictionary<string, WaltBootResult> results = [];
        await foreach (WaltBootResult result in _driver.BootAsync(request)) results.Add(result.Node, result);
        return results;
    }

    int Calls(string method) => _platform.Walt.Calls.Count(c => c.Contains($"'{method}'", StringComparison.Ordinal));

    [Fact]
    public async Task Nodes_boot_the_new_image_and_not_the_old_one()
    {
        ConcurrentQueue<string> steps = [];
        _driver.StepStarted = (node, step) => { if (node == "dahu-2") steps.Enqueue(step); };
        var results = await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2", "dahu-3", "dahu-1"], Image = "debian12" });
        Assert.Equal(["dahu-1", "dahu-2", "dahu-3"], results.Keys.Order());
        Assert.All(results.Values, r =>
        {
            Assert.Null(r.Error);
            Assert.True(r.IsBooted);
            Assert.Equal((WaltBootMethod.Kexec, 1, "debian12", "grenoble"), (r.Method, r.Attempts, r.Image, r.Site));
            Assert.InRange(r.Verify, s_mount, s_mount + TimeSpan.FromSeconds(2));
            Assert.InRange(r.Boot, s_kexec, s_kexec + TimeSpan.FromSeconds(3));
            Assert.Equal(["route", "verify", "reboot", "boot"], r.Steps.Select(s => s.Name));
        });
        Assert.All(_bootedImage.Values, id => Assert.Equal(FakePlatform.DebianId, id));
        Assert.Equal(["route", "verify", "reboot", "boot"], steps);
        Assert.Equal((1, 1), (Calls("set_image"), Calls("reboot_nodes")));
        Assert.Empty(_hardReboots);
    }

    [Fact]
    public async Task Without_an_image_the_present_one_is_booted_again()
    {
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"] }))["dahu-1"];
        Assert.Equal(("pc-x86-64-default", true, 0), (result.Image, result.IsBooted, Calls("set_image")));
        Assert.Equal(["reboot", "boot"], result.Steps.Select(s => s.Name));
    }

    [Fact]
    public async Task The_default_image_is_resolved()
        => Assert.Equal("pc-x86-64-default", (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Image = "default" }))["dahu-1"].Image);

    [Fact]
    public async Task Without_waiting_the_order_is_all()
    {
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Wait = false }))["dahu-1"];
        Assert.Null(result.Error);
        Assert.False(result.IsBooted);
        Assert.Equal("reboot", Assert.Single(result.Steps).Name);
    }

    [Fact]
    public async Task A_node_that_refuses_kexec_is_hard_rebooted_at_once()
    {
        _refusing.Add("dahu-2");
        var results = await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2"], Image = "debian12" });
        WaltBootResult result = results["dahu-2"];
        Assert.Equal((true, WaltBootMethod.Hard, 2), (result.IsBooted, result.Method, result.Attempts));
        Assert.Equal(["route", "verify", "reboot", "hard-reboot", "boot"], result.Steps.Select(s => s.Name));
        Assert.Contains("no route to host", result.Steps[2].Note, StringComparison.Ordinal);
        Assert.InRange(result.Boot, TimeSpan.FromSeconds(100), s_firmware + TimeSpan.FromSeconds(5));
        Assert.Equal(WaltBootMethod.Kexec, results["dahu-1"].Method);
        Assert.Equal(["dahu-2"], Assert.Single(_hardReboots));
    }

    [Fact]
    public async Task A_node_lost_in_kexec_is_hard_rebooted_after_the_timeout()
    {
        _lostInKexec.Add("dahu-1");
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Timeout = TimeSpan.FromMinutes(4) }))["dahu-1"];
        Assert.True(result.IsBooted);
        Assert.Equal(["reboot", "boot", "hard-reboot", "boot"], result.Steps.Select(s => s.Name));
        Assert.Equal([1, 1, 2, 2], result.Steps.Select(s => s.Attempt));
        Assert.Equal(TimeSpan.FromMinutes(4), result.Steps[1].Duration);
    }

    [Fact]
    public async Task A_dead_node_costs_the_first_attempt_and_the_retries()
    {
        _refusing.Add("dahu-1");
        _dead.Add("dahu-1");
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2"], Retries = 2 }))["dahu-1"];
        Assert.Equal(("NodeNotBooted", 3, false), (result.Error?.Code, result.Attempts, result.IsBooted));
        Assert.Contains("kaconsole3", result.Error!.Recommendation, StringComparison.Ordinal);
        Assert.Equal(2, _hardReboots.Count);
    }

    [Fact]
    public async Task Kexec_never_falls_back()
    {
        _refusing.Add("dahu-1");
        _lostInKexec.Add("dahu-2");
        var results = await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2"], Method = WaltBootMethod.Kexec });
        Assert.Equal(("NodeNotRebooted", "NodeNotBooted"), (results["dahu-1"].Error?.Code, results["dahu-2"].Error?.Code));
        Assert.Contains("-Method Hard", results["dahu-1"].Error!.Recommendation, StringComparison.Ordinal);
        Assert.Empty(_hardReboots);
    }

    [Fact]
    public async Task Hard_goes_past_the_server_and_per_site()
    {
        _platform.AddNode("gros-1", 11);
        var results = await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2", "gros-1"], Method = WaltBootMethod.Hard });
        Assert.All(results.Values, r => Assert.Equal((true, WaltBootMethod.Hard, 1), (r.IsBooted, r.Method, r.Attempts)));
        // The boot of before, which the server still shows for a while, does not count.
        Assert.All(results.Values, r => Assert.True(r.Boot >= s_firmware));
        Assert.Equal(0, Calls("reboot_nodes"));
        Assert.Equal(2, _hardReboots.Count);
    }

    [Fact]
    public async Task Without_a_way_to_hard_reboot_the_advice_says_so()
    {
        _platform.Server.HardReboot = null;
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Method = WaltBootMethod.Hard }))["dahu-1"];
        Assert.Equal(("NodeNotRebooted", 1), (result.Error?.Code, result.Attempts));
        Assert.Contains("Get-WaltDeployment", result.Error!.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_never_mounted_reboots_nothing()
    {
        _mount = TimeSpan.FromHours(1);
        _platform.Server.ReadImageLinks = (_, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Image = "debian12" }))["dahu-1"];
        Assert.Equal(("ImageNotRouted", 0), (result.Error?.Code, result.Attempts));
        Assert.Equal(0, Calls("reboot_nodes"));
    }

    [Fact]
    public async Task Boot_files_that_do_not_tell_images_apart_are_trusted_and_the_step_says_so()
    {
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Image = "like-default" }))["dahu-1"];
        Assert.True(result.IsBooted);
        Assert.Contains("trusted after", result.Steps.Single(s => s.Name == "verify").Note, StringComparison.Ordinal);
        Assert.Equal(FakePlatform.LikeDefaultId, _bootedImage["dahu-1"]);
    }

    [Fact]
    public async Task Unknown_and_foreign_nodes_fail_alone()
    {
        lock (_platform.Nodes) _platform.Nodes[1]["image"] = "alice/debian12:latest";
        _platform.Walt.On("filter_ownership", (_, line) =>
            Task.FromResult<string?>(line.Contains("dahu-2", StringComparison.Ordinal)
            ? "(('dahu-1',), (), ('dahu-2',), ())"
            : "(('dahu-1',), (), (), ())"));
        var results = await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2", "nix"], Image = "debian12" });
        Assert.True(results["dahu-1"].IsBooted);
        Assert.Equal(("NodeNotOwned", "WaltNodeNotFound"), (results["dahu-2"].Error?.Code, results["nix"].Error?.Code));
        Assert.Contains("alice", results["dahu-2"].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_image_fails_before_anything_is_touched()
    {
        _platform.Walt.On("has_image", "False");
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Image = "nix" }));
        Assert.Equal("ImageNotFound", failure.Code);
        Assert.Equal((0, 0), (Calls("set_image"), Calls("reboot_nodes")));
    }

    [Fact]
    public async Task A_model_that_the_image_does_not_fit_fails_alone()
    {
        lock (_platform.Nodes) _platform.Nodes[2]["model"] = "rpi-4-b";
        Func<RpcConnection, string, Task<string?>> set = _platform.Walt.Methods["set_image"];
        _platform.Walt.On("set_image", async (server, line) =>
        {
            if (!line.Contains("dahu-3", StringComparison.Ordinal)) return await set(server, line);
            await server.PrintErrorAsync("Sorry, this image is not compatible with node model rpi-4-b.\n");
            return "False";
        });
        var results = await BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-3"], Image = "debian12" });
        Assert.Equal((null, "ImageIncompatible"), (results["dahu-1"].Error?.Code, results["dahu-3"].Error?.Code));
    }

    [Fact]
    public async Task A_reboot_order_without_answer_falls_back_to_hard_reboots()
    {
        _platform.Walt.On("reboot_nodes", (string?)null);
        WaltBootResult result = (await BootAsync(new WaltBootRequest { Nodes = ["dahu-1"] }))["dahu-1"];
        Assert.Equal((true, WaltBootMethod.Hard), (result.IsBooted, result.Method));
        Assert.Contains("did not answer reboot_nodes", result.Steps[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_nodes_than_the_limit_are_under_way()
    {
        for (int i = 4; i <= 12; i++) _platform.AddNode($"dahu-{i}", i);
        int most = 0;
        _driver.StepStarted = (_, step) =>
        {
            if (step != "boot") return;
            lock (_platform.Nodes) most = Math.Max(most, _platform.Nodes.Count(n => !(bool)n["booted"]!));
        };
        Assert.Equal(12, (await BootAsync(new WaltBootRequest { Nodes = [.. Enumerable.Range(1, 12).Select(i => $"dahu-{i}")],
            ThrottleLimit = 4 })).Count);
        Assert.InRange(most, 2, 4);
    }

    [Fact]
    public async Task Results_come_as_nodes_are_decided_and_ending_the_enumeration_stops_the_rest()
    {
        _lostInKexec.Add("dahu-1");
        await foreach (WaltBootResult result in _driver.BootAsync(new WaltBootRequest { Nodes = ["dahu-1", "dahu-2"] }))
        {
            Assert.Equal("dahu-2", result.Node);
            break;
        }
        Assert.True(_platform.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch < TimeSpan.FromMinutes(1));
        Assert.Empty(_hardReboots);
    }

    [Fact]
    public async Task Cancelling_stops_everything()
    {
        _lostInKexec.Add("dahu-1");
        using CancellationTokenSource cancel = new();
        _driver.StepStarted = (_, step) => { if (step == "boot") cancel.CancelAfter(1); };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (WaltBootResult _ in _driver.BootAsync(new WaltBootRequest { Nodes = ["dahu-1"], Timeout = TimeSpan.FromDays(1) },
                cancel.Token)) { }
        });
    }

    [Fact]
    public async Task Hundreds_of_nodes_take_a_few_calls()
    {
        for (int i = 4; i <= 200; i++) _platform.AddNode($"dahu-{i}", i);
        var results = await BootAsync(new WaltBootRequest { Nodes = [.. Enumerable.Range(1, 200).Select(i => $"dahu-{i}")], Image = "debian12" });
        Assert.All(results.Values, r => Assert.True(r.IsBooted));
        Assert.Equal((1, 1), (Calls("set_image"), Calls("reboot_nodes")));
        Assert.InRange(_platform.Walt.Calls.Count, 4, 10);
    }
}
