using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Test-WaltRecipe: whether a recipe can be deployed; warnings say why not.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaltRecipe")]
[OutputType(typeof(bool))]
public sealed class TestWaltRecipeCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [RecipeConversion]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public RecipeRef[] Recipe { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (RecipeRef reference in Recipe)
        {
            try
            {
                IReadOnlyList<G5kException> problems = await Recipes.CheckAsync(RecipeChanges.Find(this, reference), cancellationToken)
                    .ConfigureAwait(false);
                foreach (G5kException problem in problems)
                    Post(() => WriteWarning($"{reference.Name}: {problem.Message} {problem.Recommendation}".TrimEnd()));
                Write(problems.Count == 0);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
