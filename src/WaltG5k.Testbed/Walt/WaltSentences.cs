using System.Globalization;

namespace WaltG5k.Testbed.Walt;

/// <summary>Sentences about nodes as the server prints them.</summary>
internal static class WaltSentences
{
    const int NamedAtMost = 5;

    /// <summary><c>Node a</c>, <c>Nodes a, b and c</c>; more than five are only counted: <c>7 nodes</c>.</summary>
    public static string Subject(IReadOnlyList<string> names) => names.Count switch
    {
        1 => "Node " + names[0],
        > NamedAtMost => string.Create(CultureInfo.InvariantCulture, $"{names.Count} nodes"),
        _ => $"Nodes {string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
    };

    /// <summary>The subject within a sentence: <c>node a</c>.</summary>
    public static string Object(IReadOnlyList<string> names)
    {
        string subject = Subject(names);
        return char.ToLowerInvariant(subject[0]) + subject[1..];
    }
}
