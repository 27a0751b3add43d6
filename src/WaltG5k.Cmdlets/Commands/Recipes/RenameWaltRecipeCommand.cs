using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Recipes;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Rename-WaltRecipe: gives a recipe another name.</summary>
[Cmdlet(VerbsCommon.Rename, "WaltRecipe", SupportsShouldProcess = true)]
[OutputType(typeof(WaltRecipe))]
public sealed class RenameWaltRecipeCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [RecipeConversion]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public RecipeRef[] Recipe { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (RecipeRef reference in Recipe)
        {
            try
            {
                WaltRecipe recipe = RecipeChanges.Find(this, reference);
                if (!await ConfirmAsync($"recipe {recipe.Name}", $"Rename to {NewName}").ConfigureAwait(false)) continue;
                Recipes.Rename(recipe.Name, NewName);
                if (PassThru) Write(Recipes.Get(NewName));
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
