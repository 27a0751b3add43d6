using WaltG5k.Core.Walt;

namespace WaltG5k.Parameters;

/// <summary>WalT's own words for sets of nodes.</summary>
internal static class NodeWords
{
    const string Mine = "my-nodes", Free = "free-nodes", Every = "all-nodes";

    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Mine, Free, Every };

    public static IEnumerable<(string Name, string ToolTip)> ToolTips =>
        [(Mine, "the nodes that you own"), (Free, "the nodes that nobody owns"), (Every, "every node")];

    /// <param name="user">Who says the word.</param>
    public static bool Means(string word, WaltNodeInfo node, string user) => word.ToLowerInvariant() switch
    {
        Mine => node.Owner == user,
        Free => node.Owner is null,
        _ => true,
    };
}
