using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Kadeploy;

/// <summary>The same environments by kaenv3 and by the API, and one for the other.</summary>
public sealed class CatalogTests : IAsyncLifetime
{
    const string Description = """
        name: mine
        version: 7
        arch: x86_64
        visibility: private
        destructive: false
        os: linux
        image:
          file: http://public.nancy.grid5000.fr/~other/mine.tar.zst
          kind: tar
          compression: zstd
        boot:
          kernel: /vmlinuz
          initrd: /initrd.img
        filesystem: ext4
        partition_type: 131
        multipart: false
        options:
          kexec: false
        """;

    TestbedGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        string file = "/tmp/mine.yaml";
        IFrontend nancy = _grid.GetFrontend("nancy");
        await nancy.WriteFileAsync(file, Description + "\n");
        (await nancy.RunAsync(new CommandRequest("kaenv3", "-a", file))).EnsureSuccess("Test", "add");
    }

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    EnvironmentRegistry Commands => new(_grid.GetFrontend("nancy"), _grid.User);
    ApiEnvironmentCatalog Api => new(_grid, "nancy");

    static async Task<string[]> ListAsync(IEnvironmentCatalog catalog, string? owner, bool allVersions, string prefix)
    {
        List<EnvironmentInfo> found = await catalog.ListAsync(owner, allVersions, n => n.StartsWith(prefix, StringComparison.Ordinal)).ToListAsync();
        return [.. found.Order().Select(Whole)];
    }

    static string Whole(EnvironmentInfo environment) =>
        $"{environment.Site} {environment.Specification} {environment.Visibility}\n{DescriptionWriter.Write(environment.Definition)}";

    [Theory]
    [InlineData(null, false, "debian1")]
    [InlineData(null, true, "debian12-m")]
    [InlineData("deploy", false, "ubuntu")]
    [InlineData(null, false, "mine")]
    public async Task Both_ways_give_the_same_objects(string? owner, bool allVersions, string prefix)
    {
        string[] listed = await ListAsync(Commands, owner, allVersions, prefix);
        Assert.NotEmpty(listed);
        Assert.Equal(listed, await ListAsync(Api, owner, allVersions, prefix));
    }

    [Theory]
    [InlineData("debian12-min")]
    [InlineData("debian12-x64-min")]
    [InlineData("debian12-min%aarch64")]
    [InlineData("debian12-min@deploy:2025111814%x86_64")]
    [InlineData("mine")]
    [InlineData("mine:7")]
    [InlineData("nosuch")]
    [InlineData("debian12-min:1")]
    public async Task Both_ways_find_the_same(string specification)
    {
        EnvironmentInfo? expected = await Commands.FindAsync(EnvironmentSpecification.Parse(specification)),
            found = await Api.FindAsync(EnvironmentSpecification.Parse(specification));
        Assert.Equal(expected is null ? null : Whole(expected), found is null ? null : Whole(found));
    }

    [Fact]
    public async Task Without_kaenv3_the_API_is_asked()
    {
        string[] before = await ListAsync(Commands, null, false, "debian12");
        _grid.World.Commands.Remove("kaenv3");
        var catalog = new FallbackEnvironmentCatalog(Commands, Api, SilentReporter.Instance);
        Assert.Equal("mine", (await catalog.FindAsync(EnvironmentSpecification.Parse("mine")))!.Name);
        Assert.Equal(before, await ListAsync(catalog, null, false, "debian12"));
        Assert.Equal(before, await ListAsync(new FallbackEnvironmentCatalog(Commands, Api, SilentReporter.Instance), null, false, "debian12"));
    }

    [Fact]
    public async Task Any_other_failure_is_told_as_it_is()
    {
        using var frontend = new ScriptedFrontend();
        frontend.Expect("kaenv3 -l").Returns("", "Internal Server Error\n", 3);
        var catalog = new FallbackEnvironmentCatalog(new EnvironmentRegistry(frontend, "jdoe"), Api, SilentReporter.Instance);
        Assert.Equal("EnvironmentFailed", (await Assert.ThrowsAsync<CommandFailedException>(async () => await catalog.ListAsync(null, false, _ =>
            true).ToListAsync())).Code);
    }
}
