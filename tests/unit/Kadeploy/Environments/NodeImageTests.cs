using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Testbed.Commands;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Kadeploy;

public class NodeImageTests
{
    const string Gros1 = "gros-1.nancy.grid5000.fr", Gros2 = "gros-2.nancy.grid5000.fr";

    static async Task<SmallWorld> DeployAsync(string environment, params string[] faults)
    {
        SmallWorld small = new(faults);
        FrontendPrograms.AddTo(small.World);
        small.AddJob("nancy", null, "gros-1", "gros-2");
        Assert.Equal(0, (await small.RunAsync("nancy", "kadeploy3", environment, "-m", Gros1)).Status);
        await small.RunAsync("nancy", ["ssh", "root@gros-1", "tee /etc/tuned"], "by hand\n", false, small.Limit);
        return small;
    }

    static Task<NodeImage> MakeAsync(SmallWorld small, NodeImageRequest request, Action<NodeImageProgress>? onProgress = null,
        CancellationToken cancellationToken = default) =>
        small.AwaitAsync(new NodeImageMaker(small.Frontend("nancy"), "jdoe", small.ClientTime).MakeAsync(request, onProgress, cancellationToken));

    static string[] FilesIn(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];

    [Fact]
    public async Task A_tuned_node_becomes_an_environment_that_brings_the_changes_to_another_node()
    {
        await using SmallWorld small = await DeployAsync("debian12-min");
        List<string> phases = [];

        NodeImage image = await MakeAsync(small, new NodeImageRequest(Gros1, "tuned"), p => phases.Add(p.Phase));

        Assert.Equal(["tuned.tar.gz", "tuned.yaml"], FilesIn(Path.Combine(small.Home, "public")));
        Assert.Equal("http://public.nancy.grid5000.fr/~jdoe/tuned.tar.gz", image.Url);
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(small.Home, "public", "tuned.tar.gz"));
        Assert.Equal((bytes.LongLength, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))), (image.Length, image.Sha256));
        Assert.Equal(["Looking at the node", "Packing", "Checking"], phases.Distinct());
        EnvironmentDescription description = DescriptionReader.Read(
            await File.ReadAllTextAsync(Path.Combine(small.Home, "public", "tuned.yaml"))).Description!;
        Assert.Equal(("tuned", 1, "x86_64", "/vmlinuz", "/initrd.img", EnvironmentVisibility.Private),
            (description.Name, description.Version, description.Architecture, description.Boot.Kernel, description.Boot.Initrd,
            description.Visibility));
        Assert.Equal(("gzip", image.Url), (description.Image!.Compression, description.Image.File));
        Assert.Equal("g5k-postinstall --net debian", Assert.Single(description.Postinstalls).Script);

        await new EnvironmentRegistry(small.Frontend("nancy"), "jdoe").RegisterAsync(image.Definition, false, small.Limit);
        Assert.Equal(0, (await small.RunAsync("nancy", "kadeploy3", "tuned", "-m", Gros2)).Status);
        Assert.Equal(["by hand"], (await small.RunAsync("nancy", "ssh", "root@gros-2", "cat /etc/tuned")).Lines);
    }

    [Fact]
    public async Task An_image_comes_to_this_machine_too()
    {
        await using SmallWorld small = await DeployAsync("debian12-min");
        string folder = Path.Combine(small.Home, "here");
        NodeImage image = await MakeAsync(small, new NodeImageRequest(Gros1, "tuned") { Folder = folder, IsHere = true });
        Assert.Equal(["tuned.tar.gz", "tuned.yaml"], FilesIn(folder));
        Assert.Equal(("tuned.tar.gz", (string?)null), (image.Definition.Image!.File, image.Url));
        Assert.Equal(new FileInfo(image.Path).Length, image.Length);
        Assert.Equal("ImageFileExists", (await FailAsync(small, new NodeImageRequest(Gros1, "tuned") { Folder = folder, IsHere = true })).Code);
        await MakeAsync(small, new NodeImageRequest(Gros1, "tuned") { Folder = folder, IsHere = true, Overwrites = true });
    }

    [Theory]
    [InlineData("node-cut:gros-1", "debian12-min", "NodeUnreachable", ErrorKind.ConnectionError)]
    [InlineData("frontend-disk-full:nancy", "debian12-min", "DiskFull", ErrorKind.QuotaExceeded)]
    [InlineData("command-fails:gzip", "debian12-min", "ImageDamaged", ErrorKind.InvalidData)]
    [InlineData("kadeploy-old:rennes", "rocky9-min", "ImageToolMissing", ErrorKind.NotInstalled)]
    public async Task A_failure_leaves_no_half_file(string fault, string environment, string code, ErrorKind kind)
    {
        await using SmallWorld small = await DeployAsync(environment, fault);
        G5kException error = await FailAsync(small, new NodeImageRequest(Gros1, "tuned"));
        Assert.Equal((code, kind), (error.Code, error.Kind));
        Assert.NotEmpty(error.Recommendation!);
        Assert.Empty(FilesIn(Path.Combine(small.Home, "public")));
    }

    [Fact]
    public async Task A_stream_that_is_cut_leaves_nothing_here_either()
    {
        await using SmallWorld small = await DeployAsync("debian12-min", "node-cut:gros-1");
        Assert.Equal("NodeUnreachable", (await FailAsync(small,
            new NodeImageRequest(Gros1, "tuned") { Folder = Path.Combine(small.Home, "here"), IsHere = true })).Code);
        Assert.Empty(FilesIn(Path.Combine(small.Home, "here")));
    }

    [Fact]
    public async Task A_node_that_is_not_deployed_has_no_root()
    {
        await using SmallWorld small = await DeployAsync("debian12-min");
        G5kException error = await FailAsync(small, new NodeImageRequest(Gros2, "tuned"));
        Assert.Equal(("NodeNotDeployed", ErrorKind.PermissionDenied), (error.Code, error.Kind));
        Assert.Contains("Deploy-G5kNode", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_image_is_gone()
    {
        await using SmallWorld small = await DeployAsync("debian12-min");
        using CancellationTokenSource cancel = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MakeAsync(small, new NodeImageRequest(Gros1, "tuned"), p =>
        {
            if (p.Phase == "Packing") cancel.Cancel();
        }, cancel.Token));
        Assert.Empty(FilesIn(Path.Combine(small.Home, "public")));
    }

    static Task<G5kException> FailAsync(SmallWorld small, NodeImageRequest request) =>
        Assert.ThrowsAnyAsync<G5kException>(() => MakeAsync(small, request));
}
