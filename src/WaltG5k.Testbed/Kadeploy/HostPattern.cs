using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Host names as Kadeploy writes and reads them: <c>gros-[1-4,7].nancy.grid5000.fr</c>.</summary>
internal static partial class HostPattern
{
    /// <summary>The names that a pattern stands for, in its order; a plain name stands for itself.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        Match match = Brackets().Match(pattern);
        if (!match.Success)
        {
            yield return pattern;
            yield break;
        }
        foreach (string part in match.Groups["ranges"].Value.Split(','))
        {
            string[] ends = part.Split('-');
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int i = first; i <= last; i++) yield return string.Create(CultureInfo.InvariantCulture,
                $"{match.Groups["head"].Value}{i}{match.Groups["tail"].Value}");
        }
    }

    /// <summary>The shortest notation of some nodes, clusters side by side with commas.</summary>
    public static string Fold(IEnumerable<NodeModel> nodes)
        => string.Join(',', nodes.GroupBy(n => (n.Cluster.Name, n.Site))
            .Select(g => FoldCluster(g.Key.Name, g.Key.Site, [.. g.Select(n => n.Number).Order()])));

    static string FoldCluster(string cluster, string site, IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 1) return string.Create(CultureInfo.InvariantCulture, $"{cluster}-{numbers[0]}.{site}.grid5000.fr");
        StringBuilder ranges = new();
        for (int i = 0; i < numbers.Count;)
        {
            int end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1) end++;
            if (ranges.Length > 0) ranges.Append(',');
            ranges.Append(CultureInfo.InvariantCulture, $"{numbers[i]}");
            if (end > i) ranges.Append(CultureInfo.InvariantCulture, $"-{numbers[end]}");
            i = end + 1;
        }
        return $"{cluster}-[{ranges}].{site}.grid5000.fr";
    }

    [GeneratedRegex(@"^(?<head>[^\[\]]*)\[(?<ranges>[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)\](?<tail>[^\[\]]*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Brackets();
}
