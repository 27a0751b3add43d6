namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>
/// Which groups must not meet on a host, and which must: the texts of <see cref="PlacementOptions.Apart"/> and <c>Together</c>, with groups as
/// numbers.
/// </summary>
sealed class PlacementRules
{
    readonly Dictionary<string, int> _groups = new(StringComparer.OrdinalIgnoreCase);
    readonly List<string> _names = [];
    readonly List<List<int>> _foes = [];
    readonly HashSet<int> _together = [];

    /// <exception cref="G5kException"><c>InvalidPlacementRule</c>.</exception>
    public PlacementRules(IEnumerable<string> apart, IEnumerable<string> together)
    {
        foreach (string rule in apart)
        {
            (string first, string second) = ParseApart(rule);
            int a = Number(first), b = Number(second);
            if (!_foes[a].Contains(b)) _foes[a].Add(b);
            if (!_foes[b].Contains(a)) _foes[b].Add(a);
        }
        foreach (string group in together)
        {
            if (group.Trim().Length == 0) throw Invalid(group);
            _together.Add(Number(group.Trim()));
        }
    }

    /// <summary>Groups that any rule speaks of.</summary>
    public int Count => _names.Count;

    public string NameOf(int group) => _names[group];

    public bool IsTogether(int group) => _together.Contains(group);

    /// <summary>The groups whose machines must not be where one of these is.</summary>
    public int[] FoesOf(IEnumerable<int> groups) => [.. groups.SelectMany(g => _foes[g]).Distinct().Order()];

    /// <summary>Those of the names that rules speak of, as numbers.</summary>
    public int[] Known(IReadOnlyList<string> names)
    {
        if (Count == 0 || names.Count == 0) return [];
        return [.. names.Select(n => _groups.GetValueOrDefault(n, -1)).Where(g => g >= 0).Distinct()];
    }

    /// <summary>The two groups of a rule; the same one twice where the rule is about one.</summary>
    public static (string First, string Second) ParseApart(string rule)
    {
        string[] parts = rule.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length > 2 || parts.Any(p => p.Length == 0)) throw Invalid(rule);
        return (parts[0], parts[^1]);
    }

    int Number(string name)
    {
        if (_groups.TryGetValue(name, out int number)) return number;
        _groups[name] = number = _names.Count;
        _names.Add(name);
        _foes.Add([]);
        return number;
    }

    static G5kException Invalid(string rule) => new("InvalidPlacementRule", ErrorKind.InvalidArgument,
        $"'{rule}' is no rule of placement.", rule, "Name one group (web), or two with a slash between them (web/db).");
}
