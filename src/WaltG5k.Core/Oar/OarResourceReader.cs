using System.Text.RegularExpressions;

namespace WaltG5k.Core.Oar;

/// <summary>Reads the lines of <c>oarstat -p</c>: <c> key = 'value' , key = 'value' </c>, in any order, quotes inside values not escaped.</summary>
static partial class OarResourceReader
{
    /// <summary>The resource of a line, or null for a line of another kind.</summary>
    public static OarJobResource? Read(string line)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match pair in Pair().Matches(line)) properties[pair.Groups[1].Value] = pair.Groups[2].Value;
        return properties.Count == 0 ? null : OarJobResource.From(properties);
    }

    // A value ends where the next key begins or the line ends: a quote alone does not end it.
    [GeneratedRegex(@"(?:^|(?<=,))\s*(\w+) = '(.*?)'(?=\s*$|\s*,\s*\w+ = ')", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
