using System.Globalization;

namespace WaltG5k.Core.Grid5000;

/// <summary>A line that Kadeploy printed, with its time: <c>1795158710.94901|  switch_pxe</c>.</summary>
public sealed record KadeployLogLine(DateTimeOffset Time, string Text)
{
    /// <summary>The lines of a log. A text without a time in front belongs to the line before: error texts have several.</summary>
    internal static IReadOnlyList<KadeployLogLine> ReadAll(string log)
    {
        List<KadeployLogLine> lines = [];
        foreach (string line in log.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            int mark = line.IndexOf('|', StringComparison.Ordinal);
            if (mark > 0 && double.TryParse(line.AsSpan(0, mark), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
                && seconds is > 0 and < 1e11)
                lines.Add(new KadeployLogLine(DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)), line[(mark + 1)..]));
            else if (lines.Count > 0) lines[^1] = lines[^1] with { Text = $"{lines[^1].Text}\n{line}" };
        }
        return lines;
    }

    public override string ToString() => Text;
}
