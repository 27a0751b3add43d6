namespace WaltG5k.Parameters;

/// <summary>Node names as users write them: plain, as a set (<c>gros-[1-4,7].nancy</c>), or with wildcards.</summary>
internal static class NodeNames
{
    /// <summary>The names of a text, which may be a set or a comma list. A wildcard with <c>*</c> or <c>?</c> stays one name.</summary>
    /// <exception cref="FormatException">The text is no node set.</exception>
    public static IEnumerable<string> Expand(string text) => text.AsSpan().ContainsAny('*', '?') ? [text] : text.Split(',', StringSplitOptions.TrimEntries);

    public static string Fold(IEnumerable<string> names) => string.Join(',', names);
}
