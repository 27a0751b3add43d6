using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

public class LocalGridTests
{
    [Theory]
    [InlineData("fnancy.nancy.grid5000.fr", "nancy")]
    [InlineData("gros-1.nancy.grid5000.fr", "nancy")]
    [InlineData("FLILLE.LILLE.GRID5000.FR", "lille")]
    [InlineData("frennes", "rennes")]
    [InlineData("access.grid5000.fr", null)]
    [InlineData("fedora", null)]
    [InlineData("fnancy.example.org", null)]
    [InlineData("x.nancy.grid5000.fr.example.org", null)]
    [InlineData("", null)]
    public void The_host_name_tells_the_site(string host, string? site) => Assert.Equal(site, LocalGrid.FindSite(host));

    [Fact]
    public async Task Its_own_site_is_this_machine_the_others_are_a_hop_away()
    {
        await using LocalGrid grid = await LocalGrid.OpenAsync("nancy");
        Assert.Equal(("grid5000", "nancy", TimeProvider.System), (grid.Name, grid.LocalSite, grid.Time));
        Assert.IsType<LocalFrontend>(grid.GetFrontend("nancy"));
        Assert.IsType<HopFrontend>(grid.GetFrontend("lille"));
        Assert.Same(grid.GetFrontend("lille"), grid.GetFrontend("lille"));
        Assert.Equal("https://api.grid5000.fr/stable/", grid.Api.BaseAddress!.ToString());
        Assert.Equal(["-Local", "-Site", "nancy"], grid.ConnectArguments);
        Assert.True(Directory.Exists(grid.HomeDirectory));
    }
}
