using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.NodeSets;

/// <summary>
/// Writes names in their short form. A name is plain text with numbers in between; names with the same plain text are points in a space with one
/// dimension per number, and boxes of points are merged dimension by dimension, the last first.
/// </summary>
static partial class NodeSetFolder
{
    public static string Fold(IReadOnlyList<string> names)
    {
        if (names.Count == 1) return names[0];
        IEnumerable<string> folded = names.Select(Split).GroupBy(n => n.Shape, StringComparer.Ordinal).SelectMany(FoldShape);
        return string.Join(',', folded);
    }

    /// <summary>Names of the same plain text: the numbers of each, as they are written.</summary>
    static IEnumerable<string> FoldShape(IGrouping<string, (string Shape, string[] Numbers)> shape)
    {
        List<string[][]> boxes = [.. shape.Select(n => n.Numbers.Select(number => (string[])[number]).ToArray())];
        int dimensions = boxes[0].Length;
        for (int dimension = dimensions - 1; dimension >= 0; dimension--) boxes = Merge(boxes, dimension);
        return boxes.Select(box => Write(shape.Key, box));
    }

    /// <summary>Unites boxes that differ in one dimension only.</summary>
    static List<string[][]> Merge(List<string[][]> boxes, int dimension)
    {
        var merged = new Dictionary<string, (string[][] Box, List<string> Numbers)>(StringComparer.Ordinal);
        foreach (string[][] box in boxes)
        {
            string others = string.Join('|', box.Select((numbers, i) => i == dimension ? "" : string.Join(',', numbers)));
            if (!merged.TryGetValue(others, out (string[][] Box, List<string> Numbers) group)) merged[others] = group = (box, []);
            group.Numbers.AddRange(box[dimension]);
        }
        foreach ((string[][] box, List<string> numbers) in merged.Values) box[dimension] = [.. numbers.Order(NaturalComparer.Instance)];
        return [.. merged.Values.Select(g => g.Box)];
    }

    static string Write(string shape, string[][] box)
    {
        string[] plain = shape.Split('\0');
        var text = new StringBuilder(plain[0]);
        for (int i = 0; i < box.Length; i++)
        {
            text.Append(box[i].Length == 1 ? box[i][0] : $"[{WriteRanges(box[i])}]").Append(plain[i + 1]);
        }
        return text.ToString();
    }

    /// <summary>Ranges of numbers that a reader would write out in the same way, padding included.</summary>
    static string WriteRanges(string[] numbers)
    {
        var left = new HashSet<string>(numbers, StringComparer.Ordinal);
        var ranges = new List<string>();
        foreach (string first in numbers)
        {
            if (!left.Remove(first)) continue;
            int width = first.Length > 1 && first[0] == '0' ? first.Length : 0;
            int number = int.Parse(first, CultureInfo.InvariantCulture);
            string last = first;
            while (NodeSetParser.Format(number + 1, width) is { Length: <= NodeSetParser.MaximumDigits } next && left.Remove(next))
            {
                last = next;
                number++;
            }
            ranges.Add(last == first ? first : $"{first}-{last}");
        }
        return string.Join(',', ranges);
    }

    /// <summary>Plain text with a NUL for each number, and the numbers.</summary>
    static (string Shape, string[] Numbers) Split(string name) =>
        (Number().Replace(name, "\0"), [.. Number().Matches(name).Select(m => m.Value)]);

    // Longer runs of digits are no numbers of nodes but part of the text.
    [GeneratedRegex("(?<![0-9])[0-9]{1,9}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
