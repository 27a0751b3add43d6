using System.Management.Automation;

namespace WaltG5k.Parameters;

/// <summary>Files of this machine, as users name them.</summary>
internal static class FilePaths
{
    /// <summary>The full paths that a name stands for: itself, or with wildcards every file that matches, in order.</summary>
    /// <param name="full">A full path; wildcards may be in any part of it.</param>
    /// <param name="isLiteral">Wildcards are signs like any other.</param>
    public static IReadOnlyList<string> Find(string full, bool isLiteral)
    {
        // A file whose very name holds such signs is meant before anything else.
        if (isLiteral || File.Exists(full)) return [full];
        if (!WildcardPattern.ContainsWildcardCharacters(full)) return [WildcardPattern.Unescape(full)];
        string root = Path.GetPathRoot(full) ?? "/";
        IEnumerable<string> folders = [root];
        string[] parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        foreach (string part in parts[..^1]) folders = folders.SelectMany(f => Match(f, part, Directory.EnumerateDirectories));
        return [.. folders.SelectMany(f => Match(f, parts[^1], Directory.EnumerateFiles)).Order(StringComparer.Ordinal)];
    }

    static IEnumerable<string> Match(string folder, string part, Func<string, IEnumerable<string>> list)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(part)) return Path.Exists(Path.Combine(folder, part)) ? [Path.Combine(folder, part)] : [];
        var pattern = WildcardPattern.Get(part, WildcardOptions.CultureInvariant);
        try { return [.. list(folder).Where(f => pattern.IsMatch(Path.GetFileName(f)))]; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return []; }
    }
}
