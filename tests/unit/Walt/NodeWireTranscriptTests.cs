using WaltG5k.Core;
using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

/// <summary>The server's methods for nodes, line by line as they go over the wire.</summary>
public sealed class NodeWireTranscriptTests : IDisposable
{
    readonly FakePlatform _platform = new();

    public void Dispose() => _platform.Dispose();

    WaltServer Server => _platform.Server;

    void AssertCall(string line) => Assert.Equal($"('API_CALL', {line})", Assert.Single(_platform.Walt.Calls));

    [Fact]
    public async Task Ownership_is_asked_for_all_nodes_at_once()
    {
        _platform.Walt.On("filter_ownership", "(('dahu-1',), ('dahu-2',), ('dahu-3', 'dahu-4'), ())");
        WaltOwnership ownership = await Server.GetOwnershipAsync(["dahu-1", "dahu-2", "dahu-3", "dahu-4"]);
        AssertCall("'filter_ownership', ('dahu-1,dahu-2,dahu-3,dahu-4',), {}");
        Assert.Equal(["dahu-1"], ownership.Owned);
        Assert.Equal(["dahu-2"], ownership.Free);
        Assert.Equal(["dahu-3", "dahu-4"], ownership.Foreign);
    }

    [Fact]
    public async Task A_device_that_is_no_node_has_no_owner()
    {
        _platform.Walt.On("filter_ownership", "((), (), (), ('switch-1',))");
        Assert.Equal("WaltNodeNotFound", (await Assert.ThrowsAsync<G5kException>(() => Server.GetOwnershipAsync(["switch-1"]))).Code);
    }

    [Fact]
    public async Task Default_images_are_cloned()
    {
        _platform.Walt.On("get_clones_of_default_images", "(True, False, {'dahu-1': 'pc-x86-64-default', 'rpi-1': 'rpi-default'})");
        IReadOnlyDictionary<string, string> images = await Server.CloneDefaultImagesAsync(["dahu-1", "rpi-1"]);
        AssertCall("'get_clones_of_default_images', ('dahu-1,rpi-1',), {}");
        Assert.Equal("rpi-default", images["rpi-1"]);
    }

    [Fact]
    public async Task No_clone_is_an_error_with_the_servers_reason()
    {
        _platform.Walt.On("get_clones_of_default_images", async (connection, _) =>
        {
            await connection.PrintErrorAsync("Sorry, pulling the image failed.\n");
            return "(False, False, None)";
        });
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => Server.CloneDefaultImagesAsync(["dahu-1"]));
        Assert.Equal("ImageNotCloned", error.Code);
        Assert.Contains("pulling the image failed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "True")]
    [InlineData(false, "False")]
    public async Task A_light_is_switched(bool blinks, string flag)
    {
        _platform.Walt.On("blink", "True");
        await Server.SetBlinkAsync("dahu-1", blinks);
        AssertCall($"'blink', ('dahu-1', {flag}), {{}}");
    }

    [Theory]
    [InlineData("Blink request to dahu-1 failed: /bin/blink unavailable or not executable on image", "NodeNotBlinking")]
    [InlineData("No device with name 'dahu-1' found.", "WaltNodeNotFound")]
    public async Task A_light_that_is_not_switched_has_a_reason(string text, string code)
    {
        _platform.Walt.On("blink", async (connection, _) =>
        {
            await connection.PrintErrorAsync(text + "\n");
            return "False";
        });
        Assert.Equal(code, (await Assert.ThrowsAsync<G5kException>(() => Server.SetBlinkAsync("dahu-1", true))).Code);
    }

    [Fact]
    public async Task A_virtual_node_is_created()
    {
        _platform.Walt.On("create_vnode", "True");
        await Server.CreateVirtualNodeAsync("vnode1");
        AssertCall("'create_vnode', ('vnode1',), {}");
    }

    [Fact]
    public async Task A_virtual_node_is_removed()
    {
        _platform.Walt.On("remove_vnode", "True");
        await Server.RemoveVirtualNodeAsync("vnode1");
        AssertCall("'remove_vnode', ('vnode1',), {}");
    }

    [Fact]
    public async Task A_real_node_is_not_removed()
    {
        _platform.Walt.On("remove_vnode", async (connection, _) =>
        {
            await connection.PrintErrorAsync("FAILED: dahu-1 is a real node (not virtual).\n");
            return "False";
        });
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => Server.RemoveVirtualNodeAsync("dahu-1"));
        Assert.Equal("VirtualNodeNotRemoved", error.Code);
        Assert.Contains("is a real node", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_on_a_console_goes_out_as_bytes()
    {
        _platform.Walt.On("vnode_console_input", "None");
        await Server.SendConsoleInputAsync(new WaltNodeInfo("vnode1") { Mac = "52:54:00:00:00:01" }, "ls 'x'\n\u0001"u8.ToArray());
        AssertCall("""'vnode_console_input', ('52:54:00:00:00:01', b"ls 'x'\n\x01"), {}""");
    }

    [Fact]
    public async Task A_node_is_saved_in_one_session()
    {
        _platform.Walt.On("create_image_build_session",
            "{'image_fullname': 'walt-g5k/kept:latest', 'image_overwrite': False, 'username': 'walt-g5k', 'session_id': 3}");
        _platform.Walt.On("run_image_build_from_node_diff", "True");
        _platform.Walt.On("finalize_image_build_session", "'OK'");
        _platform.Images["walt-g5k/kept:latest"] = FakePlatform.DebianId;
        Assert.Equal("kept", (await Server.SaveNodeImageAsync("dahu-1", "kept", overwrites: false)).Name);
        Assert.Equal(
        [
            "('API_CALL', 'create_image_build_session', (), {'mode': 'node-diff', 'image_name': 'kept', 'node_name': 'dahu-1'})",
            "('API_CALL', 'run_image_build_from_node_diff', (3,), {})",
            "('API_CALL', 'finalize_image_build_session', (3,), {})",
        ], _platform.Walt.Calls.Take(3));
        // The server keeps a build with the connection that began it; what the image is afterwards may be asked on any.
        Assert.Equal(2, _platform.Walt.RpcConnections);
    }
}
