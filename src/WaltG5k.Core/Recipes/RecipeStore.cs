using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Recipes;

/// <summary>Recipes in <c>~/.walt-g5k/recipes</c>, in the format of <c>walt g5k</c>: both tools read each other's.</summary>
public sealed partial class RecipeStore(IGrid grid)
{
    /// <summary>Names, sorted.</summary>
    public partial IReadOnlyList<string> GetNames();
    /// <exception cref="G5kException"><c>RecipeNotFound</c>, <c>RecipeCorrupt</c>.</exception>
    public partial WaltRecipe Get(string name);
    /// <summary>Writes a recipe atomically. <c>RecipeExists</c> unless <paramref name="overwrite"/>; <c>InvalidRecipeName</c>; <c>RecipeNotWritten</c> (read-only or full disk).</summary>
    public partial void Save(WaltRecipe recipe, bool overwrite);
    public partial void Remove(string name);
    public partial void Rename(string name, string newName);
    /// <summary>What is wrong with it against the reference data; empty when it can be deployed.</summary>
    public partial Task<IReadOnlyList<G5kException>> CheckAsync(WaltRecipe recipe, CancellationToken cancellationToken = default);
}
