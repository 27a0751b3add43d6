using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Recipes;

namespace WaltG5k.Commands;

/// <summary>Get-WaltRecipe: recipes by name.</summary>
[Cmdlet(VerbsCommon.Get, "WaltRecipe")]
[OutputType(typeof(WaltRecipe))]
public sealed class GetWaltRecipeCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        RecipeStore store = Recipes;
        var wanted = new NameFilter(Name);
        IReadOnlyList<string> known = store.GetNames();
        foreach (string name in known)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!wanted.Matches(name)) continue;
            try { Write(store.Get(name)); }
            catch (G5kException e) { WriteFailure(e); }
        }
        foreach (string name in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Recipe", name, Failures.Suggest("Get-WaltRecipe", name, known)));
        return Task.CompletedTask;
    }
}
