using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Recipes;

public enum RecipeSchedule
{
    /// <summary>As soon as possible.</summary>
    Asap,
    /// <summary>At night, or during the week-end.</summary>
    Night,
}

/// <summary>A deployment recipe as <c>walt g5k</c> keeps it in <c>~/.walt-g5k/recipes/NAME.json</c>.</summary>
public sealed record WaltRecipe
{
    public string Name { get; init; } = "";
    public string? ServerSite { get; init; }
    /// <summary>WalT nodes wanted per site, the server not counted; every value at least 1.</summary>
    public IReadOnlyDictionary<string, int> NodeCounts { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);
    public RecipeSchedule Schedule { get; init; }
    public Walltime Walltime { get; init; } = new(TimeSpan.FromHours(1));
    public override string ToString() => Name;
}
