using System.Management.Automation;
using WaltG5k.Core.Grid5000;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>
/// Names of nodes as users give them: full (<c>gros-1.nancy.grid5000.fr</c>), with the site (<c>gros-1.nancy</c>), short (<c>gros-1</c>), as node
/// sets, or with wildcards. No name at all matches every node.
/// </summary>
internal sealed class NodeNameFilter
{
    readonly HashSet<string> _names;
    readonly WildcardPattern[] _patterns;
    readonly HashSet<string> _matched = new(StringComparer.OrdinalIgnoreCase);

    public NodeNameFilter(IReadOnlyList<string> names)
    {
        string[] all = [.. names.SelectMany(NodeNames.Expand)];
        string[] wild = [.. all.Where(n => n.AsSpan().ContainsAny('*', '?'))];
        _patterns = [.. wild.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];
        _names = new HashSet<string>(all.Except(wild), StringComparer.OrdinalIgnoreCase);
        Clusters = [.. all.Select(ClusterOf).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (Clusters.Contains("*")) Clusters = [];
    }

    /// <summary>Patterns of the clusters that the names may be of: looking only there saves most of the reading. Empty: any.</summary>
    public IReadOnlyList<string> Clusters { get; }

    public IEnumerable<string> Unmatched => _names.Where(n => !_matched.Contains(n));

    public bool Matches(NodeInfo node)
    {
        if (_names.Count == 0 && _patterns.Length == 0) return true;
        bool isNamed = false;
        foreach (string name in (ReadOnlySpan<string>)[node.Name, node.ShortName, $"{node.ShortName}.{node.Site}"])
        {
            if (_names.Contains(name))
            {
                _matched.Add(name);
                isNamed = true;
            }
            isNamed |= Array.Exists(_patterns, p => p.IsMatch(name));
        }
        return isNamed;
    }

    static string ClusterOf(string name)
    {
        string host = name.Split('.')[0];
        int dash = host.LastIndexOf('-');
        int wild = host.AsSpan().IndexOfAny('*', '?');
        if (wild >= 0 && (dash < 0 || wild < dash)) return $"{host[..wild]}*";
        return dash > 0 ? host[..dash] : host.Contains('*', StringComparison.Ordinal) ? "*" : host;
    }
}
