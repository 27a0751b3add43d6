using System.Text.RegularExpressions;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The two lists at the end of Kadeploy's output. The reason of a failure may take several lines.</summary>
sealed partial class KadeployNodeLists
{
    readonly List<string> _successful = [];
    readonly List<(string Node, List<string> Reason)> _failed = [];

    public void TakeSuccessful(string line)
    {
        if (line.Trim() is { Length: > 0 } name && !name.Contains(' ', StringComparison.Ordinal)) _successful.Add(name);
    }

    public void TakeFailed(string line)
    {
        if (FailedNode().Match(line) is { Success: true } node) _failed.Add((node.Groups[1].Value, [node.Groups[2].Value]));
        else if (_failed.Count > 0) _failed[^1].Reason.Add(line);
    }

    public Dictionary<string, KadeployNodeResult> Read()
    {
        var results = new Dictionary<string, KadeployNodeResult>(StringComparer.OrdinalIgnoreCase);
        foreach (string node in _successful) results[node] = new KadeployNodeResult(node, true);
        foreach ((string node, List<string> lines) in _failed) results[node] = ReadFailure(node, string.Join('\n', lines));
        return results;
    }

    static KadeployNodeResult ReadFailure(string node, string text)
    {
        // What a terminal or ssh adds after the list stands behind the last bracket.
        int end = text.LastIndexOf(')');
        string reason = (end < 0 ? text : text[..end]).Trim();
        return StepAndReason().Match(reason) is { Success: true } parts
            ? new KadeployNodeResult(node, false, parts.Groups[1].Value, parts.Groups[2].Value.Trim())
            : new KadeployNodeResult(node, false, null, reason.Length == 0 ? null : reason);
    }

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+)(?: \((.*))?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex FailedNode();

    [GeneratedRegex(@"^(\w+-[\w-]+):\s*(.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex StepAndReason();
}
