using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-WaltRecipe: from parameters, or in an editor when there are none.</summary>
[Cmdlet(VerbsCommon.New, "WaltRecipe", SupportsShouldProcess = true)]
[OutputType(typeof(WaltRecipe))]
public sealed class NewWaltRecipeCommand : G5kCmdlet
{
    [Parameter(Position = 0)]
    public string? Name { get; set; }

    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [Alias("Nodes")]
    [NodeCountConversion]
    public NodeCounts NodeCount { get; set; } = new(1);

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? ServerSite { get; set; }

    [Parameter]
    public RecipeSchedule Schedule { get; set; }

    [Parameter]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter]
    public SwitchParameter Force { get; set; }

    bool HasContent => Site.Length > 0 || NodeCount.BySite.Count > 0;

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        WaltRecipe? recipe = HasContent ? FromParameters() : await EditAsync(cancellationToken).ConfigureAwait(false);
        if (recipe is null) return;
        if (!await ConfirmAsync($"recipe {recipe.Name}", "Save").ConfigureAwait(false)) return;
        Recipes.Save(recipe, Force);
        Write(recipe);
    }

    WaltRecipe FromParameters() => RecipeChanges.Apply(
        new WaltRecipe { Name = Name ?? throw Failures.RecipeNameMissing(), ServerSite = PlatformSites.Server(ServerSite, Site, NodeCount) },
        ServerSite, Site, NodeCount, Schedule, Walltime);

    Task<WaltRecipe?> EditAsync(CancellationToken cancellationToken) =>
        new RecipeEditor(new HostDialogue(this), Api, Reservations, Recipes.GetNames()).EditAsync(
            new WaltRecipe { Name = Name ?? "", Schedule = Schedule, Walltime = Walltime }, isNew: !Force, cancellationToken);
}
