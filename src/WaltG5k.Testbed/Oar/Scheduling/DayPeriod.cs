namespace WaltG5k.Testbed.Oar.Scheduling;

/// <summary>The day periods of the usage policy: 09:00 to 19:00 of working days in France.</summary>
static class DayPeriod
{
    /// <summary>That of the day at a date, or of the next working day after it. Epoch seconds.</summary>
    public static (long Start, long Stop) OfDayAt(long epoch)
    {
        DateTime day = OarFormat.ToLocal(epoch).Date;
        while (!IsWorkingDay(day)) day = day.AddDays(1);
        return (OarFormat.ToEpoch(day.AddHours(9)), OarFormat.ToEpoch(day.AddHours(19)));
    }

    public static bool IsWorkingDay(DateTime day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsFixedHoliday(day) && !IsEasterHoliday(day);

    static bool IsFixedHoliday(DateTime day) =>
        (day.Month, day.Day) is (1, 1) or (5, 1) or (5, 8) or (7, 14) or (8, 15) or (11, 1) or (11, 11) or (12, 25);

    // Easter Monday, Ascension Day, Whit Monday.
    static bool IsEasterHoliday(DateTime day) => (day - EasterSunday(day.Year)).Days is 1 or 39 or 50;

    // The Gregorian computus of Meeus, Jones and Butcher.
    static DateTime EasterSunday(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        int m = (a + 11 * h + 22 * l) / 451;
        int n = h + l - 7 * m + 114;
        return new DateTime(year, n / 31, n % 31 + 1);
    }
}
