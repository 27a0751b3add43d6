using System.Globalization;

namespace WaltG5k.Core.Text;

/// <summary>The local time of Grid'5000's servers: oarsub takes and prints dates without a zone, in this one.</summary>
public static class GridZone
{
    /// <summary>The zone of every site.</summary>
    public const string Name = "Europe/Paris";

    const string DateFormat = "yyyy-MM-dd HH:mm:ss";

    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.TryFindSystemTimeZoneById(Name, out TimeZoneInfo? zone) ? zone : CreateZone();

    /// <summary>The date as a server's clock on the wall shows it.</summary>
    public static DateTimeOffset ToLocal(DateTimeOffset date) => TimeZoneInfo.ConvertTime(date, Zone);

    /// <summary>The date as oarsub takes it after <c>-r</c>: <c>2026-11-20 07:02:42</c>, without a zone.</summary>
    public static string Format(DateTimeOffset date) => ToLocal(date).ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads a date that a server printed; in the hour that a change of time repeats, the winter time is meant.</summary>
    public static bool TryParse(string text, out DateTimeOffset date)
    {
        date = default;
        if (!DateTime.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)) return false;
        date = FromLocal(local);
        return true;
    }

    /// <summary>What a server means by a date without zone.</summary>
    public static DateTimeOffset FromLocal(DateTime local)
    {
        DateTime wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(wall, Zone.GetUtcOffset(wall));
    }

    /// <summary>
    /// The zone by its rule, for machines without a time zone database: summer time from the last Sunday of March to that of October.
    /// </summary>
    internal static TimeZoneInfo CreateZone()
    {
        var begin = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var end = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        var summer = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), begin,
            end);
        return TimeZoneInfo.CreateCustomTimeZone(Name, TimeSpan.FromHours(1), Name, "CET", "CEST", [summer]);
    }
}
