namespace WaltG5k.Testbed.Kadeploy;

/// <summary>A mistake on the command line, in the words of the program's option parser.</summary>
internal sealed class OptionException(string message) : Exception(message);

/// <summary>The options that a program accepts, and how it reads them.</summary>
/// <remarks>
/// One text per option: <c>-m --machine=</c> takes a value, <c>-k --key?</c> takes the next word as its value unless that is an option,
/// <c>--[no-]wait</c> exists in both forms, the others are switches. The option is known by its long name.
/// </remarks>
internal sealed class OptionTable
{
    enum Kind { Switch, Value, OptionalValue }

    readonly Dictionary<string, (string Name, Kind Kind, bool Positive)> _options = new(StringComparer.Ordinal);

    public OptionTable(params IEnumerable<string> options)
    {
        foreach (string option in options)
        {
            Kind kind = option[^1] switch { '=' => Kind.Value, '?' => Kind.OptionalValue, _ => Kind.Switch };
            string[] forms = option.TrimEnd('=', '?').Split(' ');
            string name = forms[^1].Replace("[no-]", "", StringComparison.Ordinal);
            foreach (string form in forms)
            {
                _options[form.Replace("[no-]", "", StringComparison.Ordinal)] = (name, kind, true);
                if (form.Contains("[no-]", StringComparison.Ordinal)) _options["--no-" + name[2..]] = (name, Kind.Switch, false);
            }
        }
    }

    public ParsedOptions Parse(IReadOnlyList<string> arguments)
    {
        ParsedOptions parsed = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                parsed.Positional.AddRange(arguments.Skip(i + 1));
                break;
            }
            if (argument.Length < 2 || argument[0] != '-')
            {
                parsed.Positional.Add(argument);
                continue;
            }
            (string key, string? attached) = Split(argument);
            if (!_options.TryGetValue(key, out (string Name, Kind Kind, bool Positive) option))
                throw new OptionException("invalid option: " + argument);
            if (option.Kind == Kind.Switch)
            {
                parsed.Add(option.Name, option.Positive ? "true" : "false");
                // Short switches may be bundled: -sq.
                if (attached is not null && !argument.StartsWith("--", StringComparison.Ordinal))
                    arguments = [.. arguments.Take(i + 1), "-" + attached, .. arguments.Skip(i + 1)];
                else if (attached is not null) throw new OptionException("needless argument: " + argument);
            }
            else if (attached is not null) parsed.Add(option.Name, attached);
            else if (i + 1 < arguments.Count && (option.Kind == Kind.Value || !arguments[i + 1].StartsWith('-')))
                parsed.Add(option.Name, arguments[++i]);
            else if (option.Kind == Kind.OptionalValue) parsed.Add(option.Name, "");
            else throw new OptionException("missing argument: " + argument);
        }
        return parsed;
    }

    static (string Key, string? Attached) Split(string argument)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal))
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
        }
        return argument.Length == 2 ? (argument, null) : (argument[..2], argument[2..]);
    }
}

/// <summary>What a command line says.</summary>
internal sealed class ParsedOptions
{
    readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    public List<string> Positional { get; } = [];

    public bool Has(string name) => _values.TryGetValue(name, out List<string>? values) && values[^1] != "false";
    /// <summary>A switch that is on unless <c>--no-…</c> was given.</summary>
    public bool IsOn(string name) => !_values.TryGetValue(name, out List<string>? values) || values[^1] != "false";
    public string? Last(string name) => _values.TryGetValue(name, out List<string>? values) ? values[^1] : null;
    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    public void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out List<string>? values)) _values[name] = values = [];
        values.Add(value);
    }
}
