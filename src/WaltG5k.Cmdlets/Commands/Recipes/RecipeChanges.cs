using WaltG5k.Base;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What the recipe cmdlets share.</summary>
internal static class RecipeChanges
{
    /// <summary>The recipe that is meant.</summary>
    /// <exception cref="Core.G5kException"><c>RecipeNotFound</c>, <c>RecipeCorrupt</c>.</exception>
    public static WaltRecipe Find(G5kCmdlet cmdlet, RecipeRef reference) => reference.Recipe ?? cmdlet.Recipes.Get(reference.Name);

    /// <summary>The recipe with what was given; a count of 0 takes a site out.</summary>
    public static WaltRecipe Apply(WaltRecipe recipe, string? serverSite, IReadOnlyList<string> sites, NodeCounts? counts, RecipeSchedule? schedule,
        Walltime? walltime)
    {
        var merged = new SortedDictionary<string, int>(recipe.NodeCounts.ToDictionary(), StringComparer.Ordinal);
        if (counts is not null)
        {
            IReadOnlyList<string> named = sites.Count > 0 || counts.Count is null ? sites : [.. recipe.NodeCounts.Keys];
            foreach ((string site, int count) in PlatformSites.Counts(named, counts)) merged[site] = count;
        }
        foreach (string site in merged.Where(c => c.Value == 0).Select(c => c.Key).ToList()) merged.Remove(site);
        return recipe with
        {
            ServerSite = serverSite ?? recipe.ServerSite,
            NodeCounts = merged,
            Schedule = schedule ?? recipe.Schedule,
            Walltime = walltime ?? recipe.Walltime,
        };
    }
}
