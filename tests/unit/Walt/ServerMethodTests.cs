using System.Reflection;
using System.Text.RegularExpressions;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Core.Walt.Settings;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Testbed;
using WaltG5k.Tests.Walt.Images;

namespace WaltG5k.Tests.Walt;

/// <summary>
/// Every method of a WalT server that the client calls is known here: what goes over the wire for it, and that the emulated server answers. A method
/// that is added to the client fails these tests until it has both, and a transcript.
/// </summary>
public sealed partial class ServerMethodTests
{
    static readonly string s_root = typeof(ServerMethodTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    /// <param name="Call">The arguments by position and by name as they are written; … stands for what differs from run to run.</param>
    sealed record Exercise(string Call, Func<Scene, Task> Act);

    sealed record Scene(SmallWorld Small, WaltHost Host, WaltServer Server)
    {
        public CancellationToken Limit => Small.Limit;
    }

    static Exercise On(string call, Func<Scene, Task> act) => new(call, act);

    static readonly Dictionary<string, Exercise> s_exercises = new()
    {
        ["add_checkpoint"] = On("('before', None), {}", s => s.Server.AddCheckpointAsync("before", null, s.Limit)),
        ["blink"] = On("('gros-1', True), {}", s =>
        {
            lock (s.Small.World.Sync) s.Host.Devices.ByName("gros-1")!.Memory.Files["/bin/blink"] = "";
            return s.Server.SetBlinkAsync("gros-1", blinks: true, s.Limit);
        }),
        ["clone_image"] = On("('docker:carol/bench',), {'force': False, 'image_name': 'mine'}",
        s => s.Server.CloneImageAsync(WaltImageLink.Parse("docker:carol/bench"), "mine", force: false, null, s.Limit)),
        ["count_logs"] = On("(), {'history': (None, None), 'issuers': ('gros-1',), 'exclude_consoles': False}",
        s => s.Server.CountLogsAsync(new WaltLogQuery { Issuers = ["gros-1"] }, s.Limit)),
        ["create_image_build_session"] =
        On("(), {'mode': 'url', 'image_name': 'tool', 'url': 'https://git.example.org/tool.git', 'subdir': 'minimal'}", BuildAsync),
        ["create_image_shell_session"] = On("('debian12', 'shell session'), {}", SaveSessionAsync),
        ["create_vnode"] = On("('vnode1',), {}", s => s.Server.CreateVirtualNodeAsync("vnode1", s.Limit)),
        ["develop_node_set"] = On("('gros-1',), {}", SetImageAsync),
        ["device_rescan"] = On("('server,explorable-switches',), {}", s => s.Server.ScanDevicesAsync(cancellationToken: s.Limit)),
        ["device_show"] = On("(), {}", s => s.Server.GetDevicesAsync(s.Limit)),
        ["device_tree"] = On("(True,), {}", async s =>
        {
            await s.Server.ScanDevicesAsync(cancellationToken: s.Limit);
            await s.Server.GetDeviceTreeAsync(all: true, s.Limit);
        }),
        ["duplicate_image"] = On("('debian12', 'mine'), {}", s => s.Server.DuplicateImageAsync("debian12", "mine", s.Limit)),
        ["filter_ownership"] = On("('gros-1',), {}", SetImageAsync),
        ["finalize_image_build_session"] = On("(…,), {}", BuildAsync),
        ["forget"] = On("('gros-1',), {}", s => s.Server.ForgetDeviceAsync("gros-1", s.Limit)),
        ["get_checkpoint_time"] = On("('before',), {}", UseCheckpointAsync),
        ["get_clones_of_default_images"] = On("('gros-1',), {}", s => s.Server.CloneDefaultImagesAsync(["gros-1"], s.Limit)),
        ["get_device_config_data"] = On("('gros-1',), {}", s => s.Server.GetDeviceConfigurationsAsync(["gros-1"], s.Limit)),
        ["get_device_ip"] = On("('gros-1',), {}", s => s.Server.PingAsync("gros-1", 1, s.Limit)),
        ["get_port_config"] = On("('switch-1', None), {}", s => s.Server.GetSwitchPortsAsync("switch-1", null, s.Limit)),
        ["get_registries"] = On("(), {}", s => s.Server.GetRegistriesAsync(s.Limit)),
        ["get_time"] = On("(), {}", s => s.Server.GetTimeAsync(s.Limit)),
        ["has_image"] = On("('debian12', True), {}", SetImageAsync),
        ["image_shell_session_save"] = On("('walt-g5k', …, 'lab', False), {}", SaveSessionAsync),
        ["list_checkpoints"] = On("(), {}", UseCheckpointAsync),
        ["parse_set_of_devices"] = On("('all-switches',), {}", s => s.Server.GetDeviceNamesAsync("all-switches", s.Limit)),
        ["publish_image"] = On("('hub', 'debian12'), {}", s => s.Server.PublishImageAsync("debian12", "hub", EmulatedImageTests.Account(), s.Limit)),
        ["reboot_nodes"] = On("('gros-1',), {'hard_only': False, 'cause': \"it's time\"}",
        s => s.Server.RebootAsync(["gros-1"], hardOnly: false, "it's time", s.Limit)),
        ["register_device"] = On("('walt.node.pc-x86-64', '', '192.168.204.9', 'b0:26:…', 'gros-2'), {}",
        s => s.Server.RegisterNodeAsync("gros-2", s.Small.Node("gros-2").MainNic!.Mac, "192.168.204.9", s.Limit)),
        ["remove_checkpoint"] = On("('before',), {}", UseCheckpointAsync),
        ["remove_image"] = On("('debian12',), {}", s => s.Server.RemoveImageAsync("debian12", s.Limit)),
        ["remove_vnode"] = On("('vnode1',), {}", async s =>
        {
            await s.Server.CreateVirtualNodeAsync("vnode1", s.Limit);
            await s.Server.RemoveVirtualNodeAsync("vnode1", s.Limit);
        }),
        ["rename"] = On("('gros-1', 'rack-1'), {}", s => s.Server.RenameDeviceAsync("gros-1", "rack-1", s.Limit)),
        ["rename_image"] = On("('debian12', 'mine'), {}", s => s.Server.RenameImageAsync("debian12", "mine", s.Limit)),
        ["run_image_build_from_node_diff"] = On("(…,), {}", s => s.Server.SaveNodeImageAsync("gros-1", "kept", overwrites: false, null, s.Limit)),
        ["run_image_build_from_url"] = On("(…,), {}", BuildAsync),
        ["search_images"] = On("('mpi', False), {}", s => s.Server.SearchImagesAsync("mpi", EmulatedImageTests.Account(), s.Limit)),
        ["set_device_config"] = On("('gros-1', ('boot.retries=3',)), {}",
        s => s.Server.SetDeviceConfigurationAsync(["gros-1"], new SettingChange([KeyValuePair.Create("boot.retries", (object?)3)]), s.Limit)),
        ["set_image"] = On("('gros-1', 'debian12'), {}", SetImageAsync),
        ["set_port_config"] = On("('switch-1', 2, ('name=wall3',)), {}", s => s.Server.SetSwitchPortNameAsync("switch-1", 2, "wall3", s.Limit)),
        ["squash_image"] = On("('debian12', False), {}", s => s.Server.SquashImageAsync("debian12", confirmed: false, s.Limit)),
        ["update_default_images"] = On("(), {}", s => s.Server.UpdateDefaultImagesAsync(EmulatedImageTests.Account(), s.Limit)),
        ["validate_image_cp"] = On("('debian12:/etc/os-release', 'item'), {}", CopyOutAsync),
        ["vnode_console_input"] = On("('…', b'uptime\\n'), {}", async s =>
        {
            await s.Server.CreateVirtualNodeAsync("vnode1", s.Limit);
            WaltNodeInfo node = (await s.Server.GetNodesAsync(s.Limit)).Single(n => n.IsVirtual);
            await s.Server.SendConsoleInputAsync(node, "uptime\n"u8.ToArray(), s.Limit);
        }),
    };

    static Task SetImageAsync(Scene s) => s.Server.SetImageAsync(["gros-1"], "debian12", s.Limit);

    static Task BuildAsync(Scene s) => s.Server.BuildImageAsync("tool", "https://git.example.org/tool.git", "minimal", overwrites: false, null,
        s.Limit);

    static async Task SaveSessionAsync(Scene s)
    {
        await using WaltImageSession session = await s.Server.OpenImageSessionAsync("debian12", "shell session", s.Limit);
        await session.RunAsync("touch /opt/x", [], TimeSpan.FromMinutes(5), null, s.Limit);
        await session.SaveAsync("lab", confirmed: false, s.Limit);
    }

    static async Task UseCheckpointAsync(Scene s)
    {
        await s.Server.AddCheckpointAsync("before", null, s.Limit);
        Assert.Single(await s.Server.GetCheckpointsAsync(s.Limit));
        await s.Server.RemoveCheckpointAsync("before", s.Limit);
    }

    static async Task CopyOutAsync(Scene s)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("waltg5k-copies-");
        try
        {
            await s.Server.CopyFromImageAsync("debian12", "/etc/os-release", folder.FullName, newName: null, overwrites: false, s.Limit);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A call as it is written in the client: <c>new RpcCall("rename", …)</c>, or <c>RpcCall call = new("rename", …)</c>.</summary>
    [GeneratedRegex("""RpcCall(?:\(| \w+ = new\()\s*(?:"(?<method>[a-z_]+)"|(?<other>[^)\s]+))""")]
    private static partial Regex CallInSource { get; }

    static IEnumerable<Match> CallsInSource() =>
        Directory.EnumerateFiles(Path.Combine(s_root, "src", "WaltG5k.Core"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(f => CallInSource.Matches(File.ReadAllText(f))).Where(m => m.Groups["other"].Value != "string");

    static IEnumerable<string> FindMethods() =>
        CallsInSource().Where(m => m.Groups["method"].Success).Select(m => m.Groups["method"].Value).Distinct().Order(StringComparer.Ordinal);

    public static TheoryData<string> Methods => [.. FindMethods()];

    [Fact]
    public void Methods_are_called_by_names_that_can_be_found() => Assert.All(CallsInSource(), m => Assert.False(m.Groups["other"].Success, m.Value));

    [Fact]
    public void No_method_is_exercised_that_the_client_does_not_call() => Assert.Equal(FindMethods(), s_exercises.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_method_has_a_transcript(string method)
    {
        string transcripts = string.Concat(Directory.EnumerateFiles(Path.Combine(s_root, "tests", "unit", "Walt"), "*TranscriptTests.cs",
            SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains($"'{method}', (", transcripts, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Each_method_goes_over_the_wire_as_a_literal_and_the_emulated_server_answers(string method)
    {
        Exercise exercise = s_exercises[method];
        await using SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-4", "gros-1");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        RecordedRpc wire = new(small.Frontend(host.Site));
        await using (WaltServer server = new(wire, host.Node.Name, "walt-g5k", small.ClientTime)) await exercise.Act(new Scene(small, host, server));

        string expected = Regex.Escape($"('API_CALL', '{method}', {exercise.Call})").Replace("…", ".+", StringComparison.Ordinal);
        Assert.Contains(wire.Sent, line => Regex.IsMatch(line, $"^{expected}$"));
        Assert.Equal(wire.Sent.Count(l => l.StartsWith("('API_CALL', ", StringComparison.Ordinal)),
            wire.Received.Count(l => l.StartsWith("('RESULT', ", StringComparison.Ordinal)));
    }
}
