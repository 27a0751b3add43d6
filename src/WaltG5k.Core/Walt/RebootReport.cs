namespace WaltG5k.Core.Walt;

/// <summary>
/// Puts together, node by node, what became of a reboot order that the server answered with FAILED. The server says it in sentences; those about more
/// than five nodes only count them, then the node lists before and after decide: a node that went down was rebooted.
/// </summary>
sealed class RebootReport(IReadOnlyList<string> nodes)
{
    readonly Dictionary<string, string?> _outcome = new(StringComparer.Ordinal);
    string? _anonymousFailure;
    bool _hasAnonymousSuccess;

    public bool HasOpenNodes => nodes.Any(n => !_outcome.ContainsKey(n)) && _hasAnonymousSuccess;

    public void Rebooted(IEnumerable<string> names)
    {
        foreach (string name in names) _outcome[name] = null;
    }

    public void Read(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (!ServerMessages.TryReadNodes(line, out IReadOnlyList<string> names, out string what)) continue;
            bool rebooted = ServerMessages.IsRebooted(what);
            foreach (string name in names) _outcome[name] = rebooted ? null : what;
            if (names.Count > 0) continue;
            if (rebooted) _hasAnonymousSuccess = true;
            else _anonymousFailure ??= what;
        }
    }

    /// <summary>Decides the nodes that no sentence named.</summary>
    public void Compare(IReadOnlyList<WaltNodeInfo> before, IReadOnlyList<WaltNodeInfo> after)
    {
        HashSet<string> wereUp = [.. before.Where(n => n.IsBooted).Select(n => n.Name)];
        HashSet<string> areUp = [.. after.Where(n => n.IsBooted).Select(n => n.Name)];
        foreach (string name in nodes.Where(n => !_outcome.ContainsKey(n)))
        {
            if (_anonymousFailure is null || (wereUp.Contains(name) && !areUp.Contains(name))) _outcome[name] = null;
        }
    }

    /// <summary>Every node with its failure or null. Nodes that nothing was said of get the general reason.</summary>
    public IReadOnlyDictionary<string, string?> Close(string? reason) =>
        nodes.Distinct().ToDictionary(n => n, n => _outcome.TryGetValue(n, out string? outcome) ? outcome : _anonymousFailure ?? reason);
}
