using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Oar.Resources;

/// <summary><c>nodes=3</c>: so many different values of a property.</summary>
/// <param name="Count">A number, or <see cref="All"/> or <see cref="Best"/>.</param>
public sealed record ResourceLevel(string Property, int Count)
{
    public const int All = -1;
    public const int Best = -2;

    public override string ToString() =>
        $"{Property}={Count switch { All => "ALL", Best => "BEST", _ => Count.ToString(CultureInfo.InvariantCulture) }}";
}

/// <summary><c>{filter}/switch=1/nodes=3</c></summary>
public sealed record ResourceGroup(string? Filter, IReadOnlyList<ResourceLevel> Levels)
{
    public override string ToString() => (Filter is null ? "" : $"{{{Filter}}}") + string.Concat(Levels.Select(l => $"/{l}"));
}

/// <summary>What one <c>-l</c> asks: groups joined by <c>+</c> and one walltime.</summary>
public sealed partial record ResourceRequest(IReadOnlyList<ResourceGroup> Groups, int? Walltime)
{
    /// <summary>As <c>wanted_resources</c> shows it.</summary>
    public string ToWanted(long walltime) => $"-l \"{string.Join('+', Groups)},walltime={OarFormat.Duration(walltime)}\" ";

    /// <exception cref="FormatException">With the words of oarsub.</exception>
    public static ResourceRequest Parse(string text)
    {
        string groups = text;
        int? walltime = null;
        int comma = LastOutside(text, ',');
        if (comma >= 0)
        {
            string tail = text[comma..];
            Match match = WalltimePattern().Match(tail);
            walltime = match.Success ? OarFormat.ParseDuration(match.Groups[1].Value) : null;
            if (walltime is null) throw new FormatException($@"/!\ Cannot recognize -- {tail} -- resource");
            groups = text[..comma];
        }
        else if (WalltimePattern().Match("," + text) is { Success: true } only && OarFormat.ParseDuration(only.Groups[1].Value) is int seconds)
        {
            return new ResourceRequest([], seconds);
        }
        return new ResourceRequest([.. SplitOutside(groups, '+').Select(ParseGroup)], walltime);
    }

    static ResourceGroup ParseGroup(string text)
    {
        string rest = text.Trim();
        string? filter = null;
        if (rest.StartsWith('{'))
        {
            int end = rest.LastIndexOf('}');
            if (end < 0) throw Unrecognized(text);
            filter = rest[1..end].Trim() is { Length: > 0 } given ? given : null;
            rest = rest[(end + 1)..];
        }
        var levels = new List<ResourceLevel>();
        foreach (string part in rest.TrimStart('/').Split('/'))
        {
            Match match = LevelPattern().Match(part);
            if (!match.Success) throw Unrecognized(text);
            string property = match.Groups[1].Value.ToLowerInvariant() is var name && name is "nodes" or "node" ? "network_address" : name;
            int count = match.Groups[2].Value.ToUpperInvariant() switch
            {
                "ALL" => ResourceLevel.All,
                "BEST" => ResourceLevel.Best,
                var number => int.TryParse(number, CultureInfo.InvariantCulture, out int value) ? value : throw Unrecognized(text),
            };
            levels.Add(new ResourceLevel(property, count));
        }
        return new ResourceGroup(filter, levels);
    }

    static FormatException Unrecognized(string text) => new($@"/!\ Cannot recognize the resource description : {text}");

    // Filters in braces, and texts within them, may hold any character.
    static IEnumerable<int> PositionsOutside(string text, char wanted)
    {
        bool inFilter = false, inText = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\'' && inFilter) inText = !inText;
            else if (inText) continue;
            else if (c == '{') inFilter = true;
            else if (c == '}') inFilter = false;
            else if (c == wanted && !inFilter) yield return i;
        }
    }

    static int LastOutside(string text, char wanted) => PositionsOutside(text, wanted).LastOrDefault(-1);

    static IEnumerable<string> SplitOutside(string text, char separator)
    {
        int start = 0;
        foreach (int position in PositionsOutside(text, separator))
        {
            yield return text[start..position];
            start = position + 1;
        }
        yield return text[start..];
    }

    [GeneratedRegex(@"^,\s*walltime\s*=\s*([\d:]+)\s*$")]
    private static partial Regex WalltimePattern();

    [GeneratedRegex(@"^\s*([A-Za-z_]\w*)\s*=\s*(\d+|ALL|BEST)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex LevelPattern();
}
