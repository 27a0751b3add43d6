using WaltG5k.Commands;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Cmdlets;

public class RecipeEditorTests
{
    /// <summary>Answers from a list: a text to a question, the beginning of a choice to a menu.</summary>
    sealed class ScriptedPerson(params string[] answers) : IDialogue
    {
        readonly Queue<string> _answers = new(answers);
        public List<string> Questions { get; } = [];
        public bool IsDone => _answers.Count == 0;

        public Task<int> ChooseAsync(string caption, string message, IReadOnlyList<string> choices, int defaultChoice)
        {
            Questions.Add(message);
            string wanted = _answers.Dequeue();
            int index = choices.ToList().FindIndex(c => c.StartsWith(wanted, StringComparison.Ordinal));
            Assert.True(index >= 0, $"'{wanted}' is not offered: {string.Join(" | ", choices)}");
            return Task.FromResult(index);
        }

        public Task<string> AskAsync(string question)
        {
            Questions.Add(question);
            return Task.FromResult(_answers.Dequeue());
        }
    }

    static async Task<WaltRecipe?> EditAsync(ScriptedPerson person, WaltRecipe recipe, bool isNew = true, params string[] usedNames)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 60 });
        var editor = new RecipeEditor(person, new Grid5000Client(grid), new ReservationService(grid, SilentReporter.Instance), usedNames);
        WaltRecipe? edited = await editor.EditAsync(recipe, isNew, CancellationToken.None);
        Assert.True(person.IsDone);
        return edited;
    }

    [Fact]
    public async Task A_new_recipe_is_made_by_menus()
    {
        var person = new ScriptedPerson("define", "nancy", "change WalT node", "nancy", "3", "change WalT node", "rennes", "1", "change schedule",
            "at night", "change walltime", "1:30", "validate", "demo");
        WaltRecipe recipe = (await EditAsync(person, new WaltRecipe()))!;
        Assert.Equal("demo", recipe.Name);
        Assert.Equal("nancy", recipe.ServerSite);
        Assert.Equal(["nancy=3", "rennes=1"], recipe.NodeCounts.Select(c => $"{c.Key}={c.Value}"));
        Assert.Equal(RecipeSchedule.Night, recipe.Schedule);
        Assert.Equal("01:30:00", recipe.Walltime.ToString());
    }

    [Fact]
    public async Task Bad_answers_are_asked_again()
    {
        var person = new ScriptedPerson("define", "nancy", "change WalT node", "nancy", "many", "-1", "2", "change walltime", "1:99", "0", "2",
            "validate", "Démo", "taken", "free");
        WaltRecipe recipe = (await EditAsync(person, new WaltRecipe(), usedNames: "taken"))!;
        Assert.Equal("free", recipe.Name);
        Assert.Equal(2, recipe.NodeCounts["nancy"]);
        Assert.Equal("02:00:00", recipe.Walltime.ToString());
        Assert.Contains(person.Questions, q => q.Contains("'Démo' will not do", StringComparison.Ordinal));
        Assert.Contains(person.Questions, q => q.Contains("'taken' already", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_a_complete_recipe_can_be_validated()
    {
        var person = new ScriptedPerson("define", "nancy", "validate");
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => EditAsync(person, new WaltRecipe { Name = "demo" }));
    }

    [Fact]
    public async Task A_count_of_0_takes_a_site_out()
    {
        var recipe = new WaltRecipe { Name = "demo", ServerSite = "nancy",
            NodeCounts = new Dictionary<string, int> { ["nancy"] = 1, ["rennes"] = 2 } };
        WaltRecipe edited = (await EditAsync(new ScriptedPerson("change WalT node", "rennes", "0", "validate"), recipe, isNew: false))!;
        Assert.Equal(["nancy"], edited.NodeCounts.Keys);
    }

    [Fact]
    public async Task The_start_is_estimated_on_demand()
    {
        var recipe = new WaltRecipe { Name = "demo", ServerSite = "nancy", NodeCounts = new Dictionary<string, int> { ["nancy"] = 1 },
            Schedule = RecipeSchedule.Night };
        var person = new ScriptedPerson("estimate", "abort");
        Assert.Null(await EditAsync(person, recipe));
        Assert.Contains("start:", person.Questions[^1], StringComparison.Ordinal);
    }
}
