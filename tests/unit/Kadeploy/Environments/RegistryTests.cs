using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Testbed.Commands;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Kadeploy;

public class RegistryTests
{
    static readonly EnvironmentDescription s_mine = new("mine")
    {
        Architecture = "x86_64",
        Image = new EnvironmentImage("public/mine.tgz", "tar", "gzip"),
        Boot = new EnvironmentBoot { Kernel = "/vmlinuz", Initrd = "/initrd.img" },
        FileSystem = "ext4",
        PartitionType = 131,
    };

    static SmallWorld CreateWorld(params string[] faults)
    {
        SmallWorld small = new(faults);
        FrontendPrograms.AddTo(small.World);
        Directory.CreateDirectory(Path.Combine(small.Home, "public"));
        File.WriteAllText(Path.Combine(small.Home, "public", "mine.tgz"), "an image");
        return small;
    }

    static EnvironmentRegistry Open(SmallWorld small, string site = "nancy") => new(small.Frontend(site), "jdoe");

    static async Task<IReadOnlyList<EnvironmentInfo>> ListAsync(SmallWorld small, Func<string, bool> isWanted, bool allVersions = false,
        string? owner = null)
    {
        var found = new List<EnvironmentInfo>();
        await foreach (EnvironmentInfo environment in Open(small).ListAsync(owner, allVersions, isWanted, small.Limit)) found.Add(environment);
        return found;
    }

    [Fact]
    public void Rows_of_a_recorded_list_are_read_by_words_and_not_by_places()
    {
        IReadOnlyList<EnvironmentRow> rows = EnvironmentRow.Read(RecordedCommand.Read("kadeploy/kaenv-list.txt").Output);
        Assert.Equal([new EnvironmentRow("debian12-min", 2024031415, "root"), new EnvironmentRow("mydebian", 1, "jdoe")], rows);
        Assert.Equal([new EnvironmentRow("a-name-of-more-than-21-letters", 3, "jdoe")],
            EnvironmentRow.Read("Name Version Arch User Description\na-name-of-more-than-21-letters 3 jdoe\n"));
        Assert.Empty(EnvironmentRow.Read("No environment has been found\n"));
    }

    [Theory]
    [InlineData()]
    [InlineData("kadeploy-old:nancy")]
    public async Task Public_environments_are_listed_with_their_whole_descriptions(params string[] faults)
    {
        await using SmallWorld small = CreateWorld(faults);
        IReadOnlyList<EnvironmentInfo> found = await ListAsync(small, name => name.StartsWith("debian1", StringComparison.Ordinal));
        Assert.Equal(["aarch64", "ppc64le", "x86_64"], found.Select(e => e.Architecture).Distinct().Order());
        EnvironmentInfo one = found.Single(e => e is { Name: "debian12-min", Architecture: "x86_64" });
        Assert.Equal(("deploy", 2026031109, EnvironmentVisibility.Public, "debian12-x64-min"), (one.User, one.Version, one.Visibility, one.Alias));
        Assert.Equal("debian12-min@deploy:2026031109%x86_64", one.Specification);
        Assert.Equal("server:///grid5000/images/debian12-x64-min-2026031109.tar.zst", one.Image);
        Assert.Equal([2025111814, 2026031109], (await ListAsync(small, name => name == "debian12-min", allVersions: true))
            .Where(e => e.Architecture == "x86_64").Select(e => e.Version).Order());
    }

    [Fact]
    public async Task One_is_found_by_name_alias_version_and_owner()
    {
        await using SmallWorld small = CreateWorld();
        EnvironmentRegistry registry = Open(small);
        Assert.Equal("deploy", (await registry.FindAsync(EnvironmentSpecification.Parse("debian12-min"), small.Limit))!.User);
        Assert.Equal("debian12-min", (await registry.FindAsync(EnvironmentSpecification.Parse("debian12-arm64-min"), small.Limit))!.Name);
        Assert.Equal(2025111814, (await registry.FindAsync(EnvironmentSpecification.Parse("debian12-min@deploy:2025111814"), small.Limit))!.Version);
        Assert.Null(await registry.FindAsync(EnvironmentSpecification.Parse("debian12-min@nobody"), small.Limit));
        await registry.RegisterAsync(s_mine with { Name = "debian12-min" }, false, small.Limit);
        Assert.Equal("jdoe", (await registry.FindAsync(EnvironmentSpecification.Parse("debian12-min"), small.Limit))!.User);
    }

    [Theory]
    [InlineData()]
    [InlineData("kadeploy-old:nancy")]
    public async Task A_name_clash_is_an_error_and_with_force_the_next_version(params string[] faults)
    {
        await using SmallWorld small = CreateWorld(faults);
        EnvironmentRegistry registry = Open(small);
        EnvironmentInfo first = await registry.RegisterAsync(s_mine, false, small.Limit);
        Assert.Equal(("nancy", "jdoe", 1), (first.Site, first.User, first.Version));
        Assert.Equal("EnvironmentExists", (await Assert.ThrowsAsync<G5kException>(() => registry.RegisterAsync(s_mine, false, small.Limit))).Code);
        Assert.Equal(2, (await registry.RegisterAsync(s_mine, true, small.Limit)).Version);
        Assert.Equal(3, (await registry.RegisterAsync(s_mine, true, small.Limit)).Version);
        await registry.UnregisterAsync(first, small.Limit);
        Assert.Equal([2, 3], (await ListAsync(small, n => n == "mine", allVersions: true)).Select(e => e.Version).Order());
        Assert.Equal("EnvironmentNotFound", (await Assert.ThrowsAsync<G5kException>(() => registry.UnregisterAsync(first, small.Limit))).Code);
        Assert.Empty(Directory.GetFiles(small.Home, "waltg5k-environment*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_so_already_is_no_failure()
    {
        await using SmallWorld small = CreateWorld();
        EnvironmentRegistry registry = Open(small);
        EnvironmentInfo mine = await registry.RegisterAsync(s_mine, false, small.Limit);
        Assert.True(await registry.SetVisibilityAsync(mine, EnvironmentVisibility.Shared, small.Limit));
        Assert.False(await registry.SetVisibilityAsync(mine, EnvironmentVisibility.Shared, small.Limit));
        Assert.True(await registry.SetDestructiveAsync(mine, true, small.Limit));
        Assert.False(await registry.SetDestructiveAsync(mine, true, small.Limit));
        Assert.False(await registry.UpdateChecksumsAsync(mine, small.Limit));
        await File.WriteAllTextAsync(Path.Combine(small.Home, "public", "mine.tgz"), "another image");
        Assert.True(await registry.UpdateChecksumsAsync(mine, small.Limit));
        EnvironmentInfo now = (await registry.FindAsync(EnvironmentSpecification.Parse("mine"), small.Limit))!;
        Assert.Equal((EnvironmentVisibility.Shared, true), (now.Visibility, now.IsDestructive));
    }

    [Fact]
    public async Task Refusals_say_what_to_do()
    {
        await using SmallWorld small = CreateWorld();
        EnvironmentRegistry registry = Open(small);
        EnvironmentInfo foreign = (await registry.FindAsync(EnvironmentSpecification.Parse("debian12-min"), small.Limit))!;
        (string Code, ErrorKind Kind)[] expected =
            [("EnvironmentDenied", ErrorKind.PermissionDenied), ("EnvironmentDenied", ErrorKind.PermissionDenied),
            ("EnvironmentFileMissing", ErrorKind.ObjectNotFound), ("EnvironmentInvalid", ErrorKind.InvalidData)];
        Func<Task>[] attempts =
        [
            () => registry.UnregisterAsync(foreign, small.Limit),
            () => registry.RegisterAsync(s_mine with { Visibility = EnvironmentVisibility.Public }, false, small.Limit),
            () => registry.RegisterAsync(s_mine with { Image = s_mine.Image! with { File = "public/gone.tgz" } }, false, small.Limit),
            () => registry.RegisterAsync(s_mine with { Image = null }, false, small.Limit),
        ];
        foreach (((string code, ErrorKind kind), Func<Task> attempt) in expected.Zip(attempts))
        {
            G5kException error = await Assert.ThrowsAsync<G5kException>(attempt);
            Assert.Equal((code, kind), (error.Code, error.Kind));
            Assert.NotEmpty(error.Recommendation!);
            Assert.NotNull(error.Target);
        }
    }

    [Theory]
    [InlineData("public/x.tgz", "http://public.nancy.grid5000.fr/~jdoe/x.tgz")]
    [InlineData("~/public/a/b c.tgz", "http://public.nancy.grid5000.fr/~jdoe/a/b%20c.tgz")]
    [InlineData("/home/jdoe/public/x.tgz", "http://public.nancy.grid5000.fr/~jdoe/x.tgz")]
    [InlineData("/home/other/public/x.tgz", null)]
    [InlineData("public/../secret", null)]
    [InlineData("x.tgz", null)]
    public void Files_of_the_web_folder_have_a_URL(string path, string? url) => Assert.Equal(url, PublicFolder.GetUrl("nancy", "jdoe", path));
}
