namespace WaltG5k.Core.Reservations;

/// <summary>
/// Grid'5000's day and night: working days from 9:00 to 19:00 Paris time are "day", nights, week-ends and French public holidays are "night".
/// Source: the usage policy of Grid'5000. Quotas of the day are not computed here.
/// </summary>
public static class UsageCalendar
{
    static readonly TimeZoneInfo s_paris = Text.GridZone.Zone;
    static readonly TimeSpan s_dayBegins = TimeSpan.FromHours(9), s_dayEnds = TimeSpan.FromHours(19);

    /// <summary>Whether the policy's day hours apply at that moment.</summary>
    public static bool IsDay(DateTimeOffset moment)
    {
        DateTime local = TimeZoneInfo.ConvertTime(moment, s_paris).DateTime;
        return IsWorkingDay(DateOnly.FromDateTime(local)) && local.TimeOfDay >= s_dayBegins && local.TimeOfDay < s_dayEnds;
    }

    /// <summary>
    /// The first moment from <paramref name="from"/> on at which <paramref name="length"/> fits before the next day hours; null when it never fits.
    /// </summary>
    public static DateTimeOffset? FindNight(DateTimeOffset from, TimeSpan length)
    {
        DateTime local = TimeZoneInfo.ConvertTime(from, s_paris).DateTime;
        for (int i = 0; i < 30; i++)   // a month holds a week-end and, in most years, a long one
        {
            if (IsDay(ToMoment(local))) local = local.Date + s_dayEnds;
            DateTime end = NextDayBegin(local);
            if (ToMoment(end) - ToMoment(local) >= length) return ToMoment(local);
            local = end.Date + s_dayEnds;
        }
        return null;
    }

    /// <summary>
    /// The periods from the one that <paramref name="from"/> lies in to the one that <paramref name="to"/> lies in, whole and without gaps.
    /// </summary>
    public static IEnumerable<UsagePeriod> GetPeriods(DateTimeOffset from, DateTimeOffset to)
    {
        DateTime local = TimeZoneInfo.ConvertTime(from, s_paris).DateTime;
        bool isDay = IsDay(from);
        DateTime begin = isDay ? local.Date + s_dayBegins : LastDayEnd(local);
        while (ToMoment(begin) <= to)
        {
            DateTime end = isDay ? begin.Date + s_dayEnds : NextDayBegin(begin);
            yield return new UsagePeriod(ToMoment(begin), ToMoment(end), isDay);
            (begin, isDay) = (end, !isDay);
        }
    }

    static DateTime LastDayEnd(DateTime local)
    {
        DateTime end = local.Date + s_dayEnds;
        while (end > local || !IsWorkingDay(DateOnly.FromDateTime(end))) end = end.AddDays(-1);
        return end;
    }

    static DateTime NextDayBegin(DateTime local)
    {
        DateTime begin = local.Date + s_dayBegins;
        while (begin < local || !IsWorkingDay(DateOnly.FromDateTime(begin))) begin = begin.AddDays(1);
        return begin;
    }

    static DateTimeOffset ToMoment(DateTime local) => new(local, s_paris.GetUtcOffset(local));

    static bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>Public holidays in mainland France.</summary>
    public static bool IsHoliday(DateOnly day)
    {
        DateOnly easter = Easter(day.Year);
        return (day.Month, day.Day) is (1, 1) or (5, 1) or (5, 8) or (7, 14) or (8, 15) or (11, 1) or (11, 11) or (12, 25)
            || day == easter.AddDays(1) || day == easter.AddDays(39) || day == easter.AddDays(50);
    }

    /// <summary>Easter Sunday of the Gregorian calendar (Meeus's algorithm).</summary>
    static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int d = b / 4, e = b % 4, g = (8 * b + 13) / 25;
        int h = (19 * a + b - d - g + 15) % 30;
        int i = c / 4, k = c % 4;
        int l = (32 + 2 * e + 2 * i - h - k) % 7;
        int m = (a + 11 * h + 19 * l) / 433;
        int month = (h + l - 7 * m + 90) / 25;
        return new DateOnly(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
    }
}
