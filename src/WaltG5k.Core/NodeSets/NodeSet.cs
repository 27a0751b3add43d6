using System.Collections;
using System.Diagnostics.CodeAnalysis;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.NodeSets;

/// <summary>
/// Sets of node names in the notation of the field: <c>gros-[1-4,7].nancy.grid5000.fr</c>, <c>node-[08-10]</c>, several brackets,
/// comma lists. Immutable; names keep the order of their numbers.
/// </summary>
public sealed class NodeSet : IReadOnlyCollection<string>, IEquatable<NodeSet>
{
    /// <summary>The largest set that a text may describe: a typing error must never make a million nodes.</summary>
    public const int MaximumSize = 100_000;

    /// <summary>Sorted and distinct.</summary>
    readonly string[] _names;

    NodeSet(string[] sorted) => _names = sorted;

    public static NodeSet Empty { get; } = new([]);

    public int Count => _names.Length;

    /// <summary>The set that a text describes; an empty text is the empty set.</summary>
    /// <exception cref="FormatException">Says what is wrong, and at which position (from 1 on).</exception>
    public static NodeSet Parse(string text) => Sort(new NodeSetParser(text).Read());

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NodeSet? set)
    {
        try
        {
            set = text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            set = null;
        }
        return set is not null;
    }

    /// <summary>The set of these names.</summary>
    /// <exception cref="FormatException">One of them is no single name.</exception>
    public static NodeSet From(IEnumerable<string> names) => Sort(names.Select(NodeSetParser.CheckName));

    /// <summary>Every name that a text describes, in the order of their numbers.</summary>
    /// <exception cref="FormatException"/>
    public static IEnumerable<string> Expand(string text) => Parse(text);

    /// <summary>The shortest text that this library knows for these names: <c>gros-[1-4,7]</c>.</summary>
    /// <exception cref="FormatException">One of them is no single name.</exception>
    public static string Fold(IEnumerable<string> names) => From(names).ToString();

    public bool Contains(string name) => Array.BinarySearch(_names, name, NaturalComparer.Instance) >= 0;

    public bool IsSubsetOf(NodeSet other) => _names.All(other.Contains);

    /// <summary>Names of either.</summary>
    public NodeSet Union(NodeSet other) => Sort(_names.Concat(other._names));

    /// <summary>Names of both.</summary>
    public NodeSet Intersect(NodeSet other) => new([.. _names.Where(other.Contains)]);

    /// <summary>Names of this set that the other lacks.</summary>
    public NodeSet Except(NodeSet other) => new([.. _names.Where(n => !other.Contains(n))]);

    /// <summary>Names of exactly one of the two.</summary>
    public NodeSet SymmetricExcept(NodeSet other) => Except(other).Union(other.Except(this));

    public bool Equals(NodeSet? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as NodeSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (string name in _names) hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    /// <summary>The folded text.</summary>
    public override string ToString() => NodeSetFolder.Fold(_names);

    public IEnumerator<string> GetEnumerator() => _names.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static NodeSet Sort(IEnumerable<string> names) => new([.. names.Distinct(StringComparer.Ordinal).Order(NaturalComparer.Instance)]);
}
