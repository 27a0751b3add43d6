using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltRecipe: deletes recipes.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltRecipe", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaltRecipeCommand : G5kCmdlet
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
                // A recipe that cannot be read may still be removed.
                if (!Recipes.GetNames().Contains(reference.Name)) RecipeChanges.Find(this, new RecipeRef(reference.Name));
                if (await ConfirmAsync($"recipe {reference.Name}", "Remove").ConfigureAwait(false)) Recipes.Remove(reference.Name);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
