using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;

namespace WaltG5k.Tests.Recipes;

public sealed class RecipeStoreTests : IDisposable
{
    const string Nancy =
        "{\"server\": {\"site\": \"nancy\"}, \"node_counts\": {\"nancy\": 2, \"rennes\": 1}, \"schedule\": \"asap\", \"walltime\": \"01:00:00\"}";

    readonly string _home = Directory.CreateTempSubdirectory("recipes-").FullName;
    readonly RecipeStore _store;

    public RecipeStoreTests() => _store = new RecipeStore(new HomeOnly(_home));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    string Folder => Path.Combine(_home, ".walt-g5k", "recipes");
    string PathOf(string name) => Path.Combine(Folder, name + ".json");

    void WriteFile(string name, string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(PathOf(name), text);
    }

    static WaltRecipe Recipe(string name = "demo") => new()
    {
        Name = name,
        ServerSite = "nancy",
        NodeCounts = new Dictionary<string, int> { ["rennes"] = 1, ["nancy"] = 2 },
    };

    static G5kException Fails(string code, ErrorKind kind, Action action)
    {
        G5kException failure = Assert.Throws<G5kException>(action);
        Assert.Equal((code, kind), (failure.Code, failure.Kind));
        Assert.False(string.IsNullOrEmpty(failure.Recommendation));
        return failure;
    }

    [Fact]
    public void A_recipe_is_written_as_walt_writes_it()
    {
        _store.Save(Recipe(), overwrite: false);
        Assert.Equal(Nancy + "\n", File.ReadAllText(PathOf("demo")));
    }

    [Fact]
    public void A_recipe_of_walt_is_read()
    {
        WriteFile("night",
            "{\"server\": {\"site\": null}, \"node_counts\": {\"lille\": 3, \"lyon\": 0}, \"schedule\": \"night\", \"walltime\": \"2:30\"}");
        WaltRecipe recipe = _store.Get("night");
        Assert.Equal(("night", null, RecipeSchedule.Night, "02:30:00"),
            (recipe.Name, recipe.ServerSite, recipe.Schedule, recipe.Walltime.ToString()));
        Assert.Equal([KeyValuePair.Create("lille", 3)], recipe.NodeCounts);
    }

    [Fact]
    public void What_is_missing_has_walts_defaults()
    {
        WriteFile("empty", "{}");
        WaltRecipe recipe = _store.Get("empty");
        Assert.Equal((null, RecipeSchedule.Asap, "01:00:00", 0),
            (recipe.ServerSite, recipe.Schedule, recipe.Walltime.ToString(), recipe.NodeCounts.Count));
    }

    [Fact]
    public void Members_that_others_wrote_survive_a_rewrite()
    {
        WriteFile("demo",
            "{\"comment\": \"caf\\u00e9\", \"server\": {\"site\": \"lille\", \"cluster\": \"chifflot\"}, \"node_counts\": {}, \"schedule\": \"asap\", \"walltime\": \"1\", \"x\": [1.50, true, null, {}]}");
        _store.Save(Recipe() with { Schedule = RecipeSchedule.Night, Walltime = new Walltime(TimeSpan.FromHours(100)) }, overwrite: true);
        Assert.Equal(
            "{\"server\": {\"site\": \"nancy\", \"cluster\": \"chifflot\"}, \"node_counts\": {\"nancy\": 2, \"rennes\": 1}, \"schedule\": \"night\", \"walltime\": \"100:00:00\", "
            + "\"comment\": \"caf\\u00e9\", \"x\": [1.50, true, null, {}]}\n", File.ReadAllText(PathOf("demo")));
    }

    [Fact]
    public void A_corrupt_recipe_can_be_replaced()
    {
        WriteFile("demo", "{");
        _store.Save(Recipe(), overwrite: true);
        Assert.Equal("nancy", _store.Get("demo").ServerSite);
    }

    [Theory]
    [InlineData("{\"server\": ", "line 1, character 12")]
    [InlineData("{\n  \"walltime\": 'x'}", "line 2, character 15")]
    [InlineData("", "line 1, character 1")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{\"schedule\": \"asap\", \"schedule\": \"night\"}", "character")]
    [InlineData("{\"server\": \"nancy\"}", "server is not an object")]
    [InlineData("{\"server\": {\"site\": 3}}", "server.site")]
    [InlineData("{\"node_counts\": [1]}", "node_counts")]
    [InlineData("{\"node_counts\": {\"nancy\": \"2\"}}", "node_counts.nancy")]
    [InlineData("{\"node_counts\": {\"nancy\": -1}}", "node_counts.nancy")]
    [InlineData("{\"node_counts\": {\"nancy\": 1.5}}", "node_counts.nancy")]
    [InlineData("{\"node_counts\": {\"nancy\": null}}", "node_counts.nancy")]
    [InlineData("{\"schedule\": \"now\"}", "schedule")]
    [InlineData("{\"walltime\": \"0:60\"}", "walltime")]
    [InlineData("{\"walltime\": 1}", "walltime")]
    public void A_corrupt_recipe_is_refused_with_the_place(string text, string place)
    {
        WriteFile("demo", text);
        G5kException failure = Fails("RecipeCorrupt", ErrorKind.InvalidData, () => _store.Get("demo"));
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
        Assert.Contains(PathOf("demo"), failure.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Demo")]
    [InlineData("my recipe")]
    [InlineData("../demo")]
    [InlineData("démo")]
    [InlineData("demo\n")]
    [InlineData("demo.json")]
    public void Names_are_checked_always(string name)
    {
        Fails("InvalidRecipeName", ErrorKind.InvalidArgument, () => _store.Save(Recipe(name), overwrite: true));
        Fails("InvalidRecipeName", ErrorKind.InvalidArgument, () => _store.Get(name));
        _store.Save(Recipe(), overwrite: true);
        Fails("InvalidRecipeName", ErrorKind.InvalidArgument, () => _store.Rename("demo", name));
        Assert.Equal(["demo"], _store.GetNames());
    }

    [Fact]
    public void A_recipe_saved_under_a_bad_name_by_another_tool_can_be_renamed_and_removed()
    {
        WriteFile("My_Recipe", Nancy);
        Assert.Equal(["My_Recipe"], _store.GetNames());
        Assert.Equal("Rename-WaltRecipe 'My_Recipe' my-recipe",
            Fails("InvalidRecipeName", ErrorKind.InvalidArgument, () => _store.Get("My_Recipe")).Recommendation);
        _store.Rename("My_Recipe", "my-recipe");
        Assert.Equal("my-recipe", _store.Get("my-recipe").Name);
        WriteFile("Another", Nancy);
        _store.Remove("Another");
        Assert.Equal(["my-recipe"], _store.GetNames());
    }

    [Fact]
    public void A_missing_recipe_is_told_with_the_near_ones()
    {
        Assert.Contains("New-WaltRecipe", Fails("RecipeNotFound", ErrorKind.ObjectNotFound, () => _store.Get("demo")).Recommendation,
            StringComparison.Ordinal);
        _store.Save(Recipe("nancy-20"), overwrite: false);
        Assert.Contains("nancy-20", Fails("RecipeNotFound", ErrorKind.ObjectNotFound, () => _store.Get("nancy-2")).Recommendation,
            StringComparison.Ordinal);
        Assert.Contains("nancy-20", Fails("RecipeNotFound", ErrorKind.ObjectNotFound, () => _store.Remove("nancy20")).Recommendation,
            StringComparison.Ordinal);
        Fails("RecipeNotFound", ErrorKind.ObjectNotFound, () => _store.Rename("other", "new"));
    }

    [Fact]
    public void Nothing_is_overwritten_unasked()
    {
        _store.Save(Recipe("a"), overwrite: false);
        _store.Save(Recipe("b") with { ServerSite = "rennes" }, overwrite: false);
        Fails("RecipeExists", ErrorKind.ResourceExists, () => _store.Save(Recipe("a"), overwrite: false));
        Fails("RecipeExists", ErrorKind.ResourceExists, () => _store.Rename("a", "b"));
        Assert.Equal("rennes", _store.Get("b").ServerSite);
        _store.Rename("a", "a");
        _store.Rename("a", "c");
        Assert.Equal(["b", "c"], _store.GetNames());
        _store.Remove("b");
        Assert.Equal(["c"], _store.GetNames());
    }

    [Fact]
    public void Without_a_home_nothing_is_created()
    {
        RecipeStore store = new(new HomeOnly(Path.Combine(_home, "gone")));
        Fails("HomeNotFound", ErrorKind.ObjectNotFound, () => store.Save(Recipe(), overwrite: false));
        Fails("HomeNotFound", ErrorKind.ObjectNotFound, () => store.GetNames());
        Fails("HomeNotFound", ErrorKind.ObjectNotFound, () => store.Get("demo"));
        Assert.False(Directory.Exists(Path.Combine(_home, "gone")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told()
    {
        File.WriteAllText(Path.Combine(_home, ".walt-g5k"), "a file where a folder should be");
        Fails("RecipeNotWritten", ErrorKind.WriteError, () => _store.Save(Recipe(), overwrite: false));
        Assert.Equal([".walt-g5k"], Directory.GetFileSystemEntries(_home).Select(Path.GetFileName));
    }

    [Fact]
    public void Nothing_is_left_beside_the_recipe_and_others_cannot_read_it()
    {
        _store.Save(Recipe(), overwrite: false);
        _store.Save(Recipe(), overwrite: true);
        Assert.Equal(["demo.json"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("demo")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    /// <summary>A grid of which nothing but the home may be used.</summary>
    sealed class HomeOnly(string home) : IGrid
    {
        public string Name => "testbed";
        public string User => "jdoe";
        public string? LocalSite => null;
        public string HomeDirectory => home;
        public TimeProvider Time => TimeProvider.System;
        public HttpClient Api => throw new NotSupportedException();
        public IFrontend GetFrontend(string site) => throw new NotSupportedException();
        public IReadOnlyList<string> ConnectArguments => [];
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
