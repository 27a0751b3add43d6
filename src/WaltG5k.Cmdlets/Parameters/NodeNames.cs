using WaltG5k.Core.NodeSets;

namespace WaltG5k.Parameters;

/// <summary>Node names as users write them: plain, as a set (<c>gros-[1-4,7].nancy</c>), or with wildcards.</summary>
internal static class NodeNames
{
    /// <summary>The names of a text, which may be a set or a comma list. A wildcard with <c>*</c> or <c>?</c> stays one name.</summary>
    /// <exception cref="FormatException">The text is no node set.</exception>
    public static IEnumerable<string> Expand(string text) => text.AsSpan().ContainsAny('*', '?') ? [text] : NodeSet.Expand(text);

    /// <summary>Short text for names; names that form no set are listed as they are.</summary>
    public static string Fold(IEnumerable<string> names)
    {
        string[] all = [.. names];
        try { return NodeSet.Fold(all); }
        catch (FormatException) { return string.Join(',', all); }
    }
}
