namespace WaltG5k.Core.Text;

static class Lists
{
    /// <summary>
    /// The list as an array. Properties of public objects hold arrays: what the compiler makes of <c>[.. x]</c> has no indexer that PowerShell finds,
    /// and <c>$deployment.Nodes[0]</c> would be the whole list.
    /// </summary>
    public static T[] AsArray<T>(this IReadOnlyList<T> list) => list as T[] ?? [.. list];
}
