using WaltG5k.Testbed;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

public class WaltServerRpcTests
{
    [Fact]
    public async Task Tells_of_its_nodes_as_python_literals()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        string mac = small.Node("gros-1").MainNic!.Mac;
        Assert.Equal(
            $"('RESULT', ({{'mac': '{mac}', 'ip': '192.168.204.2', 'name': 'gros-1', 'type': 'node', 'virtual': False, 'conf': {{}}, "
            + "'image': 'waltplatform/pc-x86-64-default:latest', 'model': 'pc-x86-64', 'booted': False, 'gateway': '', 'netmask': '255.255.252.0', "
            + "'netsetup': 0, 'in_walt_net': True},))",
            await rpc.CallAsync("('API_CALL', 'get_nodes_info', ('gros-1',), {})"));
        Assert.Equal("('RESULT', ('192.168.204.2',))", await rpc.CallAsync("('API_CALL', 'get_nodes_ip', ('all-nodes',), {})"));
        Assert.Equal("('RESULT', '192.168.204.2')", await rpc.CallAsync("('API_CALL', 'get_node_ip', ('gros-1',), {})"));
        Assert.Equal("('RESULT', ())", await rpc.CallAsync("('API_CALL', 'get_nodes_info', ('nobody',), {})"));
        Assert.Equal("'stderr.write', (\"No device with name 'nobody' found.\\n\",), {})", rpc.Callbacks[^1]);
    }

    [Fact]
    public async Task Asks_for_the_user_once_and_follows_ownership()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2", "gros-3");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1,gros-2', 'pc-x86-64-default'), {})"));
        host.Devices.ByName("gros-2")!.Image = "alice/debian12:latest";
        Assert.Equal("('RESULT', (('gros-1',), ('gros-3',), ('gros-2',), ()))",
            await rpc.CallAsync("('API_CALL', 'filter_ownership', ('all-nodes',), {})"));
        Assert.Equal("('RESULT', 'gros-1')", await rpc.CallAsync("('API_CALL', 'develop_node_set', ('my-nodes',), {})"));
        Assert.Equal("('RESULT', ('gros-3',))", await rpc.CallAsync("('API_CALL', 'parse_set_of_nodes', ('free-nodes',), {})"));
        Assert.Single(rpc.Callbacks, c => c.StartsWith("'get_username'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'gros-1', 'debian12'", "True", "'stdout.write', ('Node gros-1 will now boot debian12.\\n',), {})")]
    [InlineData("'gros-1,gros-2,gros-3', 'debian12'", "True", "'stdout.write', ('Nodes gros-1, gros-2 and gros-3 will now boot debian12.\\n',), {})")]
    [InlineData("'all-nodes', 'debian12'", "True", "'stdout.write', ('6 nodes will now boot debian12.\\n',), {})")]
    [InlineData("'gros-1', 'default'", "True", "'stdout.write', ('Node gros-1: ignored, it is already using this image.\\n',), {})")]
    [InlineData("'gros-1', 'nothing'", "False", "'stderr.write', (\"Error: No such image 'nothing'. (tip: walt image show)\\n\",), {})")]
    [InlineData("'gros-1', 'rpi-debian'", "False", "'stderr.write', ('Sorry, this image is not compatible with node model pc-x86-64.\\n',), {})")]
    [InlineData("'nobody', 'debian12'", "False", "'stderr.write', (\"No device with name 'nobody' found.\\n\",), {})")]
    [InlineData("'walt-server', 'debian12'", "False", "'stderr.write', ('walt-server is not a node, it is a server.\\n',), {})")]
    [InlineData("'my-nodes', 'debian12'", "False", "'stderr.write', ('No matching devices found! (tip: walt help show node-ownership)\\n',), {})")]
    public async Task Says_in_its_own_words_what_became_of_an_image_change(string arguments, string result, string last)
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(14, "gros-1", "gros-2", "gros-3", "parasilo-1", "parasilo-2", "parasilo-3");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal($"('RESULT', {result})", await rpc.CallAsync($"('API_CALL', 'set_image', ({arguments}), {{}})"));
        Assert.Equal(last, rpc.Callbacks[^1]);
    }

    [Fact]
    public async Task A_released_node_is_free_for_others()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'alpine'), {})");
        await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'default'), {})");
        Assert.Equal("'stdout.write', (\"Node gros-1 will now boot its default image (other users will see it is 'free').\\n\",), {})",
            rpc.Callbacks[^1]);
        Assert.Null(host.Devices.ByName("gros-1")!.Owner);
    }

    [Fact]
    public async Task Answers_before_the_new_image_is_in_effect_and_a_quick_reboot_gets_the_old_one()
    {
        await using SmallWorld small = new("walt-slow-mount=8");
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        small.PutUp(host, "gros-1", "gros-2");
        string oldId = host.Images.Default.Id;
        Assert.True(host.Images.TryFind("walt-g5k", "debian12", out WaltImage? image));
        using RpcConnection rpc = await small.ConnectAsync(host);

        await rpc.CallAsync("('API_CALL', 'set_image', ('all-nodes', 'debian12'), {})");
        Assert.Equal(oldId, host.Devices.ByName("gros-1")!.RoutedImageId);
        await rpc.CallAsync("('API_CALL', 'reboot_nodes', ('gros-1',), {})");
        await small.UntilAsync(() => host.Devices.ByName("gros-2")!.RoutedImageId == image.Id);
        Assert.InRange(small.Now, 7.5, 9);
        await rpc.CallAsync("('API_CALL', 'reboot_nodes', ('gros-2',), {})");
        Assert.Equal("('RESULT', 0)", await rpc.CallAsync("('API_CALL', 'wait_for_nodes', ('all-nodes',), {})"));

        Assert.Equal("walt:" + oldId, small.Node("gros-1").System);
        Assert.Equal("walt:" + image.Id, small.Node("gros-2").System);
    }

    [Fact]
    public async Task An_older_mount_that_ends_later_changes_nothing()
    {
        await using SmallWorld small = new("walt-slow-mount*1=8");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        Assert.True(host.Images.TryFind("walt-g5k", "alpine", out WaltImage? alpine));
        using RpcConnection rpc = await small.ConnectAsync(host);
        await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'debian12'), {})");
        await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'alpine'), {})");
        await small.PassAsync(20);
        Assert.Equal(alpine.Id, host.Devices.ByName("gros-1")!.RoutedImageId);
    }

    [Fact]
    public async Task Reboots_by_kexec_and_waits()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'wait_for_nodes', ('gros-1',), {})"));
        double start = small.Now;
        Assert.Equal("('RESULT', 'OK')", await rpc.CallAsync("('API_CALL', 'reboot_nodes', ('gros-1',), {'cause': 'image change'})"));
        Assert.Equal("'stdout.write', ('Node gros-1: rebooted ok.\\n',), {})", rpc.Callbacks[^1]);
        Assert.False(host.Devices.ByName("gros-1")!.IsBooted);
        Assert.Equal("('RESULT', 0)", await rpc.CallAsync("('API_CALL', 'wait_for_nodes', ('gros-1',), {})"));
        Assert.Equal("'set_busy_label', ('Waiting for bootup of node gros-1',), {})", rpc.Callbacks[^1]);
        Assert.InRange(small.Now - start, 18, 22);
        Assert.Equal("('RESULT', False)", await rpc.CallAsync("('API_CALL', 'wait_for_nodes', ('nobody',), {})"));
        Assert.Equal("('RESULT', None)", await rpc.CallAsync("('API_CALL', 'reboot_nodes', ('nobody',), {})"));
        Assert.Equal(["node gros-1 is booted", "node gros-1 is down (cause: image change, method: soft-reboot)", "node gros-1 is booted"],
            host.Logs.Where(l => l.Issuer == "walt-server").Select(l => l.Line));
    }

    [Theory]
    [InlineData(null, "FAILED",
        "'stderr.write', ('Node gros-1: failed soft-reboot (no route to host) and poe-reboot (unknown lldp network position)\\n',), {})")]
    [InlineData("(('MAC',), {})", "OK", "'stdout.write', ('Node gros-1: rebooted ok.\\n',), {})")]
    [InlineData("((), {'MAC': 'busy'})", "FAILED",
        "'stderr.write', ('Node gros-1: failed soft-reboot (no route to host) and kareboot3 (busy)\\n',), {})")]
    public async Task Turns_to_the_client_for_a_node_that_does_not_answer(string? hook, string result, string last)
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.Node("gros-1").Power = NodePower.Dead;
        string mac = small.Node("gros-1").MainNic!.Mac;
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal($"('RESULT', '{result}')",
            await rpc.CallAsync("('API_CALL', 'reboot_nodes', ('gros-1',), {})", hook: hook?.Replace("MAC", mac, StringComparison.Ordinal)));
        Assert.Equal("'has_hook', ('client_hard_reboot',), {})", rpc.Callbacks[0]);
        if (hook is not null) Assert.Equal($"'hard_reboot_nodes', (('{mac}',),), {{}})", rpc.Callbacks[2]);
        Assert.Equal(last, rpc.Callbacks[^1]);
        Assert.InRange(small.Now, 3, 3.5);
    }

    [Fact]
    public async Task A_hard_reboot_behind_its_back_shows_only_when_the_connection_dies()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        _ = small.World.NodeLife.HardReboot(small.Node("gros-1"));
        Assert.True(host.Devices.ByName("gros-1")!.IsBooted);
        Assert.InRange(await small.UntilAsync(() => !host.Devices.ByName("gros-1")!.IsBooted), 25, 26);
        Assert.Equal("node gros-1 is down (cause: unknown, note: server-detected disconnection)", host.Logs[^1].Line);
    }

    [Fact]
    public async Task Stays_silent_on_what_it_does_not_know_and_goes_on()
    {
        await using SmallWorld small = new("walt-silent:get_time*1");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        await rpc.SendAsync("('API_CALL', 'make_coffee', (), {})");
        await rpc.SendAsync("('API_CALL', 'set_image', ('gros-1',), {})");
        await rpc.SendAsync("('API_CALL', 'get_time', (), {})");
        Assert.Equal("('RESULT', 1774342800.0)", await rpc.CallAsync("('API_CALL', 'get_time', (), {})"));
    }

    [Theory]
    [InlineData("('CLOSE',)")]
    [InlineData("('SET_MODE', 'pickle4')")]
    [InlineData("('API_CALL', 'get_time', ()")]
    [InlineData("__import__('os')")]
    [InlineData("('NONSENSE',)")]
    public async Task Closes_without_a_word(string line)
    {
        await using SmallWorld small = new();
        using RpcConnection rpc = await small.ConnectAsync(small.AddWaltServer(4));
        await rpc.SendAsync("('SET_MODE', 'line-repr-eval')");
        await rpc.SendAsync(line);
        Assert.Null(await rpc.ReadAsync());
    }

    [Fact]
    public async Task Drops_the_connection_in_the_middle_of_a_call_after_the_change_was_made()
    {
        await using SmallWorld small = new("walt-drops:set_image*1");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Null(await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'debian12'), {})"));
        Assert.Equal("walt-g5k/debian12:latest", host.Devices.ByName("gros-1")!.Image);
    }

    [Fact]
    public async Task Gives_a_user_a_clone_of_the_default_image_at_his_first_look()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4);
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'has_image', ('pc-x86-64-default', False), {})", user: "alice"));
        Assert.Equal("('RESULT', False)", await rpc.CallAsync("('API_CALL', 'has_image', ('debian12', False), {})"));
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'has_image', ('default', True), {})"));
        Assert.Equal(
            $"('RESULT', [('alice/pc-x86-64-default:latest', '{host.Images.Default.Id}', False, ('pc-x86-64',))])",
            await rpc.CallAsync(
            "('API_CALL', 'get_images_tabular_data', ('alice', False), {'fields': ('fullname', 'id', 'in_use', 'compatibility:tuple')})"));
    }

    [Fact]
    public async Task Copies_and_removes_images_unless_they_are_in_use()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'duplicate_image', ('debian12', 'mine'), {})"));
        Assert.Equal("('RESULT', False)", await rpc.CallAsync("('API_CALL', 'duplicate_image', ('debian12', 'Mine'), {})"));
        await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'mine'), {})");
        Assert.Equal("('RESULT', False)", await rpc.CallAsync("('API_CALL', 'remove_image', ('mine',), {})"));
        Assert.Equal("'stderr.write', ('Sorry, cannot proceed because the image is in use.\\n',), {})", rpc.Callbacks[^1]);
        Assert.Equal("('RESULT', True)", await rpc.CallAsync("('API_CALL', 'remove_image', ('debian12',), {})"));
        Assert.False(host.Images.TryFind("walt-g5k", "debian12", out _));
    }

    [Theory]
    [InlineData("kexec.allow=false", "'stdout.write', ('Done.\\n',), {})")]
    [InlineData("netsetup=NAT", "'stdout.write', ('Done. Reboot node(s) to see new settings in effect.\\n',), {})")]
    [InlineData("kexec.allow=maybe", "'stderr.write', (\"Failed: setting 'kexec.allow' only allows values 'true' or 'false'.\\n\",), {})")]
    [InlineData("colour=red", "'stderr.write', (\"Unknown setting 'colour'. See: 'walt help show device-config'\\n\",), {})")]
    [InlineData("boot.timeout=10", "'stderr.write', ('Failed: A boot timeout of 10s is probably too small\\n',), {})")]
    public async Task Tells_the_success_of_a_setting_in_words_only(string setting, string last)
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using RpcConnection rpc = await small.ConnectAsync(host);
        Assert.Equal("('RESULT', None)", await rpc.CallAsync($"('API_CALL', 'set_device_config', ('gros-1', ('{setting}',)), {{}})"));
        Assert.Equal(last, rpc.Callbacks[^1]);
        Assert.Equal(last.Contains("Done", StringComparison.Ordinal) ? 1 : 0, host.Devices.ByName("gros-1")!.Settings.Count);
    }

    [Fact]
    public async Task Registers_nodes_but_does_not_rename_one_that_it_knows()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4);
        using RpcConnection tools = await small.ConnectAsync(host, "SSAPI");
        using RpcConnection client = await small.ConnectAsync(host);
        string Register(string ip, string name) =>
            $"('API_CALL', 'register_device', ('walt.node.pc-x86-64', '', '{ip}', 'b0:26:28:00:aa:05', '{name}'), {{}})";
        Assert.Equal("('RESULT', None)", await tools.CallAsync(Register("192.168.204.9", "")));
        Assert.Equal("('RESULT', None)", await tools.CallAsync(Register("192.168.204.5", "dahu-5.grenoble.grid5000.fr")));
        Assert.Equal("('RESULT', '192.168.204.5')", await client.CallAsync("('API_CALL', 'get_device_ip', ('walt-00aa05',), {})"));
        Assert.Equal("('RESULT', True)", await client.CallAsync("('API_CALL', 'rename', ('walt-00aa05', 'dahu-5'), {})"));
        Assert.Equal("('RESULT', False)", await client.CallAsync("('API_CALL', 'rename', ('dahu-5', 'x'), {})"));

        using RpcConnection virtualApi = await small.ConnectAsync(host, "VSAPI");
        Assert.StartsWith("('RESULT', {'mac': 'b0:26:28:00:aa:05', 'ip': '192.168.204.5', 'name': 'dahu-5'",
            await virtualApi.CallAsync("('API_CALL', 'get_device_info', ('b0:26:28:00:aa:05',), {})"), StringComparison.Ordinal);
        await virtualApi.SendAsync("('API_CALL', 'get_device_info', ('00:00:00:00:00:00',), {})");
        Assert.True(await virtualApi.IsSilentAsync());
    }

    [Fact]
    public async Task Comes_back_after_the_process_with_all_that_it_knew()
    {
        await using SmallWorld before = new();
        WaltHost host = before.AddWaltServer(4, "gros-1", "gros-2");
        before.PutUp(host, "gros-1", "gros-2");
        using (RpcConnection rpc = await before.ConnectAsync(host))
        {
            await rpc.CallAsync("('API_CALL', 'set_image', ('gros-1', 'debian12'), {})");
            await rpc.CallAsync("('API_CALL', 'set_device_config', ('gros-1', ('boot.retries=2',)), {})");
        }
        _ = before.World.NodeLife.HardReboot(before.Node("gros-2"));
        string[] saved = [.. before.World.Parts.Select(p => p.Save()!.ToJsonString())];

        await using SmallWorld after = new();
        foreach ((ITestbedPart part, string state) in after.World.Parts.Zip(saved)) part.Load(System.Text.Json.Nodes.JsonNode.Parse(state)!);
        foreach (ITestbedPart part in after.World.Parts) part.Start();
        WaltHost again = after.Walt.Find(after.Node("gros-4"))!;
        using RpcConnection client = await after.ConnectAsync(again);
        Assert.Contains("'conf': {'boot.retries': 2}, 'image': 'walt-g5k/debian12:latest'",
            await client.CallAsync("('API_CALL', 'get_nodes_info', ('gros-1',), {})"), StringComparison.Ordinal);
        Assert.True(again.Images.TryFind("walt-g5k", "debian12", out WaltImage? image));
        Assert.Equal(image.Id, again.Devices.ByName("gros-1")!.RoutedImageId);
        Assert.True(again.Devices.ByName("gros-1")!.IsBooted);
        Assert.False(again.Devices.ByName("gros-2")!.IsBooted);
        Assert.True(again.Serves(after.World.Sites["nancy"].Vlans[4]));
    }
}
