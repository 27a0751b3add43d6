using System.Globalization;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Reads <c>kanodes3 -s</c>: a host on a line of its own, its fields beneath. A host that was never deployed has nothing beneath it.
/// </summary>
static class NodeStateReader
{
    public static IReadOnlyList<G5kNodeState> Read(string yaml)
    {
        List<G5kNodeState> states = [];
        bool inEnvironment = false;
        foreach (string line in yaml.Split('\n'))
        {
            string text = line.Trim();
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            string key = text[..colon], value = text[(colon + 1)..].Trim().Trim('\'', '"');
            int depth = line.TrimEnd().Length - line.Trim().Length;
            if (depth == 0)
            {
                if (value.Length == 0 && key.Contains('.', StringComparison.Ordinal)) states.Add(new G5kNodeState(key, NodeKadeployState.Unknown));
                continue;
            }
            if (states.Count == 0) continue;
            if (depth <= 2) inEnvironment = key == "environment";
            states[^1] = Take(states[^1], inEnvironment && depth > 2, key, value.Length > 0 ? value : null);
        }
        return states;
    }

    static G5kNodeState Take(G5kNodeState node, bool isOfEnvironment, string key, string? value) => (isOfEnvironment, key) switch
    {
        (false, "state") => node with
            { State = Enum.TryParse(value?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out NodeKadeployState state)
            ? state
            : NodeKadeployState.Unknown },
        (false, "user") => node with { User = value },
        (true, "name") => node with { Environment = value },
        (true, "version") => node with { EnvironmentVersion = long.TryParse(value, CultureInfo.InvariantCulture, out long version) ? version : null },
        (true, "user") => node with { EnvironmentUser = value },
        _ => node,
    };
}
