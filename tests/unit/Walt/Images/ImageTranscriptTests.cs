using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Tests.Walt.Images;

/// <summary>Each method about images, line by line as it goes over the wire, and what is made of the answers.</summary>
public sealed class ImageTranscriptTests : IDisposable
{
    readonly FakePlatform _platform = new();

    public void Dispose() => _platform.Dispose();

    void On(string method, string answer, string? error = null, string? output = null) => _platform.Walt.On(method, async (connection, _) =>
    {
        if (output is not null) await connection.PrintAsync(output);
        if (error is not null) await connection.PrintErrorAsync(error);
        return answer;
    });

    string[] CallsOf(string method) => [.. _platform.Walt.Calls.Where(c => c.Contains($"'{method}'", StringComparison.Ordinal))];

    async Task<string> CodeOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<G5kException>(act)).Code;

    [Fact]
    public async Task Sets_of_images()
    {
        On("duplicate_image", "True");
        On("rename_image", "True");
        On("remove_image", "True");
        await _platform.Server.DuplicateImageAsync("walt-g5k/like-default:latest", "debian12");
        await _platform.Server.RenameImageAsync("like-default", "debian12");
        await _platform.Server.RemoveImageAsync("like-default:latest");
        Assert.Equal(
        [
            "('API_CALL', 'duplicate_image', ('like-default', 'debian12'), {})", "('API_CALL', 'has_image', ('debian12', True), {})",
            "('API_CALL', 'rename_image', ('like-default', 'debian12'), {})", "('API_CALL', 'has_image', ('debian12', True), {})",
            "('API_CALL', 'remove_image', ('like-default',), {})",
        ], _platform.Walt.Calls);
    }

    [Theory]
    [InlineData("Error: No such image 'x'. (tip: walt image show)\n", "ImageNotFound")]
    [InlineData("Error: Image 'y' already exists.\n", "ImageExists")]
    [InlineData("Sorry, cannot proceed because the image is in use.\n", "ImageInUse")]
    [InlineData("Bad name: expected format is <name> or <name>:<tag>.\nOnly lowercase letters are allowed.\n", "ImageNameInvalid")]
    [InlineData("Something nobody has ever read.\n", "WaltRequestRefused")]
    public async Task Refusals_by_their_words(string error, string code)
    {
        On("rename_image", "False", error);
        Assert.Equal(code, await CodeOfAsync(() => _platform.Server.RenameImageAsync("x", "y")));
    }

    [Fact]
    public async Task A_squash()
    {
        On("squash_image", "'NEEDS_CONFIRM'", "This operation would reboot 2 node(s) currently using the image.\n");
        Assert.False(await _platform.Server.SquashImageAsync("debian12", confirmed: false));
        On("squash_image", "'OK'", output: "Image was squashed successfully.\n");
        Assert.True(await _platform.Server.SquashImageAsync("debian12", confirmed: true));
        On("squash_image", "'FAILED'", "Cannot open image debian12 because a squash process is already running.\n");
        Assert.Equal("ImageBusy", await CodeOfAsync(() => _platform.Server.SquashImageAsync("debian12", confirmed: true)));
        Assert.Equal(["('API_CALL', 'squash_image', ('debian12', False), {})", "('API_CALL', 'squash_image', ('debian12', True), {})"],
            CallsOf("squash_image").Distinct());
    }

    [Fact]
    public async Task A_search_asks_for_the_account_and_prints_a_table()
    {
        string? credentials = null;
        _platform.Walt.On("search_images", async (connection, _) =>
        {
            credentials = await connection.CallBackAsync("get_registry_encrypted_credentials", $"('hub', {System.Numerics.BigInteger.Pow(7, 500)})");
            await connection.PrintAsync(
                "User   Image name  Location    Compatibility    Clonable link\n-----  ----------  ----------  ---------------  --------------\nalice  mpi         docker hub  pc-x86-[32|64]   hub:alice/mpi \n");
            return "True";
        });
        WaltFoundImage image = Assert.Single(await _platform.Server.SearchImagesAsync("mpi", EmulatedImageTests.Account()));
        Assert.Equal(("alice", "mpi", "docker hub", "pc-x86-[32|64]", "hub:alice/mpi"),
            (image.User, image.Name, image.Location, image.Compatibility, image.ToString()));
        Assert.Equal("('API_CALL', 'search_images', ('mpi', False), {})", Assert.Single(_platform.Walt.Calls));
        Assert.StartsWith("{'username': 'jdoe-hub', 'encrypted_password': b", credentials, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", credentials, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clone_and_a_publication()
    {
        On("clone_image", "{'status': 'OK', 'image_name': 'debian12'}");
        On("get_registries", "(('hub', 'Public'), ('lab', 'Ours'))");
        On("publish_image", "(True, 'lab:jdoe/debian12')");
        await _platform.Server.CloneImageAsync(WaltImageLink.Parse("docker:carol/bench"), "debian12", force: true, null);
        await _platform.Server.CloneImageAsync(WaltImageLink.Parse("walt:bob/debian12"), null, force: false, null);
        Assert.Equal("RegistryAmbiguous", await CodeOfAsync(() => _platform.Server.PublishImageAsync("debian12", null, null)));
        Assert.Equal("lab:jdoe/debian12", (await _platform.Server.PublishImageAsync("debian12", "lab", null)).Link);
        Assert.Equal(
        [
            "('API_CALL', 'clone_image', ('docker:carol/bench',), {'force': True, 'image_name': 'debian12'})",
            "('API_CALL', 'clone_image', ('walt:bob/debian12',), {'force': False, 'image_name': None})",
        ], CallsOf("clone_image"));
        Assert.Equal("('API_CALL', 'publish_image', ('lab', 'debian12'), {})", Assert.Single(CallsOf("publish_image")));
        Assert.All(CallsOf("get_registries"), c => Assert.Equal("('API_CALL', 'get_registries', (), {})", c));
    }

    [Fact]
    public async Task A_clone_whose_nodes_did_not_reboot_is_a_clone()
    {
        On("clone_image", "{'status': 'FAILED'}", "Node dahu-5: failed soft-reboot (no route to host)\n");
        Assert.Equal("debian12", (await _platform.Server.CloneImageAsync(WaltImageLink.Parse("walt:bob/debian12"), null, force: true, null)).Name);
    }

    [Fact]
    public async Task A_session_lives_on_one_connection_and_ends_with_it()
    {
        On("create_image_shell_session", "(0, 'walt-g5k/debian12:latest', 'cafe-1', 'debian12')");
        int before = _platform.Walt.RpcConnections;
        WaltImageSession session = await _platform.Server.OpenImageSessionAsync("debian12", "shell session");
        Assert.Equal(("walt-g5k/debian12:latest", "cafe-1", "debian12"), (session.FullName, session.Container, session.Name));
        // The server would wait for ever for a container that never ran, and everybody with it.
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveAsync("new", false));
        session.MarkRun();
        On("image_shell_session_save", "'NAME_NEEDS_CONFIRM'");
        Assert.False(await session.SaveAsync("debian12", false));
        On("image_shell_session_save", "'OK_SAVED'");
        Assert.True(await session.SaveAsync("debian12", true));
        On("image_shell_session_save", "'NAME_NOT_OK'", "Bad name: Image already exists.\n");
        Assert.Equal("ImageExists", await CodeOfAsync(() => session.SaveAsync("other", false)));
        await session.DisposeAsync();
        Assert.Equal(before + 1, _platform.Walt.RpcConnections);
        Assert.Equal(
        [
            "('API_CALL', 'create_image_shell_session', ('debian12', 'shell session'), {})",
            "('API_CALL', 'image_shell_session_save', ('walt-g5k', 0, 'debian12', False), {})",
            "('API_CALL', 'image_shell_session_save', ('walt-g5k', 0, 'debian12', True), {})",
            "('API_CALL', 'image_shell_session_save', ('walt-g5k', 0, 'other', False), {})",
        ], _platform.Walt.Calls);
    }

    [Fact]
    public async Task A_build_from_a_repository_streams_its_output()
    {
        On("create_image_build_session",
            "{'image_fullname': 'walt-g5k/debian12:latest', 'image_overwrite': True, 'username': 'walt-g5k', 'session_id': 0}",
            "An image has the same name in your working set.\n");
        On("run_image_build_from_url", "True", output: "STEP 1/1: FROM x\nCOMMIT y\n");
        On("finalize_image_build_session", "'OK'");
        Assert.Equal("ImageExists", await CodeOfAsync(() =>
            _platform.Server.BuildImageAsync("debian12", "https://git.example.org/x", null, overwrites: false)));
        List<string> lines = [];
        await _platform.Server.BuildImageAsync("debian12", "https://git.example.org/x", "sub/dir/", overwrites: true, lines.Add);
        Assert.Equal(["STEP 1/1: FROM x", "COMMIT y"], lines);
        Assert.Equal(
            "('API_CALL', 'create_image_build_session', (), {'mode': 'url', 'image_name': 'debian12', 'url': 'https://git.example.org/x', 'subdir': 'sub/dir'})", CallsOf("create_image_build_session")[1]);
        Assert.Equal("('API_CALL', 'run_image_build_from_url', (0,), {})", Assert.Single(CallsOf("run_image_build_from_url")));
        Assert.Equal("('API_CALL', 'finalize_image_build_session', (0,), {})", Assert.Single(CallsOf("finalize_image_build_session")));
    }

    [Fact]
    public async Task A_copy_is_checked_with_the_servers_own_question_for_the_type_of_our_file()
    {
        string? type = null;
        _platform.Walt.On("validate_image_cp", async (connection, _) =>
        {
            type = await connection.CallBackAsync("filesystem.get_file_type", "('./motd',)");
            await connection.PrintErrorAsync("No such file or directory: /none/x\n");
            return "{'status': 'FAILED'}";
        });
        string file = Path.Combine(Path.GetTempPath(), "motd");
        Assert.Equal("ImagePathNotFound", await CodeOfAsync(() =>
            _platform.Server.CopyToImageAsync("debian12", [new FileInfo(file)], "/none/x", mayReboot: false)));
        Assert.Equal("'f'", type);
        Assert.Equal("('API_CALL', 'validate_image_cp', ('motd', 'debian12:/none/x'), {})", Assert.Single(_platform.Walt.Calls));
    }

    [Fact]
    public async Task Default_images_are_updated()
    {
        On("update_default_images", "None");
        await _platform.Server.UpdateDefaultImagesAsync(null);
        Assert.Equal("('API_CALL', 'update_default_images', (), {})", Assert.Single(_platform.Walt.Calls));
    }
}
