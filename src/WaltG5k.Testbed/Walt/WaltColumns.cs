namespace WaltG5k.Testbed.Walt;

/// <summary>Tables as the server prints them: columns aligned to the left and two blanks apart, a rule of dashes below the header.</summary>
internal static class WaltColumns
{
    const int Spacing = 2;

    public static string Write(string[] header, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0) return "";
        int[] widths = [.. header.Select((h, i) => Math.Max(h.Length, rows.Max(r => r[i].Length)))];
        string[] rule = [.. widths.Select(w => new string('-', w))];
        return string.Join('\n', new[] { header, rule }.Concat(rows)
            .Select(r => string.Concat(r.Select((cell, i) => cell.PadRight(widths[i] + Spacing)))));
    }

    /// <summary>A table with a title in bold, terminal or not.</summary>
    public static string WriteParagraph(string title, string content, string footnote) => $"\n\e[1m{title}\n\e[0m\n{content}\n\n{footnote}\n\n";
}
