using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Set-WaltRecipe: changes what is given, or opens the editor when nothing is.</summary>
[Cmdlet(VerbsCommon.Set, "WaltRecipe", SupportsShouldProcess = true)]
[OutputType(typeof(WaltRecipe))]
public sealed class SetWaltRecipeCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [RecipeConversion]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public RecipeRef[] Recipe { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [Alias("Nodes")]
    [NodeCountConversion]
    public NodeCounts? NodeCount { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? ServerSite { get; set; }

    [Parameter]
    public RecipeSchedule? Schedule { get; set; }

    [Parameter]
    [WalltimeConversion]
    public Walltime? Walltime { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    bool HasContent => NodeCount is not null || ServerSite is not null || Schedule is not null || Walltime is not null;

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (RecipeRef reference in Recipe)
        {
            try
            {
                WaltRecipe former = RecipeChanges.Find(this, reference);
                WaltRecipe? recipe = HasContent
                    ? RecipeChanges.Apply(former, ServerSite, Site, NodeCount, Schedule, Walltime)
                    : await EditAsync(former, cancellationToken).ConfigureAwait(false);
                if (recipe is null) continue;
                if (!await ConfirmAsync($"recipe {recipe.Name}", "Change").ConfigureAwait(false)) continue;
                Recipes.Save(recipe, overwrite: true);
                if (PassThru) Write(recipe);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    Task<WaltRecipe?> EditAsync(WaltRecipe recipe, CancellationToken cancellationToken) =>
        new RecipeEditor(new HostDialogue(this), Api, Reservations, Recipes.GetNames()).EditAsync(recipe, isNew: false, cancellationToken);
}
