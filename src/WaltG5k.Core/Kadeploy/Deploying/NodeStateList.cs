namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// The states in kanodes3's YAML: a host on a line of its own, its <c>state:</c> beneath. A host that was never deployed has nothing beneath it.
/// </summary>
static class NodeStateList
{
    public static IReadOnlyDictionary<string, string> Read(string yaml)
    {
        var states = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? host = null;
        foreach (ReadOnlySpan<char> line in yaml.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> text = line.Trim();
            if (line.Length > 0 && !char.IsWhiteSpace(line[0])) host = text.EndsWith(":") ? text[..^1].ToString() : null;
            else if (host is not null && text.StartsWith("state:") && text["state:".Length..].Trim() is { Length: > 0 } state)
                states.TryAdd(host, state.ToString());
        }
        return states;
    }
}
