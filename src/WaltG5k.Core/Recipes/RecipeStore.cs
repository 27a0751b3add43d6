using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Recipes;

/// <summary>Recipes in <c>~/.walt-g5k/recipes</c>, in the format of <c>walt g5k</c>: both tools read each other's.</summary>
public sealed partial class RecipeStore(IGrid grid)
{
    const string Extension = ".json";

    [GeneratedRegex("^[a-z0-9-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex ValidName { get; }

    /// <summary>Whether a recipe may bear this name: lower-case letters, digits and hyphens.</summary>
    public static bool IsValidName(string? name) => name is not null && ValidName.IsMatch(name) && !name.EndsWith('\n');

    string Folder => Path.Combine(grid.HomeDirectory, ".walt-g5k", "recipes");

    /// <summary>Names, sorted. Recipes that <c>walt g5k</c> saved under a name that is not valid are among them.</summary>
    /// <exception cref="G5kException"><c>HomeNotFound</c>, <c>RecipeNotRead</c>.</exception>
    public IReadOnlyList<string> GetNames()
    {
        RequireHome();
        try
        {
            return [.. Directory.EnumerateFiles(Folder, "*" + Extension).Select(f => Path.GetFileNameWithoutExtension(f))
                .Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RecipeErrors.NotRead(Folder, Folder, e);
        }
    }

    /// <exception cref="G5kException"><c>RecipeNotFound</c>, <c>RecipeCorrupt</c>, <c>InvalidRecipeName</c>, <c>RecipeNotRead</c>,
    /// <c>HomeNotFound</c>.</exception>
    public WaltRecipe Get(string name)
    {
        RequireName(name);
        return RecipeJson.Read(name, Load(name), PathOf(name));
    }

    /// <summary>
    /// Writes a recipe atomically; members of an existing file that this module does not know are kept. <c>RecipeExists</c> unless
    /// <paramref name="overwrite"/>; <c>InvalidRecipeName</c>; <c>RecipeNotWritten</c> (read-only or full disk); <c>HomeNotFound</c>.
    /// </summary>
    public void Save(WaltRecipe recipe, bool overwrite)
    {
        RequireName(recipe.Name);
        RequireHome();
        string path = PathOf(recipe.Name);
        bool exists = File.Exists(path);
        if (exists && !overwrite) throw RecipeErrors.Exists(recipe.Name);
        JsonObject? old = exists ? TryLoad(recipe.Name) : null;
        Write(recipe.Name, () => AtomicFile.Write(path, PythonJson.Write(RecipeJson.Write(recipe, old)) + "\n"));
    }

    /// <exception cref="G5kException"><c>RecipeNotFound</c>, <c>RecipeNotWritten</c>.</exception>
    public void Remove(string name)
    {
        RequireExisting(name);
        Write(name, () => AtomicFile.Delete(PathOf(name)));
    }

    /// <summary>Gives a recipe a new name. The old name may be one that is not valid.</summary>
    /// <exception cref="G5kException"><c>RecipeNotFound</c>, <c>RecipeExists</c>, <c>InvalidRecipeName</c>, <c>RecipeNotWritten</c>.</exception>
    public void Rename(string name, string newName)
    {
        RequireName(newName);
        RequireExisting(name);
        if (name == newName) return;
        if (File.Exists(PathOf(newName))) throw RecipeErrors.Exists(newName);
        Write(newName, () =>
        {
            try
            {
                File.Move(PathOf(name), PathOf(newName), overwrite: false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw AtomicFile.NotWritten(PathOf(newName), e);
            }
        });
    }

    /// <summary>What is wrong with it against the reference data; empty when it can be deployed.</summary>
    public Task<IReadOnlyList<G5kException>> CheckAsync(WaltRecipe recipe, CancellationToken cancellationToken = default)
        => new RecipeCheck(new Grid5000Client(grid)).RunAsync(recipe, cancellationToken);

    string PathOf(string name) => Path.Combine(Folder, name + Extension);

    void RequireHome()
    {
        if (!Directory.Exists(grid.HomeDirectory)) throw RecipeErrors.HomeNotFound(grid.HomeDirectory);
    }

    void RequireName(string name)
    {
        if (!IsValidName(name)) throw RecipeErrors.InvalidName(name, IsPlainFileName(name) && File.Exists(PathOf(name)));
    }

    /// <summary>For old names, that may hold anything but a path.</summary>
    void RequireExisting(string name)
    {
        if (!IsPlainFileName(name)) throw RecipeErrors.InvalidName(name, exists: false);
        IReadOnlyList<string> names = GetNames();
        if (!names.Contains(name)) throw RecipeErrors.NotFound(name, names);
    }

    static bool IsPlainFileName(string name) => name.Length > 0 && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0;

    JsonObject Load(string name)
    {
        string path = PathOf(name);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw RecipeErrors.NotFound(name, GetNames());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RecipeErrors.NotRead(name, path, e);
        }
        return RecipeJson.Parse(name, text, path);
    }

    /// <summary>What is there now; nothing of a corrupt file is worth keeping.</summary>
    JsonObject? TryLoad(string name)
    {
        try
        {
            return Load(name);
        }
        catch (G5kException e) when (e.Code is "RecipeCorrupt" or "RecipeNotFound")
        {
            return null;
        }
    }

    static void Write(string name, Action write)
    {
        try
        {
            write();
        }
        catch (G5kException e) when (e.Code == "FileNotWritten")
        {
            throw RecipeErrors.NotWritten(name, e);
        }
    }
}
