using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt;

/// <summary>
/// Reads the tables that a WalT server prints: a header, a rule of dashes that shows where each column begins, and rows up to a blank line; anything
/// may stand around them.
/// </summary>
static partial class PrintedTable
{
    [GeneratedRegex(@"^-+(\s+-+)*\s*$")]
    private static partial Regex Rule { get; }

    [GeneratedRegex("-+")]
    private static partial Regex Dashes { get; }

    /// <summary>The rows of all tables, by column name.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(IReadOnlyList<string> lines)
    {
        (string Name, int Start)[] columns = [];
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0 && Rule.IsMatch(lines[i]) && lines[i - 1].Trim().Length > 0)
            {
                int[] starts = [.. Dashes.Matches(lines[i]).Select(m => m.Index)];
                string header = lines[i - 1];
                columns = [.. starts.Select((start, n) => (Cut(header, starts, n), start))];
            }
            else if (lines[i].Trim().Length == 0) columns = [];
            else if (columns.Length > 0)
            {
                string line = lines[i];
                int[] starts = [.. columns.Select(c => c.Start)];
                // Two columns of one name would be the server's mistake, not ours to fail at.
                Dictionary<string, string> row = new(StringComparer.Ordinal);
                for (int n = 0; n < columns.Length; n++) row[columns[n].Name] = Cut(line, starts, n);
                yield return row;
            }
        }
    }

    static string Cut(string line, int[] starts, int column)
    {
        int start = Math.Min(starts[column], line.Length);
        int end = column + 1 < starts.Length ? Math.Min(starts[column + 1], line.Length) : line.Length;
        return line[start..end].Trim();
    }
}
