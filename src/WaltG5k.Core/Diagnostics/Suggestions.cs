namespace WaltG5k.Core;

/// <summary>"Did you mean": the known names nearest to a mistyped one.</summary>
public static class Suggestions
{
    /// <summary>Up to three known names within two edits, or that begin alike; nearest first.</summary>
    public static IReadOnlyList<string> Near(string word, IEnumerable<string> known) =>
        [.. known.Select(k => (Name: k, Distance: k.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        ? 1
        : Distance(word.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= 2).OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).Take(3).Select(k => k.Name)];

    static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[b.Length];
    }
}
