using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Walt.Images;

/// <summary>Work inside images, against the emulated server: sessions, copies, builds.</summary>
public sealed class EmulatedImageWorkTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("waltg5k-images-");

    public void Dispose() => _folder.Delete(recursive: true);

    string Put(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    static SmallWorld CreateWorld(out WaltHost host, params string[] faults)
    {
        SmallWorld small = new(faults);
        small.AddJob("nancy", 4, "gros-4", "gros-1");
        host = small.AddWaltServer(4, "gros-1");
        return small;
    }

    static string ReadFile(WaltHost host, string image, string path) =>
        host.Images.FilesOf(host.Images.Find($"walt-g5k/{image}:latest")!).Disk.Files[path];

    [Fact]
    public async Task A_command_in_an_image_is_saved_under_a_new_name_and_leaves_the_image_as_it_was()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        string before = (await server.GetOwnImageAsync("debian12", small.Limit)).Id;
        await using (WaltImageSession session = await server.OpenImageSessionAsync("debian12", "shell session", small.Limit))
        {
            CommandResult result = await session.RunAsync("mkdir -p /opt/lab\necho \"it's 5\" > /opt/lab/note; cat /opt/lab/note", [],
                TimeSpan.FromMinutes(5), null, small.Limit);
            Assert.Equal((0, "it's 5\n"), (result.ExitStatus, result.Output));
            Assert.True(await session.HasEndedAsync(small.Limit));
            Assert.True(await session.SaveAsync("lab", confirmed: false, small.Limit));
        }
        Assert.Equal("it's 5\n", ReadFile(host, "lab", "/opt/lab/note"));
        Assert.Equal(before, (await server.GetOwnImageAsync("debian12", small.Limit)).Id);
        Assert.Empty(host.Images.Containers);
    }

    [Fact]
    public async Task The_image_itself_is_only_overwritten_when_confirmed_and_its_nodes_reboot()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        await server.SetImageAsync(["gros-1"], "debian12", small.Limit);
        await using WaltImageSession session = await server.OpenImageSessionAsync("debian12", "shell session", small.Limit);
        await session.RunAsync("echo new > /etc/motd", [], TimeSpan.FromMinutes(5), null, small.Limit);
        Assert.False(await session.SaveAsync("debian12", confirmed: false, small.Limit));
        Assert.True(await session.SaveAsync("debian12", confirmed: true, small.Limit));
        Assert.Equal("new\n", ReadFile(host, "debian12", "/etc/motd"));
        Assert.Contains(host.Logs, l => l.Line.Contains("gros-1 is down (cause: image change", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_image_is_replaced_when_nobody_uses_it()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        await using WaltImageSession session = await server.OpenImageSessionAsync("debian12", "shell session", small.Limit);
        await session.RunAsync("echo new > /etc/motd", [], TimeSpan.FromMinutes(5), null, small.Limit);
        Assert.Equal("ImageExists", await EmulatedImageTests.CodeOfAsync(() => session.SaveAsync("alpine", confirmed: true, small.Limit)));
        await session.SaveReplacingAsync("alpine", small.Limit);
        Assert.Equal("new\n", ReadFile(host, "alpine", "/etc/motd"));
        Assert.DoesNotContain(await server.GetImagesAsync(small.Limit), i => i.Name.Contains("replaced", StringComparison.Ordinal));
    }

    sealed class TypedLines(params string[] lines) : ITerminal
    {
        readonly Queue<string> _lines = new(lines);

        public bool IsInteractive => true;
        public System.Text.StringBuilder Shown { get; } = new();
        public Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken)
        {
            Write(prompt);
            return Task.FromResult(_lines.TryDequeue(out string? line) ? line : null);
        }

        public void Write(string text) => Shown.Append(text);
    }

    [Fact]
    public async Task A_shell_on_a_terminal_changes_a_container_that_is_saved_afterwards()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        await using WaltImageSession session = await server.OpenImageSessionAsync("debian12", "shell session", small.Limit);
        Assert.False(await session.HasEndedAsync(small.Limit));
        TypedLines terminal = new("echo typed > /etc/motd", "cat /etc/motd", "exit");
        Assert.Equal(0, await session.EnterAsync(terminal, small.Limit));
        Assert.Contains("root@image-shell:~# typed\n", terminal.Shown.ToString(), StringComparison.Ordinal);
        Assert.True(await session.HasEndedAsync(small.Limit));
        await session.SaveAsync("typed", confirmed: false, small.Limit);
        Assert.Equal("typed\n", ReadFile(host, "typed", "/etc/motd"));
    }

    [Theory]
    [InlineData("walt-drops:image_shell_session_save", "RpcConnectionLost")]
    [InlineData("walt-drops:TAR_TO_IMAGE", "ImageCopyFailed")]
    public async Task A_server_that_goes_away_in_the_middle_is_an_error_and_frees_the_image(string fault, string code)
    {
        await using SmallWorld small = CreateWorld(out WaltHost host, fault);
        await using WaltServer server = small.Client(host);
        FileInfo[] items = [new FileInfo(Put("x", "x"))];
        Assert.Equal(code, await EmulatedImageTests.CodeOfAsync(() => server.CopyToImageAsync("debian12", items, "/opt", false, small.Limit)));
        await small.UntilAsync(() => { lock (small.World.Sync) return host.Images.Tasks.Count == 0; });
    }

    [Fact]
    public async Task Two_may_not_work_on_an_image_at_once_and_an_abandoned_session_frees_it()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        WaltImageSession first = await server.OpenImageSessionAsync("debian12", "shell session", small.Limit);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => server.OpenImageSessionAsync("debian12", "shell session", small.Limit));
        Assert.Equal("ImageBusy", failure.Code);
        Assert.Contains("a shell session is already running", failure.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await small.UntilAsync(() => { lock (small.World.Sync) return host.Images.Tasks.Count == 0; });
        await (await server.OpenImageSessionAsync("debian12", "shell session", small.Limit)).DisposeAsync();
    }

    [Fact]
    public async Task An_image_with_too_many_layers_is_to_be_compressed()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        host.Images.Add(host.Images.Find("walt-g5k/debian12:latest")! with { Layers = WaltImage.MaximumLayers });
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => server.OpenImageSessionAsync("debian12", "shell session", small.Limit));
        Assert.Equal(("ImageLayersExhausted", "Compress-WaltImage debian12"), (failure.Code, failure.Recommendation));
        await server.SquashImageAsync("debian12", false, small.Limit);
        await (await server.OpenImageSessionAsync("debian12", "shell session", small.Limit)).DisposeAsync();
    }

    [Fact]
    public async Task Files_and_directories_go_into_an_image_in_one_layer_and_come_out_the_same()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        string script = Put("run me's.sh", "#!/bin/sh\necho hi\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        File.WriteAllBytes(Put("data/blob", ""), [0, 255, 128, 7, 10]);
        Put("data/inner/note", "ünïcode\n");
        int layers = host.Images.Find("walt-g5k/debian12:latest")!.Layers;
        await server.CopyToImageAsync("debian12", [new FileInfo(script), new DirectoryInfo(Path.Combine(_folder.FullName, "data"))], "/opt",
            mayReboot: false, small.Limit);
        Assert.Equal(layers + 1, host.Images.Find("walt-g5k/debian12:latest")!.Layers);
        Assert.Equal("ünïcode\n", ReadFile(host, "debian12", "/opt/data/inner/note"));

        DirectoryInfo target = _folder.CreateSubdirectory("out");
        Assert.Equal([Path.Combine(target.FullName, "data")],
            await server.CopyFromImageAsync("debian12", "/opt/data", target.FullName, null, false, small.Limit));
        Assert.Equal([0, 255, 128, 7, 10], File.ReadAllBytes(Path.Combine(target.FullName, "data/blob")));
        Assert.Equal("ünïcode\n", File.ReadAllText(Path.Combine(target.FullName, "data/inner/note")));
        await server.CopyFromImageAsync("debian12", "/opt/run me's.sh", target.FullName, "renamed.sh", false, small.Limit);
        if (!OperatingSystem.IsWindows()) Assert.Equal((UnixFileMode)0b111_101_101,
            File.GetUnixFileMode(Path.Combine(target.FullName, "renamed.sh")));
        Assert.Equal("FileExists", await EmulatedImageTests.CodeOfAsync(() =>
            server.CopyFromImageAsync("debian12", "/opt/run me's.sh", target.FullName, "renamed.sh", false, small.Limit)));
        await server.CopyFromImageAsync("debian12", "/opt/run me's.sh", target.FullName, "renamed.sh", true, small.Limit);
    }

    [Fact]
    public async Task A_single_file_may_get_a_new_name_or_replace_one()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        FileInfo file = new(Put("a:b", "first\n"));
        await server.CopyToImageAsync("debian12", [file], "/etc/motd", false, small.Limit);
        Assert.Equal("first\n", ReadFile(host, "debian12", "/etc/motd"));
        await server.CopyToImageAsync("debian12", [new FileInfo(Put("c", "second\n"))], "/etc/motd", false, small.Limit);
        Assert.Equal("second\n", ReadFile(host, "debian12", "/etc/motd"));
        await server.CopyToImageAsync("debian12", [file], "/etc", false, small.Limit);
        Assert.Equal("first\n", ReadFile(host, "debian12", "/etc/a:b"));
    }

    [Theory]
    [InlineData("/none/deep", "", "ImagePathNotFound")]
    [InlineData("/etc/a:b", "", "ImagePathInvalid")]
    [InlineData("/opt", "walt-disk-full", "WaltServerDiskFull")]
    public async Task A_copy_that_cannot_be_says_why_and_changes_nothing(string destination, string fault, string code)
    {
        await using SmallWorld small = CreateWorld(out WaltHost host, fault.Length > 0 ? [fault] : []);
        await using WaltServer server = small.Client(host);
        string before = host.Images.Find("walt-g5k/debian12:latest")!.Id;
        Assert.Equal(code, await EmulatedImageTests.CodeOfAsync(() =>
            server.CopyToImageAsync("debian12", [new FileInfo(Put("x", "x"))], destination, false, small.Limit)));
        Assert.Equal(before, host.Images.Find("walt-g5k/debian12:latest")!.Id);
    }

    [Fact]
    public async Task A_copy_into_an_image_in_use_needs_leave_to_reboot_its_nodes()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        await server.SetImageAsync(["gros-1"], "debian12", small.Limit);
        FileInfo[] items = [new FileInfo(Put("x", "x"))];
        Assert.Equal("ImageInUse", await EmulatedImageTests.CodeOfAsync(() =>
            server.CopyToImageAsync("debian12", items, "/opt", mayReboot: false, small.Limit)));
        Assert.Equal(["gros-1"], (await server.CopyToImageAsync("debian12", items, "/opt", mayReboot: true, small.Limit)).Nodes);
    }

    [Fact]
    public async Task An_image_is_built_from_a_directory_line_by_line()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        Put("lab/Dockerfile", "FROM debian12\n# a comment\nCOPY motd /etc/motd\nRUN mkdir -p /opt/tool && echo made\n");
        Put("lab/motd", "welcome\n");
        List<string> lines = [];
        WaltImageInfo image = await server.BuildImageAsync("lab", new DirectoryInfo(Path.Combine(_folder.FullName, "lab")), overwrites: false,
            lines.Add, small.Limit);
        Assert.Equal("lab", image.Name);
        Assert.Equal("welcome\n", ReadFile(host, "lab", "/etc/motd"));
        Assert.Contains("STEP 1/3: FROM walt-g5k/debian12:latest", lines);
        Assert.Contains("made", lines);
        Assert.Equal("ImageExists", await EmulatedImageTests.CodeOfAsync(() =>
            server.BuildImageAsync("lab", new DirectoryInfo(Path.Combine(_folder.FullName, "lab")), overwrites: false, null, small.Limit)));
    }

    [Theory]
    [InlineData("FROM nobody/nothing\n", "", "requested access to the resource is denied")]
    [InlineData("FROM debian12\nRUN no-such-program\n", "", "exit status 127")]
    [InlineData("FROM debian12\nRUN true\n", "walt-build-fails:lab", "exit status 1")]
    public async Task A_failed_build_gives_its_last_lines(string dockerfile, string fault, string expected)
    {
        await using SmallWorld small = CreateWorld(out WaltHost host, fault.Length > 0 ? [fault] : []);
        await using WaltServer server = small.Client(host);
        Put("lab/ContainerFile", dockerfile);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() =>
            server.BuildImageAsync("lab", new DirectoryInfo(Path.Combine(_folder.FullName, "lab")), false, null, small.Limit));
        Assert.Equal("ImageBuildFailed", failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Null(await server.FindOwnImageAsync("lab", small.Limit));
    }

    [Theory]
    [InlineData("https://git.example.org/tool.git", "minimal", null)]
    [InlineData("https://git.example.org/tool.git", "none", "ImageBuildFailed")]
    [InlineData("https://git.example.invalid/tool.git", "", "ImageBuildFailed")]
    [InlineData("-x", "", "BuildSourceInvalid")]
    [InlineData("https://git.example.org/a b", "", "BuildSourceInvalid")]
    [InlineData("https://git.example.org/tool.git", "../..", "BuildSourceInvalid")]
    public async Task An_image_is_built_from_a_repository(string url, string directory, string? code)
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        if (code is not null) Assert.Equal(code,
            await EmulatedImageTests.CodeOfAsync(() => server.BuildImageAsync("tool", url, directory, false, null, small.Limit)));
        else Assert.Equal("tool", (await server.BuildImageAsync("tool", url, directory, false, null, small.Limit)).Name);
    }

    [Fact]
    public async Task What_is_in_images_outlives_the_process()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        await server.CopyToImageAsync("debian12", [new FileInfo(Put("x", "kept"))], "/opt", false, small.Limit);
        System.Text.Json.Nodes.JsonNode saved = System.Text.Json.Nodes.JsonNode.Parse(WaltHostState.Save(host).ToJsonString())!;
        WaltHost again = WaltHostState.Load(small.World, saved)!;
        Assert.Equal("kept", ReadFile(again, "debian12", "/opt/x"));
        Assert.Equal(host.Images.Find("walt-g5k/debian12:latest")!.Layers, again.Images.Find("walt-g5k/debian12:latest")!.Layers);
    }
}
