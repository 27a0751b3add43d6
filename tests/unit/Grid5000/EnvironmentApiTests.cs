using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Grid5000;

/// <summary>Environments through the API.</summary>
public sealed class EnvironmentApiTests
{
    [Fact]
    public async Task Environments_come_with_their_whole_description()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var api = new EnvironmentApi(grid, "nancy");
        Assert.True((await api.ListAsync().ToListAsync()).Count > 10);
        EnvironmentDescription found = Assert.Single(await api.ListAsync(new EnvironmentQuery { Name = "debian12-min", Architecture = "x86_64" })
            .ToListAsync());
        Assert.Equal(("deploy", EnvironmentVisibility.Public, "tar"), (found.Owner, found.Visibility, found.Image!.Kind));
        Assert.NotNull(found.Boot.Kernel);
        Assert.Equal(found.Name, (await api.GetAsync(FormattableString.Invariant($"debian12-min_x86_64_{found.Version}_deploy")))!.Name);
        Assert.Null(await api.GetAsync("nosuch"));
    }

    [Fact]
    public async Task A_recorded_entry_of_production()
    {
        using var api = new ScriptedApi(new ManualTime());
        api.Returns("sites/grenoble/environments", """
            {"total":1,"offset":0,"items":[{"name":"debian11-min","version":2021092316,"arch":"x86_64","alias":"debian11-x64-min","description":"debian 11 (bullseye) for x64 - min","author":"support-staff@lists.grid5000.fr","visibility":"public","destructive":false,"os":"linux","image":{"file":"server:///grid5000/images/debian11-x64-min-2021092316.tar.zst","kind":"tar","compression":"zstd"},"postinstalls":[{"archive":"server:///grid5000/postinstalls/g5k-postinstall.tgz","compression":"gzip","script":"g5k-postinstall --net debian"}],"boot":{"kernel":"/vmlinuz","initrd":"/initrd.img","kernel_params":""},"filesystem":"ext4","partition_type":131,"multipart":false,"user":"deploy"}]}
            """);
        EnvironmentDescription found = Assert.Single(await new EnvironmentApi(api, "grenoble")
            .ListAsync(new EnvironmentQuery { User = "deploy", AllVersions = true }).ToListAsync());
        Assert.Equal(("debian11-min", 2021092316L, "debian11-x64-min", "x86_64", "deploy"),
            (found.Name, found.Version, found.Alias, found.Architecture, found.Owner));
        Assert.Equal(("zstd", "/vmlinuz", null, "ext4", 131),
            (found.Image!.Compression, found.Boot.Kernel, found.Boot.KernelParameters, found.FileSystem, found.PartitionType));
        Assert.Equal("g5k-postinstall --net debian", Assert.Single(found.Postinstalls).Script);
        Assert.Equal("GET sites/grenoble/environments?user=deploy&latest_only=no&offset=0&limit=500", Assert.Single(api.Requests));
    }
}
