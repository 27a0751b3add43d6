using System.Management.Automation;

namespace WaltG5k.Base;

/// <summary>Names and wildcards; remembers which plain names nothing has matched.</summary>
internal sealed class NameFilter(IEnumerable<string> patterns)
{
    readonly (string Text, WildcardPattern Pattern)[] _patterns =
        [.. patterns.Select(p => (p, WildcardPattern.Get(p, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)))];
    readonly HashSet<string> _matched = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Plain names for which <see cref="Matches"/> never answered yes.</summary>
    public IEnumerable<string> Unmatched =>
        _patterns.Select(p => p.Text).Where(p => !WildcardPattern.ContainsWildcardCharacters(p) && !_matched.Contains(p));

    /// <summary>Whether any pattern matches any of the names under which the thing is known. No pattern at all matches everything.</summary>
    public bool Matches(params ReadOnlySpan<string> names)
    {
        bool any = _patterns.Length == 0;
        foreach ((string text, WildcardPattern pattern) in _patterns)
        {
            foreach (string name in names)
            {
                if (!pattern.IsMatch(name)) continue;
                _matched.Add(text);
                any = true;
            }
        }
        return any;
    }
}
