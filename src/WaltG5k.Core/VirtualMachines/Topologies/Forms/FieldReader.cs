using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>
/// Takes the values of one table by name. Names are compared without case, hyphens and underscores; each mistake is noted with its line, and reading
/// goes on.
/// </summary>
sealed class FieldReader
{
    readonly Dictionary<string, DataValue> _fields = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    readonly List<string> _asked = [];
    readonly List<TopologyProblem> _problems;
    readonly string _what;

    /// <param name="map">The table.</param>
    /// <param name="what">What it describes, for messages: <c>host gros-1</c>.</param>
    /// <param name="problems">Where mistakes go.</param>
    public FieldReader(DataMap map, string what, List<TopologyProblem> problems)
    {
        (Line, _what, _problems) = (map.Line, what, problems);
        foreach (DataEntry entry in map.Entries)
        {
            string key = Plain(entry.Key);
            if (!_fields.TryAdd(key, entry.Value)) Wrong(entry.Value.Line, "DuplicateKey", $"{entry.Key} of {what} is given twice.");
            else _names[key] = entry.Key;
        }
    }

    public int Line { get; }

    /// <summary>The first of these names that is there; each asked for counts as known.</summary>
    public DataValue? Find(params ReadOnlySpan<string> names)
    {
        DataValue? found = null;
        foreach (string name in names)
        {
            _asked.Add(name);
            if (!_fields.Remove(name, out DataValue? value)) continue;
            if (found is null) found = value;
            else Wrong(value.Line, "DuplicateKey", $"{_names[name]} of {_what} says again what another key says.");
        }
        return found is DataScalar { Value: null } ? null : found;
    }

    public string? Text(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        DataScalar { Value: not ByteCount } scalar =>
            Convert.ToString(scalar.Value, CultureInfo.InvariantCulture)!.Trim() is { Length: > 0 } text ? text : null,
        var other => Refuse(other, "InvalidValue", names[0], "text"),
    };

    public int? Number(int least, int most, params ReadOnlySpan<string> names)
    {
        DataValue? value = Find(names);
        if (value is null) return null;
        if (AsNumber(value) is { } number && number == decimal.Truncate(number) && number >= least && number <= most) return (int)number;
        Refuse(value, "InvalidNumber", names[0], string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return null;
    }

    /// <summary>A size as a plain number of units, or as text with its own: <c>4GB</c>, <c>512 MiB</c>.</summary>
    public int? Size(long unit, int least, int most, params ReadOnlySpan<string> names)
    {
        DataValue? value = Find(names);
        if (value is null) return null;
        decimal? units = value switch
        {
            DataScalar { Value: ByteCount bytes } => bytes.Bytes / unit,
            DataScalar { Value: string text } when ByteSizes.TryParse(text, unit, out decimal bytes) => bytes / unit,
            _ => AsNumber(value),
        };
        if (units is { } number && number == decimal.Truncate(number) && number >= least && number <= most) return (int)number;
        string name = ByteSizes.UnitName(unit);
        Refuse(value, "InvalidNumber", names[0],
            string.Create(CultureInfo.InvariantCulture,
            $"a size in {name} from {least} to {most}, or with its unit: {(name == "GiB" ? "40GB" : "4GB")}"));
        return null;
    }

    /// <summary>Truth as its word, or as vm5k wrote it: <c>"False"</c> is false.</summary>
    public bool? Flag(params ReadOnlySpan<string> names)
    {
        DataValue? value = Find(names);
        switch (value)
        {
            case null: return null;
            case DataScalar { Value: bool flag }: return flag;
            case DataScalar { Value: string text } when bool.TryParse(text, out bool flag): return flag;
            case DataScalar { Value: "0" or 0L }: return false;
            case DataScalar { Value: "1" or 1L }: return true;
        }
        Refuse(value, "InvalidValue", names[0], "true or false");
        return null;
    }

    /// <summary>One of the words of an enumeration.</summary>
    public T? Word<T>(params ReadOnlySpan<string> names) where T : struct, Enum
    {
        DataValue? value = Find(names);
        if (value is null) return null;
        if (value is DataScalar { Value: string text }
            && Enum.GetNames<T>().FirstOrDefault(n =>
            n.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } name) return Enum.Parse<T>(name);
        Refuse(value, "InvalidValue", names[0], $"one of {string.Join(", ", Enum.GetNames<T>())}");
        return null;
    }

    /// <summary>A list of words; one alone is a list as well.</summary>
    public IReadOnlyList<string> Texts(params ReadOnlySpan<string> names)
    {
        DataValue? value = Find(names);
        IReadOnlyList<DataValue> items = value switch { null => [], DataList list => list.Items, _ => [value] };
        List<string> texts = [];
        foreach (DataValue item in items)
        {
            if (item is DataScalar { Value: string text } && text.Trim().Length > 0) texts.Add(text.Trim());
            else Refuse(item, "InvalidValue", names[0], "text");
        }
        return texts;
    }

    /// <summary>The tables of a list; a table alone is one as well.</summary>
    public IEnumerable<DataMap> Maps(params ReadOnlySpan<string> names)
    {
        DataValue? value = Find(names);
        IReadOnlyList<DataValue> items = value switch { null => [], DataList list => list.Items, _ => [value] };
        List<DataMap> maps = [];
        foreach (DataValue item in items)
        {
            if (item is DataMap map) maps.Add(map);
            else Refuse(item, "InvalidValue", names[0], "a list of tables");
        }
        return maps;
    }

    /// <summary>What nobody asked for: kept as text; a name that is nearly a known one is pointed out.</summary>
    public IReadOnlyDictionary<string, string> Rest()
    {
        if (_fields.Count == 0) return NoAttributes.Value;
        var rest = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, DataValue value) in _fields)
        {
            string name = _names[key];
            if (value is DataScalar { Value: not ByteCount } scalar) rest[name] = Convert.ToString(scalar.Value, CultureInfo.InvariantCulture) ?? "";
            else Wrong(value.Line, "UnknownKey", $"{name} of {_what} is not known, and no text that could be kept.");
            if (Suggestions.Near(key, _asked) is [var near, ..])
                _problems.Add(new TopologyProblem("UnknownKey", $"{name} of {_what} is not known: is it {near}?") { Line = value.Line, Target = name,
                    IsWarning = true });
        }
        return rest;
    }

    public void Wrong(int line, string code, string message, string? target = null) =>
        _problems.Add(new TopologyProblem(code, message) { Line = line, Target = target ?? _what });

    string? Refuse(DataValue value, string code, string name, string wanted)
    {
        string given = value switch { DataScalar scalar => $"'{Convert.ToString(scalar.Value, CultureInfo.InvariantCulture)}'", DataList => "a list",
            _ => "a table" };
        Wrong(value.Line, code, $"{name} of {_what} is {given}, not {wanted}.");
        return null;
    }

    static decimal? AsNumber(DataValue value) => value switch
    {
        DataScalar { Value: long number } => number,
        DataScalar { Value: double real } when Math.Abs(real) < 1e15 => (decimal)real,
        DataScalar { Value: string text } when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
        CultureInfo.InvariantCulture, out decimal number) => number,
        _ => null,
    };

    static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
