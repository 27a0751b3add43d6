using System.Globalization;

namespace WaltG5k.Core.Kadeploy;

/// <summary>A line of <c>kaenv3 -l</c>. Its description is cut and long names push the columns aside: only words are read, never places.</summary>
sealed record EnvironmentRow(string Name, long Version, string User)
{
    public static IReadOnlyList<EnvironmentRow> Read(string listing)
    {
        var rows = new List<EnvironmentRow>();
        foreach (string line in listing.Split('\n'))
        {
            // Newer versions may have further columns between these; the version is the first number behind the name, the user the word behind it.
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            int place = Array.FindIndex(words, 1 < words.Length ? 1 : 0,
                w => long.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out _));
            if (place < 1 || place + 1 >= words.Length) continue;
            rows.Add(new EnvironmentRow(words[0], long.Parse(words[place], CultureInfo.InvariantCulture), words[place + 1]));
        }
        return rows;
    }
}
