namespace WaltG5k.Core.Recipes;

/// <summary>The failures around recipes; the method's name tells the code.</summary>
static class RecipeErrors
{
    public static G5kException HomeNotFound(string home) => new("HomeNotFound", ErrorKind.ObjectNotFound,
        home.Length == 0 ? "You have no home folder: recipes cannot be kept." : $"Your home folder {home} does not exist: recipes cannot be kept.",
        home, "Set HOME to a folder that you can write to.");

    public static G5kException InvalidName(string name, bool exists) => new("InvalidRecipeName", ErrorKind.InvalidArgument,
        $"'{name}' is not a recipe name: only lower-case letters, digits and hyphens are allowed.", name,
        exists ? $"Rename-WaltRecipe '{name.Replace("'", "''", StringComparison.Ordinal)}' {Correct(name)}"
        : "Choose a name such as: nancy-night-20");

    /// <summary>The nearest valid name.</summary>
    static string Correct(string name)
    {
        string correct = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')).Trim('-');
        return correct.Length > 0 ? correct : "recipe";
    }

    public static G5kException NotFound(string name, IReadOnlyList<string> known) => new("RecipeNotFound", ErrorKind.ObjectNotFound,
        $"There is no recipe '{name}'.", name,
        Suggestions.Near(name, known) is { Count: > 0 } near ? $"Did you mean {string.Join(" or ", near)}? Otherwise run: Get-WaltRecipe"
        : known.Count > 0 ? "Get-WaltRecipe"
        : $"There are no recipes yet: New-WaltRecipe {(RecipeStore.IsValidName(name) ? name : "demo")} -Site nancy -Nodes 2");

    public static G5kException Exists(string name) => new("RecipeExists", ErrorKind.ResourceExists, $"There is a recipe '{name}' already.", name,
        $"Choose another name, change it with Set-WaltRecipe {name}, or remove it: Remove-WaltRecipe {name}");

    /// <param name="where">Line and character, or the member that is wrong.</param>
    public static G5kException Corrupt(string name, string path, string where, Exception? inner = null) => new("RecipeCorrupt", ErrorKind.InvalidData,
        $"Recipe '{name}' cannot be read: {where}.", name, $"Correct {path}, or remove the recipe: Remove-WaltRecipe {name}", inner);

    public static G5kException NotRead(string name, string path, Exception inner) => new("RecipeNotRead", ErrorKind.ReadError,
        $"{path} could not be read: {inner.Message}", name, $"ls -la '{path}'", inner);

    public static G5kException NotWritten(string name, G5kException inner) => new("RecipeNotWritten", ErrorKind.WriteError,
        $"Recipe '{name}' was not saved: {inner.Message}", name, inner.Recommendation, inner);
}
