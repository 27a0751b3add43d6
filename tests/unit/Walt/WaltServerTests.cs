using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Walt;

public sealed class WaltServerTests : IDisposable
{
    readonly FakePlatform _platform = new();
    readonly ScriptedWalt _walt;
    readonly VirtualClock _clock;
    readonly WaltServer _server;
    readonly List<Dictionary<string, object?>> _nodes;
    readonly Dictionary<string, string> _effective;

    public WaltServerTests()
    {
        _walt = _platform.Walt;
        _clock = _platform.Clock;
        _server = _platform.Server;
        _nodes = _platform.Nodes;
        _effective = _platform.Effective;
        for (int i = 1; i <= 3; i++) _platform.AddNode($"dahu-{i}", i);
    }

    public void Dispose() => _platform.Dispose();

    async Task<WaltNodeInfo> NodeAsync(string name) => (await _server.GetNodesAsync()).Single(n => n.Name == name);
    async Task<WaltImageInfo> ImageAsync(string name) => (await _server.GetImagesAsync()).Single(i => i.FullName == $"walt-g5k/{name}:latest");

    static async Task<G5kException> FailsAsync(string code, Func<Task> action)
    {
        G5kException failure = await Assert.ThrowsAsync<G5kException>(action);
        Assert.Equal(code, failure.Code);
        Assert.False(string.IsNullOrEmpty(failure.Recommendation));
        return failure;
    }

    [Fact]
    public async Task Nodes_and_images_are_read_from_the_api()
    {
        WaltNodeInfo node = await NodeAsync("dahu-1");
        Assert.Equal(("walt-g5k", "192.168.204.2", true, "true", "9"),
            (node.Owner, node.Ip, node.IsBooted, node.Configuration["kexec.allow"], node.Configuration["boot.retries"]));
        WaltImageInfo image = await ImageAsync("debian12");
        Assert.Equal(("debian12", FakePlatform.DebianId, new DateTime(2026, 3, 24, 9, 0, 0, DateTimeKind.Unspecified), "pc-x86-64"),
            (image.Name, image.Id, image.Created, Assert.Single(image.Models)));
        Assert.All(_walt.Requests, r => Assert.Contains("Prefer: errors=json", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("!400 {\"error\": \"'x' is not a valid filtering field.\", \"status_code\": 400}", "WaltHttpFailed",
        "'x' is not a valid filtering field.")]
    [InlineData("!400 <html>oops</html>", "WaltHttpFailed", "<html>oops</html>")]
    [InlineData("<html>", "WaltHttpInvalid", "nodes")]
    [InlineData("{\"nodes\": 3}", "WaltHttpInvalid", "nodes")]
    public async Task Answers_that_are_none_are_told(string body, string code, string text)
    {
        _walt.Http = _ => body;
        Assert.Contains(text, (await FailsAsync(code, () => _server.GetNodesAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_used_again_within_five_seconds_only()
    {
        _walt.On("filter_ownership", "(('dahu-1',), (), (), ())");
        await _server.GetForeignNodesAsync(["dahu-1"]);
        await _server.GetForeignNodesAsync(["dahu-1"]);
        Assert.Equal(1, _walt.RpcConnections);
        _clock.Jump(TimeSpan.FromSeconds(6));
        await _server.GetForeignNodesAsync(["dahu-1"]);
        Assert.Equal(2, _walt.RpcConnections);
    }

    [Fact]
    public async Task A_question_survives_one_lost_connection()
    {
        int calls = 0;
        _walt.On("filter_ownership", (_, _) => Task.FromResult<string?>(++calls == 1 ? "CLOSE" : "(('dahu-1',), (), (), ())"));
        Assert.Empty(await _server.GetForeignNodesAsync(["dahu-1"]));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_lost_reboot_order_is_not_repeated()
    {
        int calls = 0;
        _walt.On("reboot_nodes", (_, _) =>
        {
            calls++;
            return Task.FromResult<string?>("CLOSE");
        });
        await FailsAsync("RpcConnectionLost", () => _server.RebootAsync(["dahu-1"], false, "test"));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task An_image_is_set_in_the_safe_order()
    {
        await _server.SetImageAsync(["dahu-1", "dahu-2"], "debian12");
        Assert.Equal(["has_image", "develop_node_set", "filter_ownership", "set_image"], _walt.Calls.Select(c => c.Split('\'')[3]));
        Assert.Equal("('API_CALL', 'set_image', ('dahu-1,dahu-2', 'debian12'), {})", _walt.Calls.Last());
    }

    [Theory]
    [InlineData("has_image", "False", "Error: No such image 'nix'. (tip: walt image show)", "ImageNotFound", "nix", "Get-WaltImage")]
    [InlineData("develop_node_set", "None", "No device with name 'dahu-1' found.", "WaltNodeNotFound", "dahu-1", "Get-WaltNode")]
    [InlineData("develop_node_set", "None", "dahu-1 is not a node, it is a switch.", "WaltNodeNotFound", "dahu-1", "Get-WaltNode")]
    [InlineData("filter_ownership", "((), (), ('dahu-1',), ())", null, "NodeNotOwned", "dahu-1", "Get-WaltNode")]
    [InlineData("filter_ownership", "((), (), (), ('dahu-1',))", null, "WaltNodeNotFound", "dahu-1", "Get-WaltNode")]
    [InlineData("filter_ownership", "((), (), (), ())", "No matching devices found! (tip: walt help show node-ownership)", "WaltNodeNotFound",
        "dahu-1", "Get-WaltNode")]
    [InlineData("set_image", "False", "Sorry, this image is not compatible with node model pc-x86-64.", "ImageIncompatible", "nix", "Get-WaltImage")]
    [InlineData("set_image", "False", "Error: No such image 'nix'. (tip: walt image show)", "ImageNotFound", "nix", "Get-WaltImage")]
    [InlineData("set_image", "False", "Something else.", "WaltRequestRefused", "nix", "journalctl")]
    public async Task A_refusal_has_its_code_and_the_next_command(string method, string answer, string? error, string code, string target,
        string advice)
    {
        _walt.On(method, async (server, _) =>
        {
            if (error is not null) await server.PrintErrorAsync(error + "\n");
            return answer;
        });
        G5kException failure = await FailsAsync(code, () => _server.SetImageAsync(["dahu-1"], "nix"));
        Assert.Equal(target, failure.Target);
        Assert.Contains(advice, failure.Recommendation, StringComparison.Ordinal);
        if (method != "set_image") Assert.DoesNotContain(_walt.Calls, c => c.Contains("'set_image'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_owner_of_a_foreign_node_is_named()
    {
        lock (_nodes) _nodes[0]["image"] = "alice/debian12:latest";
        _walt.On("filter_ownership", "((), (), ('dahu-1',), ())");
        Assert.Contains("'alice'", (await FailsAsync("NodeNotOwned", () => _server.SetImageAsync(["dahu-1"], "debian12"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_counts_once_the_boot_files_have_changed_and_stay()
    {
        WaltNodeInfo node = await NodeAsync("dahu-1");
        WaltImageInfo image = await ImageAsync("debian12");
        await _server.SetImageAsync(["dahu-1", "dahu-2"], "debian12");
        Assert.False(await _server.IsRoutedAsync(node, image));
        Assert.False(await _server.IsRoutedAsync(node, image));
        lock (_effective) _effective["192.168.204.2"] = FakePlatform.DebianId;
        Assert.False(await _server.IsRoutedAsync(node, image));     // seen once
        Assert.True(await _server.IsRoutedAsync(node, image));
        // The other node is judged by its own files, at the first look now that the image's are known.
        WaltNodeInfo other = await NodeAsync("dahu-2");
        Assert.False(await _server.IsRoutedAsync(other, image));
        lock (_effective) _effective["192.168.204.3"] = FakePlatform.DebianId;
        Assert.True(await _server.IsRoutedAsync(other, image));
    }

    [Fact]
    public async Task An_address_without_boot_files_is_not_routed()
    {
        WaltNodeInfo node = await NodeAsync("dahu-1");
        await _server.SetImageAsync(["dahu-1"], "debian12");
        lock (_effective) _effective.Remove("192.168.204.2");
        _clock.Jump(TimeSpan.FromMinutes(1));
        Assert.False(await _server.IsRoutedAsync(node, await ImageAsync("debian12")));
    }

    [Fact]
    public async Task The_same_image_under_another_name_is_routed_at_once()
    {
        lock (_nodes) _nodes[0]["image"] = "waltplatform/pc-x86-64-default:latest";
        WaltNodeInfo node = await NodeAsync("dahu-1");
        await _server.SetImageAsync(["dahu-1"], "pc-x86-64-default");
        WaltRouteCheck check = (await _server.CheckRoutesAsync([new WaltRoute(node, await ImageAsync("pc-x86-64-default"))]))["dahu-1"];
        Assert.True(check.IsRouted);
        Assert.Contains("already", check.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_with_the_same_boot_files_are_trusted_after_a_while_and_the_note_says_so()
    {
        WaltNodeInfo node = await NodeAsync("dahu-1");
        WaltImageInfo image = await ImageAsync("like-default");
        await _server.SetImageAsync(["dahu-1"], "like-default");
        Assert.False(await _server.IsRoutedAsync(node, image));
        _clock.Jump(RouteBook.BlindDelay);
        WaltRouteCheck check = (await _server.CheckRoutesAsync([new WaltRoute(node, image)]))["dahu-1"];
        Assert.True(check.IsRouted);
        Assert.Contains("trusted after 10 s", check.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_change_before_the_first_took_effect_is_judged_by_the_files_of_before_both()
    {
        WaltNodeInfo node = await NodeAsync("dahu-1");
        await _server.SetImageAsync(["dahu-1"], "like-default");
        lock (_nodes) _nodes[0]["image"] = "walt-g5k/like-default:latest";
        await _server.SetImageAsync(["dahu-1"], "debian12");
        lock (_nodes) _nodes[0]["image"] = "walt-g5k/debian12:latest";
        await _server.SetImageAsync(["dahu-1"], "debian12");        // again: already this image, but not in effect
        Assert.False(await _server.IsRoutedAsync(node, await ImageAsync("debian12")));
        lock (_effective) _effective["192.168.204.2"] = FakePlatform.DebianId;
        Assert.False(await _server.IsRoutedAsync(node, await ImageAsync("debian12")));
        Assert.True(await _server.IsRoutedAsync(node, await ImageAsync("debian12")));
    }

    [Fact]
    public async Task Links_on_the_server_decide_where_they_can_be_read()
    {
        Dictionary<string, string> links = new() { ["dahu-1"] = $"../../images/{FakePlatform.DefaultId}/fs" };
        _server.ReadImageLinks = (names, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(links);
        WaltNodeInfo node = await NodeAsync("dahu-1");
        await _server.SetImageAsync(["dahu-1"], "like-default");
        _clock.Jump(TimeSpan.FromMinutes(1));
        Assert.False(await _server.IsRoutedAsync(node, await ImageAsync("like-default")));
        links["dahu-1"] = $"../../images/{FakePlatform.LikeDefaultId}/fs";
        Assert.True(await _server.IsRoutedAsync(node, await ImageAsync("like-default")));
    }

    [Fact]
    public async Task Where_links_cannot_be_read_the_boot_files_decide()
    {
        _server.ReadImageLinks = (_, _) => throw new G5kException("CommandFailed", ErrorKind.ResourceUnavailable, "ssh: refused");
        WaltNodeInfo node = await NodeAsync("dahu-1");
        await _server.SetImageAsync(["dahu-1"], "debian12");
        lock (_effective) _effective["192.168.204.2"] = FakePlatform.DebianId;
        Assert.False(await _server.IsRoutedAsync(node, await ImageAsync("debian12")));
        Assert.True(await _server.IsRoutedAsync(node, await ImageAsync("debian12")));
    }

    [Fact]
    public async Task A_successful_reboot_has_no_reasons()
    {
        _walt.On("reboot_nodes", "'OK'");
        IReadOnlyDictionary<string, string?> outcome = await _server.RebootAsync(["dahu-1", "dahu-2"], false, "image change");
        Assert.Equal(["dahu-1", "dahu-2"], outcome.Keys.Order());
        Assert.All(outcome.Values, Assert.Null);
        Assert.Equal("('API_CALL', 'reboot_nodes', ('dahu-1,dahu-2',), {'hard_only': False, 'cause': 'image change'})", _walt.Calls.Last());
    }

    [Fact]
    public async Task Reasons_are_read_from_sentences_about_one_and_several_nodes()
    {
        _walt.On("reboot_nodes", async (server, _) =>
        {
            await server.PrintErrorAsync(
                "Nodes dahu-1, dahu-2 and dahu-4: failed soft-reboot (no route to host) and poe-reboot (unknown lldp network position)\n");
            await server.PrintErrorAsync("Node dahu-5: failed soft-reboot (connection timed out)\n");
            await server.PrintAsync("Node dahu-3: rebooted ok.\n");
            return "'FAILED'";
        });
        IReadOnlyDictionary<string, string?> outcome = await _server.RebootAsync(["dahu-1", "dahu-2", "dahu-3", "dahu-4", "dahu-5"], false, "test");
        Assert.Null(outcome["dahu-3"]);
        Assert.Contains("no route to host", outcome["dahu-4"], StringComparison.Ordinal);
        Assert.Equal("failed soft-reboot (connection timed out)", outcome["dahu-5"]);
    }

    [Fact]
    public async Task Beyond_five_nodes_those_that_went_down_were_rebooted()
    {
        for (int i = 4; i <= 14; i++) _platform.AddNode($"dahu-{i}", i);
        _walt.On("reboot_nodes", async (server, _) =>
        {
            lock (_nodes) foreach (var node in _nodes.Take(7)) node["booted"] = false;
            await server.PrintAsync("7 nodes: rebooted ok.\n");
            await server.PrintErrorAsync("7 nodes: failed soft-reboot (no route to host)\n");
            return "'FAILED'";
        });
        IReadOnlyDictionary<string, string?> outcome =
            await _server.RebootAsync([.. Enumerable.Range(1, 14).Select(i => $"dahu-{i}")], false, "test");
        Assert.Equal(Enumerable.Range(1, 7).Select(i => $"dahu-{i}").Order(), outcome.Where(o => o.Value is null).Select(o => o.Key).Order());
    }

    [Fact]
    public async Task An_unknown_node_is_refused_by_the_reboot()
    {
        _walt.On("reboot_nodes", async (server, _) =>
        {
            await server.PrintErrorAsync("No device with name 'nix' found.\n");
            return "None";
        });
        Assert.Equal("nix", (await FailsAsync("WaltNodeNotFound", () => _server.RebootAsync(["nix"], false, "test"))).Target);
    }

    [Fact]
    public async Task The_server_may_ask_for_hard_reboots_by_mac_and_gets_names_rebooted()
    {
        List<string> asked = [];
        _server.HardReboot = (names, _) =>
        {
            asked.AddRange(names);
            return Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["dahu-2"] = "kareboot3: no answer" });
        };
        string? answer = null;
        _walt.On("reboot_nodes", async (server, _) =>
        {
            if (await server.CallBackAsync("has_hook", "('client_hard_reboot',)") != "True") return "'OK'";
            answer = await server.CallBackAsync("hard_reboot_nodes", "(('b0:26:28:aa:00:01', 'b0:26:28:aa:00:02', 'ff:ff'),)");
            await server.PrintErrorAsync("Node dahu-2: failed soft-reboot (no route to host) and kareboot3 (kareboot3: no answer)\n");
            return "'FAILED'";
        });
        IReadOnlyDictionary<string, string?> outcome = await _server.RebootAsync(["dahu-1", "dahu-2"], false, "test");
        Assert.Equal(["dahu-1", "dahu-2"], asked);
        Assert.Equal("(('b0:26:28:aa:00:01',), {'ff:ff': 'unknown to the client', 'b0:26:28:aa:00:02': 'kareboot3: no answer'})", answer);
        Assert.Null(outcome["dahu-1"]);
        Assert.Contains("kareboot3", outcome["dahu-2"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Booted_nodes_are_reported_as_they_come_and_the_others_left_out()
    {
        lock (_nodes) foreach (var node in _nodes) node["booted"] = false;
        using ITimer timer = _clock.CreateTimer(_ => { lock (_nodes) _nodes[1]["booted"] = true; }, null, TimeSpan.FromSeconds(30),
            Timeout.InfiniteTimeSpan);
        List<string> reported = [];
        IReadOnlySet<string> booted = await _server.WaitBootedAsync(["dahu-1", "dahu-2"], TimeSpan.FromMinutes(3), reported.Add);
        Assert.Equal(["dahu-2"], booted);
        Assert.Equal(["dahu-2"], reported);
        Assert.Equal(DateTimeOffset.UnixEpoch + TimeSpan.FromMinutes(3), _clock.GetUtcNow());
        int reads = _walt.Requests.Count;
        Assert.InRange(reads, 40, 180);     // every second at first, every three later
    }

    [Fact]
    public async Task Waiting_for_an_unknown_node_fails_at_once()
        => Assert.Equal("nix", (await FailsAsync("WaltNodeNotFound",
            () => _server.WaitBootedAsync(["dahu-1", "nix"], TimeSpan.FromHours(1)))).Target);

    [Fact]
    public async Task After_a_hard_reboot_past_the_server_the_boot_before_does_not_count()
    {
        _server.HardReboot = (_, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
        Assert.Null((await _server.HardRebootAsync(["dahu-1"]))["dahu-1"]);
        using ITimer down = _clock.CreateTimer(_ => { lock (_nodes) _nodes[0]["booted"] = false; }, null, TimeSpan.FromSeconds(25),
            Timeout.InfiniteTimeSpan);
        using ITimer up = _clock.CreateTimer(_ => { lock (_nodes) _nodes[0]["booted"] = true; }, null, TimeSpan.FromSeconds(145),
            Timeout.InfiniteTimeSpan);
        Assert.Contains("dahu-1", await _server.WaitBootedAsync(["dahu-1"], TimeSpan.FromMinutes(5)));
        Assert.InRange(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(145), TimeSpan.FromSeconds(150));
    }

    [Fact]
    public async Task A_server_that_cannot_be_read_for_long_fails_the_wait()
    {
        lock (_nodes) _nodes[0]["booted"] = false;
        using ITimer timer = _clock.CreateTimer(_ => _walt.Http = _ => "!400 broken", null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        await FailsAsync("WaltHttpFailed", () => _server.WaitBootedAsync(["dahu-1"], TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_node_is_registered_through_the_servers_tools()
    {
        _walt.On("register_device", (_, _) =>
        {
            _platform.AddNode("dahu-9", 9);
            return Task.FromResult<string?>("None");
        });
        await _server.RegisterNodeAsync("dahu-9", "B0:26:28:AA:00:09", "192.168.204.10");
        Assert.Equal("10 SSAPI", Assert.Single(_walt.Greetings));
        Assert.Equal("('API_CALL', 'register_device', ('walt.node.pc-x86-64', '', '192.168.204.10', 'b0:26:28:aa:00:09', 'dahu-9'), {})",
            Assert.Single(_walt.Calls));
    }

    [Fact]
    public async Task A_node_known_under_another_name_is_renamed()
    {
        Dictionary<string, object?> node = _platform.AddNode("node-aa0009", 9);
        _walt.On("register_device", "None");
        _walt.On("rename", (_, _) =>
        {
            node["name"] = "dahu-9";
            return Task.FromResult<string?>("True");
        });
        await _server.RegisterNodeAsync("dahu-9", "b0:26:28:aa:00:09", "192.168.204.10");
        Assert.Contains("('API_CALL', 'rename', ('node-aa0009', 'dahu-9'), {})", _walt.Calls);
    }

    [Fact]
    public async Task A_node_that_does_not_appear_or_has_another_address_is_a_failure()
    {
        _walt.On("register_device", "None");
        Assert.Contains("does not list", (await FailsAsync("NodeNotRegistered",
            () => _server.RegisterNodeAsync("dahu-9", "b0:26:28:aa:00:09", "192.168.204.10"))).Message, StringComparison.Ordinal);
        _platform.AddNode("dahu-9", 9);
        Assert.Contains("192.168.204.77", (await FailsAsync("NodeNotRegistered",
            () => _server.RegisterNodeAsync("dahu-9", "b0:26:28:aa:00:09", "192.168.204.77"))).Message, StringComparison.Ordinal);
    }
}
