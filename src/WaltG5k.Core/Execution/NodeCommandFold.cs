using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Execution;

/// <summary>The targets whose command ended in the same way with the same output: <c>gros-[1-4,7].nancy: …</c></summary>
public sealed class NodeCommandFold
{
    readonly List<NodeCommandResult> _results = [];
    readonly Lazy<NodeSet> _nodes;

    NodeCommandFold() => _nodes = new Lazy<NodeSet>(() => NodeSet.From(_results.Select(r => r.Name)));

    /// <summary>Folded only when it is looked at: bookkeeping stays cheap where names do not fold.</summary>
    public NodeSet Nodes => _nodes.Value;
    public int Count => _results.Count;
    public NodeCommandState State => _results[0].State;
    public int? ExitStatus => _results[0].ExitStatus;
    public string Output => _results[0].Output;
    public string Error => _results[0].Error;
    public string? Reason => _results[0].Reason;
    public string? Recommendation => _results[0].Recommendation;
    public IReadOnlyList<NodeCommandResult> Results => _results;

    public override string ToString() => $"{Nodes}: {(State == NodeCommandState.Succeeded ? Output.TrimEnd('\n') : $"{State}: {Reason}")}";

    /// <summary>Groups results; the largest group comes first, equal ones in the order of their first result.</summary>
    public static IReadOnlyList<NodeCommandFold> Fold(IEnumerable<NodeCommandResult> results)
    {
        var folds = new Dictionary<(NodeCommandState, int?, string?, string, string), NodeCommandFold>();
        foreach (NodeCommandResult result in results)
        {
            var key = (result.State, result.ExitStatus, result.Reason, result.Output, result.Error);
            if (!folds.TryGetValue(key, out NodeCommandFold? fold)) folds[key] = fold = new NodeCommandFold();
            fold._results.Add(result);
        }
        return [.. folds.Values.OrderByDescending(f => f.Count)];
    }
}
