using YamlDotNet.RepresentationModel;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The entries of one mapping of a description. Remembers which were asked for, so that the others can be told.</summary>
sealed class DescriptionKeys
{
    readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    readonly HashSet<string> _known = new(StringComparer.Ordinal);
    readonly List<DescriptionFinding> _findings;
    readonly string _prefix;
    readonly int _line;

    public DescriptionKeys(YamlMappingNode node, string prefix, List<DescriptionFinding> findings)
    {
        (_prefix, _findings, _line) = (prefix, findings, (int)node.Start.Line);
        foreach ((YamlNode key, YamlNode value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name }) _entries[name] = (key, value);
            else Add(DescriptionSeverity.Error, "InvalidKey", (int)key.Start.Line, prefix, "A key must be a word.");
        }
    }

    /// <summary>What nobody asked for.</summary>
    public IEnumerable<(string Name, YamlNode Value, int Line)> Unknown =>
        _entries.Where(e => !_known.Contains(e.Key)).Select(e => (e.Key, e.Value.Value, (int)e.Value.Key.Start.Line));

    public IEnumerable<string> Names => _entries.Keys;

    public int LineOf(string name) => _entries.TryGetValue(name, out var entry) ? (int)entry.Key.Start.Line : _line;

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>A text; null when it is missing, or empty in YAML's sense.</summary>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        YamlScalarNode { Value: var text } scalar => IsNull(scalar) ? null : text,
        var other => Wrong<string?>(name, other, "a text"),
    };

    public string Required(string name, string otherwise = "")
    {
        if (Text(name) is { Length: > 0 } text) return text;
        Add(DescriptionSeverity.Error, "MissingKey", LineOf(name), Path(name), $"'{Path(name)}' is missing.");
        return otherwise;
    }

    public long? Number(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number
        : Wrong<long?>(name, Find(name)!, "a number");

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" => true,
        "false" or "False" or "FALSE" or "no" or "No" => false,
        _ => Wrong<bool?>(name, Find(name)!, "true or false"),
    };

    /// <summary>One of several words; the first one is meant where it is left out.</summary>
    public string Choice(string name, params string[] words)
    {
        if (Text(name) is not { Length: > 0 } text) return words[0];
        if (words.Contains(text)) return text;
        string near = Suggestions.Near(text, words) is [var best, ..] ? $" Did you mean {best}?" : "";
        Add(DescriptionSeverity.Error, "InvalidValue", LineOf(name), Path(name),
            $"'{Path(name)}' is '{text}', but only {string.Join(", ", words)} can be had.{near}");
        return words[0];
    }

    public DescriptionKeys? Mapping(string name) => Find(name) switch
    {
        null => null,
        YamlMappingNode mapping => new DescriptionKeys(mapping, Path(name) + ".", _findings),
        YamlScalarNode scalar when IsNull(scalar) => null,
        var other => Wrong<DescriptionKeys?>(name, other, "a mapping"),
    };

    public IReadOnlyList<DescriptionKeys> Mappings(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case YamlScalarNode scalar when IsNull(scalar):
                return [];
            case YamlSequenceNode list:
                var found = new List<DescriptionKeys>();
                foreach (YamlNode item in list.Children)
                {
                    if (item is YamlMappingNode mapping) found.Add(new DescriptionKeys(mapping, $"{Path(name)}[{found.Count}].", _findings));
                    else Add(DescriptionSeverity.Error, "InvalidValue", (int)item.Start.Line, Path(name),
                        $"An entry of '{Path(name)}' must be a mapping.");
                }
                return found;
            case var other:
                return Wrong<IReadOnlyList<DescriptionKeys>>(name, other, "a list") ?? [];
        }
    }

    /// <summary>Tells the keys that this form of description does not have.</summary>
    public void TellUnknown(IReadOnlyCollection<string> all)
    {
        foreach ((string name, _, int line) in Unknown)
        {
            string near = Suggestions.Near(name, all.Where(k => !_entries.ContainsKey(k))) is [var best, ..] ? $" Did you mean {best}?" : "";
            Add(DescriptionSeverity.Warning, "UnknownKey", line, Path(name), $"'{Path(name)}' is not a key that Kadeploy is known to have.{near}");
        }
    }

    public void Add(DescriptionSeverity severity, string code, int line, string key, string message) =>
        _findings.Add(new DescriptionFinding(severity, code, line, key, message));

    public string Path(string name) => _prefix + name;

    YamlNode? Find(string name)
    {
        _known.Add(name);
        return _entries.TryGetValue(name, out var entry) ? entry.Value : null;
    }

    T? Wrong<T>(string name, YamlNode node, string wanted)
    {
        Add(DescriptionSeverity.Error, "InvalidValue", (int)node.Start.Line, Path(name), $"'{Path(name)}' must be {wanted}.");
        return default;
    }

    static bool IsNull(YamlScalarNode scalar) => scalar.Style is YamlDotNet.Core.ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
}
