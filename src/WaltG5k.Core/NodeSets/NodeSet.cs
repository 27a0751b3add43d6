namespace WaltG5k.Core.NodeSets;

/// <summary>
/// Sets of node names in the notation of the field: <c>gros-[1-4,7].nancy.grid5000.fr</c>, <c>node-[08-10]</c>, several brackets,
/// comma lists. Immutable; names keep the order of their numbers.
/// </summary>
public sealed partial class NodeSet
{
    /// <summary>The largest set that a text may describe: a typing error must never make a million nodes.</summary>
    public const int MaximumSize = 100_000;
}
