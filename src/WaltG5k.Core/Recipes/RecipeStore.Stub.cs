using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Recipes;

public sealed partial class RecipeStore
{
    public partial IReadOnlyList<string> GetNames() => throw new NotImplementedException();
    public partial WaltRecipe Get(string name) => throw new NotImplementedException();
    public partial void Save(WaltRecipe recipe, bool overwrite) => throw new NotImplementedException();
    public partial void Remove(string name) => throw new NotImplementedException();
    public partial void Rename(string name, string newName) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<G5kException>> CheckAsync(WaltRecipe recipe, CancellationToken cancellationToken) => throw new NotImplementedException();
}
