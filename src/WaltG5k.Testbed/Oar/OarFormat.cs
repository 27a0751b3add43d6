using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Oar;

/// <summary>Dates and durations as OAR reads and writes them: whole seconds, dates in the site's local time.</summary>
public static partial class OarFormat
{
    /// <summary><c>0:30:0</c></summary>
    public static string Duration(long seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60}:{seconds % 60}");

    /// <summary><c>+0:30:0</c>, <c>-0:5:0</c>, <c>0:0:0</c></summary>
    public static string SignedDuration(long seconds) => (seconds > 0 ? "+" : seconds < 0 ? "-" : "") + Duration(Math.Abs(seconds));

    /// <summary><c>H</c>, <c>H:M</c> or <c>H:M:S</c>; null when it is none of these.</summary>
    public static int? ParseDuration(string text)
    {
        Match match = DurationPattern().Match(text);
        if (!match.Success) return null;
        long seconds = Number(match, 1) * 3600 + Number(match, 2) * 60 + Number(match, 3);
        return seconds <= int.MaxValue ? (int)seconds : null;
    }

    /// <summary><c>2026-03-24 10:00:00</c>, local.</summary>
    public static string Date(long epoch) => ToLocal(epoch).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static DateTime ToLocal(long epoch) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(epoch), ParisTime.Zone).DateTime;

    /// <summary>A local date with all its fields; one digit each is enough. Null when it is none.</summary>
    public static long? ParseDate(string text)
    {
        Match match = DatePattern().Match(text);
        if (!match.Success) return null;
        int[] fields = [.. match.Groups.Values.Skip(1).Select(g => int.Parse(g.Value, CultureInfo.InvariantCulture))];
        if (fields[1] is < 1 or > 12 || fields[2] < 1 || fields[2] > DateTime.DaysInMonth(fields[0], fields[1])) return null;
        if (fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return null;
        return ToEpoch(new DateTime(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], DateTimeKind.Unspecified));
    }

    public static long ToEpoch(DateTime local) => new DateTimeOffset(local, ParisTime.Zone.GetUtcOffset(local)).ToUnixTimeSeconds();

    static long Number(Match match, int group) =>
        match.Groups[group].Success ? long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(\d{1,7})(?::(\d{1,6}))?(?::(\d{1,6}))?$")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"^(\d{4})-(\d{1,2})-(\d{1,2}) +(\d{1,2}):(\d{1,2}):(\d{1,2})$")]
    private static partial Regex DatePattern();
}
