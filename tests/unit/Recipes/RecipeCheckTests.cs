using WaltG5k.Core;
using WaltG5k.Core.Recipes;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Recipes;

/// <summary>Against the reference data of the testbed, which is that of Grid'5000.</summary>
public sealed class RecipeCheckTests : IAsyncLifetime
{
    TestbedGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
    public async Task DisposeAsync() => await _grid.DisposeAsync();

    Task<IReadOnlyList<G5kException>> CheckAsync(string? server, params (string Site, int Count)[] counts) =>
        new RecipeStore(_grid).CheckAsync(new WaltRecipe
    {
        Name = "demo",
        ServerSite = server,
        NodeCounts = counts.ToDictionary(c => c.Site, c => c.Count),
    });

    [Fact]
    public async Task A_recipe_that_can_be_deployed_has_no_problems()
    {
        Assert.Empty(await CheckAsync("nancy", ("nancy", 3)));
        Assert.Empty(await CheckAsync("nancy", ("nancy", 2), ("grenoble", 1)));
    }

    [Fact]
    public async Task A_site_that_cannot_run_the_server_is_told_with_those_that_can()
    {
        G5kException problem = Assert.Single(await CheckAsync("grenoble", ("grenoble", 2)));
        Assert.Equal(("SiteHasNoServer", "grenoble"), (problem.Code, problem.Target));
        foreach (string site in new[] { "lille", "nancy", "nantes", "rennes" })
            Assert.Contains(site, problem.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("lyon", problem.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_without_server_site_gets_a_proposal_among_its_own_sites()
    {
        G5kException problem = Assert.Single(await CheckAsync(null, ("grenoble", 1), ("rennes", 1)));
        Assert.Equal("ServerSiteMissing", problem.Code);
        Assert.StartsWith("Set-WaltRecipe demo -ServerSite rennes", problem.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_nodes_than_walt_can_boot_are_told_with_the_number_there_is()
    {
        G5kException problem = Assert.Single(await CheckAsync("nancy", ("nancy", 100_000)));
        Assert.Equal(("TooFewNodes", "nancy"), (problem.Code, problem.Target));
        int there = int.Parse(problem.Recommendation!.Split("nancy = ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Empty(await CheckAsync("nancy", ("nancy", there)));
        Assert.Equal("TooFewNodes", Assert.Single(await CheckAsync("nancy", ("nancy", there + 1))).Code);
    }

    [Fact]
    public async Task Everything_wrong_is_found_in_one_go()
    {
        IReadOnlyList<G5kException> problems = await CheckAsync("nanci", ("nowhere", 1), ("nancy", 0));
        Assert.Equal(["SiteNotFound", "SiteNotFound", "InvalidNodeCount"], problems.Select(p => p.Code));
        Assert.Contains("nancy", problems[0].Recommendation, StringComparison.Ordinal);
        Assert.Equal(["InvalidRecipeName", "RecipeWithoutNodes"],
            (await new RecipeStore(_grid).CheckAsync(new WaltRecipe { Name = "A", ServerSite = "nancy" })).Select(p => p.Code));
    }
}
