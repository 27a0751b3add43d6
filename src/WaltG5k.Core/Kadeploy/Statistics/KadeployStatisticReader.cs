using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Reads what <c>kastat3 -a</c> prints: CSV without a header or quotes, whose last field may hold commas and newlines. A line that does not begin
/// with the id of an operation belongs to the error of the record before it.
/// </summary>
static partial class KadeployStatisticReader
{
    const int FieldCount = 20, ErrorField = 19;

    /// <param name="onUnreadable">Gets each record that cannot be read.</param>
    public static IEnumerable<KadeployStatistic> Read(string site, string output, Action<string>? onUnreadable = null)
    {
        foreach (string record in SplitRecords(output))
        {
            if (ReadRecord(site, record) is KadeployStatistic statistic) yield return statistic;
            else onUnreadable?.Invoke(record);
        }
    }

    /// <summary>What <c>kastat3 -b</c> prints: <c>host: 0.118</c>.</summary>
    public static IEnumerable<KadeployFailureRate> ReadRates(string site, string output)
    {
        foreach (string line in output.Split('\n'))
        {
            int colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            if (colon > 0 && double.TryParse(line.AsSpan(colon + 2).TrimEnd('\r'), NumberStyles.Float, CultureInfo.InvariantCulture, out double rate))
                yield return new KadeployFailureRate(site, line[..colon], rate);
        }
    }

    static List<string> SplitRecords(string output)
    {
        List<string> records = [];
        int start = -1;
        foreach (ValueMatch match in Begin().EnumerateMatches(output))
        {
            if (start >= 0) records.Add(output[start..match.Index].TrimEnd('\r', '\n'));
            start = match.Index;
        }
        if (start >= 0) records.Add(output[start..].TrimEnd('\r', '\n'));
        return records;
    }

    static KadeployStatistic? ReadRecord(string site, string record)
    {
        string[] fields = record.Split(',', FieldCount);
        if (fields.Length < FieldCount || !long.TryParse(fields[12], CultureInfo.InvariantCulture, out long start)
            || fields[18] is not ("true" or "false")) return null;
        List<KadeployStatisticStep> steps = [];
        for (int i = 0; i < 3 && fields[3 + i].Length > 0; i++)
        {
            if (!TryReadNumbers([fields[6 + i], fields[9 + i], fields[13 + i]], out int[] numbers)) return null;
            steps.Add(new KadeployStatisticStep(fields[3 + i], TimeSpan.FromSeconds(numbers[0]), numbers[1], TimeSpan.FromSeconds(numbers[2])));
        }
        string error = fields[ErrorField].Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Trim();
        KadeployFault fault = KadeployFault.Read(error);
        int colon = fields[16].LastIndexOf(':');
        return new KadeployStatistic
        {
            WorkflowId = fields[0],
            Site = site,
            User = fields[1],
            Node = fields[2],
            IsSuccess = fields[18] == "true",
            StartedAt = DateTimeOffset.FromUnixTimeSeconds(start),
            Steps = steps,
            Environment = fields[16].Length == 0 ? null : colon < 0 ? fields[16] : fields[16][..colon],
            EnvironmentVersion = colon >= 0 && long.TryParse(fields[16].AsSpan(colon + 1), CultureInfo.InvariantCulture, out long version)
            ? version
            : null,
            Error = error.Length == 0 ? null : error,
            Step = fault.Step,
            Reason = fault.Reason,
        };
    }

    static bool TryReadNumbers(string[] texts, out int[] numbers)
    {
        numbers = new int[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!int.TryParse(texts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }
        return true;
    }

    [GeneratedRegex("^[DRP]-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12},", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Begin();
}
