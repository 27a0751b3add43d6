namespace WaltG5k.Testbed.Oar.Commands;

enum OptionArgument
{
    None,
    Required,
    Optional,
}

/// <summary>An option and its names, the first of which it goes by.</summary>
sealed record OptionRule(string[] Names, OptionArgument Argument = OptionArgument.None)
{
    /// <param name="names"><c>job|j</c></param>
    public static OptionRule Flag(string names) => new(names.Split('|'));
    public static OptionRule Value(string names) => new(names.Split('|'), OptionArgument.Required);
    public static OptionRule OptionalValue(string names) => new(names.Split('|'), OptionArgument.Optional);
}

/// <summary>The options and operands of one call.</summary>
sealed class ParsedOptions
{
    public Dictionary<string, List<string>> Given { get; } = new(StringComparer.Ordinal);
    public List<string> Operands { get; } = [];
    /// <summary>What the parser says of options that it does not know.</summary>
    public List<string> Errors { get; } = [];

    public bool Has(string name) => Given.ContainsKey(name);
    public string? Value(string name) => Given.TryGetValue(name, out List<string>? values) ? values.LastOrDefault(v => v.Length > 0) : null;
    public IReadOnlyList<string> Values(string name) => Given.TryGetValue(name, out List<string>? values) ? values.FindAll(v => v.Length > 0) : [];
}

/// <summary>Options in the GNU manner, as OAR's programs take them: bundled letters, abbreviated words, operands anywhere.</summary>
static class OptionParser
{
    public static ParsedOptions Parse(IReadOnlyList<string> arguments, IReadOnlyList<OptionRule> rules)
    {
        var parsed = new ParsedOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                parsed.Operands.AddRange(arguments.Skip(i + 1));
                break;
            }
            if (argument.StartsWith("--", StringComparison.Ordinal)) ParseWord(argument[2..], arguments, ref i, rules, parsed);
            else if (argument.Length > 1 && argument[0] == '-') ParseLetters(argument[1..], arguments, ref i, rules, parsed);
            else parsed.Operands.Add(argument);
        }
        return parsed;
    }

    static void ParseWord(string text, IReadOnlyList<string> arguments, ref int i, IReadOnlyList<OptionRule> rules, ParsedOptions parsed)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string word = equals < 0 ? text : text[..equals];
        OptionRule? rule = rules.FirstOrDefault(r => r.Names.Contains(word));
        if (rule is null)
        {
            OptionRule[] similar = [.. rules.Where(r => r.Names.Any(n => n.Length > 1 && n.StartsWith(word, StringComparison.Ordinal)))];
            if (similar.Length == 1) rule = similar[0];
        }
        if (rule is null) parsed.Errors.Add($"Unknown option: {word}");
        else Take(rule, word, equals < 0 ? null : text[(equals + 1)..], arguments, ref i, parsed);
    }

    static void ParseLetters(string letters, IReadOnlyList<string> arguments, ref int i, IReadOnlyList<OptionRule> rules, ParsedOptions parsed)
    {
        for (int k = 0; k < letters.Length; k++)
        {
            string letter = letters[k].ToString();
            OptionRule? rule = rules.FirstOrDefault(r => r.Names.Contains(letter));
            if (rule is null)
            {
                parsed.Errors.Add($"Unknown option: {letter}");
                continue;
            }
            string? rest = rule.Argument != OptionArgument.None && k + 1 < letters.Length ? letters[(k + 1)..] : null;
            Take(rule, letter, rest, arguments, ref i, parsed);
            if (rest is not null) return;
        }
    }

    static void Take(OptionRule rule, string name, string? value, IReadOnlyList<string> arguments, ref int i, ParsedOptions parsed)
    {
        if (rule.Argument != OptionArgument.None && value is null)
        {
            bool hasNext = i + 1 < arguments.Count && (rule.Argument == OptionArgument.Required || !arguments[i + 1].StartsWith('-'));
            if (hasNext) value = arguments[++i];
            else if (rule.Argument == OptionArgument.Required) parsed.Errors.Add($"Option {name} requires an argument");
        }
        if (!parsed.Given.TryGetValue(rule.Names[0], out List<string>? values)) parsed.Given[rule.Names[0]] = values = [];
        values.Add(value ?? "");
    }
}
