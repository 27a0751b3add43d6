namespace WaltG5k.Testbed.Nodes;

/// <summary>What is installed on a node's disk: nothing of it survives the next deployment.</summary>
internal sealed class NodeDisk
{
    /// <summary>The deployed environment; null: none, the node boots Grid'5000's standard environment.</summary>
    public string? Environment { get; init; }

    /// <summary>Files written since, by absolute path.</summary>
    public SortedDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Directories made since.</summary>
    public SortedSet<string> Directories { get; } = new(StringComparer.Ordinal);
}
