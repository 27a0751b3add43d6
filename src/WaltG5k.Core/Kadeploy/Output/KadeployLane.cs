using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The lines of one node set: what they have told so far.</summary>
sealed class KadeployLane(string id)
{
    /// <summary>The lines between two rules (<c>---</c>) that belong together.</summary>
    public enum Block { None, Clusters, Split, Status }

    public string Id => id;
    public string? Cluster { get; set; }
    public NodeSet Nodes { get; set; } = NodeSet.Empty;
    public string? MacroStep { get; set; }
    public bool HasEnded { get; set; }

    public Block Open { get; set; }
    public List<NodeSetPart> Parts { get; } = [];
    /// <summary>A rule was printed that begins no known block: states of power may follow.</summary>
    public bool AfterRule { get; set; }
}
