using System.Text.RegularExpressions;
using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Follows the output of kadeploy3 and kareboot3 line by line: progress while it runs, the lists of nodes at its end. Lines of several clusters are
/// interleaved and carry prefixes (<c>[c1]</c>, <c>[2]</c>, <c>[c1.2]</c>); lines of an unknown kind are passed over.
/// </summary>
sealed partial class KadeployOutput(Action<KadeployProgress>? onProgress)
{
    enum Part { Steps, Successful, Failed }

    readonly Dictionary<string, string> _macroSteps = new(StringComparer.Ordinal);
    readonly HashSet<string> _discarded = new(StringComparer.OrdinalIgnoreCase);
    readonly KadeployNodeLists _lists = new();
    Part _part;
    string? _lastMacroStep;

    public string? WorkflowId { get; private set; }

    public void TakeLine(string text)
    {
        string line = text.TrimEnd('\r', '\n');
        if (Heading().Match(line) is { Success: true } heading)
        {
            _part = heading.Groups[1].Value == "failed" ? Part.Failed : Part.Successful;
            return;
        }
        switch (_part)
        {
            case Part.Successful: _lists.TakeSuccessful(line); break;
            case Part.Failed: _lists.TakeFailed(line); break;
            default: TakeStep(line); break;
        }
    }

    /// <summary>One result per node, in this order. A node that no list names has failed: Kadeploy has lost sight of it, or discarded it.</summary>
    public IReadOnlyList<KadeployNodeResult> GetResults(IReadOnlyList<string> nodes)
    {
        Dictionary<string, KadeployNodeResult> results = _lists.Read();
        return [.. nodes.Select(node => results.TryGetValue(node, out KadeployNodeResult? result)
            ? result with { Node = node }
            : new KadeployNodeResult(node, false, null, _discarded.Contains(node)
                ? "already involved in another deployment"
                : "Kadeploy said nothing about this node"))];
    }

    void TakeStep(string line)
    {
        if (WorkflowId is null && Started().Match(line) is { Success: true } started)
        {
            WorkflowId = started.Groups["id"].Value;
        }
        else if (MacroStep().Match(line) is { Success: true } macro)
        {
            _lastMacroStep = _macroSteps[macro.Groups["prefix"].Value] = macro.Groups["step"].Value;
            onProgress?.Invoke(new KadeployProgress(_lastMacroStep, null));
        }
        else if (MicroStep().Match(line) is { Success: true } micro && FindMacroStep(micro.Groups["prefix"].Value) is { } step)
        {
            onProgress?.Invoke(new KadeployProgress(step, micro.Groups["step"].Value));
        }
        else if (Discarded().Match(line) is { Success: true } discarded && NodeSet.TryParse(discarded.Groups[1].Value, out NodeSet? nodes))
        {
            _discarded.UnionWith(nodes);
        }
    }

    /// <summary>A part of a split node set goes on in the step of the whole, until it begins one of its own.</summary>
    string? FindMacroStep(string prefix)
    {
        if (_macroSteps.TryGetValue(prefix, out string? step)) return step;
        int dot = prefix.IndexOf('.', StringComparison.Ordinal);
        string whole = dot < 0 ? "" : prefix[..dot];
        return _macroSteps.GetValueOrDefault(whole, _lastMacroStep!);
    }

    [GeneratedRegex(@"^The (?:deployment|reboot operation|power operation) (is successful|failed) on nodes\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?:(?:Deployment|Reboot operation|Power operation) #(?<id>\S+) started|(?<id>[DRP]-[0-9a-f-]{36}) /\S+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Started();

    [GeneratedRegex(@"^(?:\[(?<prefix>[c0-9.]+)\] )?Performing a (?:Deploy|Reboot|Power)\[(?<step>\w+)\] step", RegexOptions.CultureInvariant)]
    private static partial Regex MacroStep();

    [GeneratedRegex(@"^(?:\[(?<prefix>[c0-9.]+)\] )?  (?<step>\w[\w-]*)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex MicroStep();

    [GeneratedRegex(@"The nodes (\S+) are already involved in deployment", RegexOptions.CultureInvariant)]
    private static partial Regex Discarded();
}
