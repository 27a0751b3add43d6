using System.Globalization;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Tests.Reservations;

public class UsageCalendarTests
{
    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-03-24 09:00 +01:00", true)]     // a Tuesday
    [InlineData("2026-03-24 08:59 +01:00", false)]
    [InlineData("2026-03-24 18:59 +01:00", true)]
    [InlineData("2026-03-24 19:00 +01:00", false)]
    [InlineData("2026-03-28 12:00 +01:00", false)]    // a Saturday
    [InlineData("2026-07-14 12:00 +02:00", false)]
    [InlineData("2026-04-06 12:00 +02:00", false)]    // Easter Monday
    [InlineData("2026-05-14 12:00 +02:00", false)]    // Ascension
    [InlineData("2026-05-25 12:00 +02:00", false)]    // Whit Monday
    [InlineData("2026-04-07 12:00 +02:00", true)]
    [InlineData("2026-03-24 08:30 +00:00", true)]     // 9:30 in Paris
    public void Knows_the_hours_of_the_day(string moment, bool isDay) => Assert.Equal(isDay, UsageCalendar.IsDay(At(moment)));

    [Theory]
    [InlineData("2026-03-24 10:00 +01:00", 2, "2026-03-24 19:00 +01:00")]     // the same evening
    [InlineData("2026-03-24 22:00 +01:00", 2, "2026-03-24 22:00 +01:00")]     // at once
    [InlineData("2026-03-25 08:00 +01:00", 2, "2026-03-25 19:00 +01:00")]     // too late for this night
    [InlineData("2026-03-24 10:00 +01:00", 20, "2026-03-27 19:00 +01:00")]    // a week-end is needed
    [InlineData("2026-03-28 01:00 +01:00", 30, "2026-03-28 01:00 +01:00")]
    public void Finds_the_next_night_that_is_long_enough(string from, int hours, string expected) =>
        Assert.Equal(At(expected), UsageCalendar.FindNight(At(from), TimeSpan.FromHours(hours)));

    [Fact]
    public void A_summer_time_night_is_an_hour_shorter()
    {
        // On 29 March 2026 the clocks go forward: from Friday 19:00 to Monday 9:00 there are 61 hours, not 62.
        DateTimeOffset friday = At("2026-03-27 19:00 +01:00");
        Assert.Equal(friday, UsageCalendar.FindNight(friday, TimeSpan.FromHours(61)));
        Assert.NotEqual(friday, UsageCalendar.FindNight(friday, TimeSpan.FromHours(61.5)));
    }

    [Fact]
    public void A_walltime_of_a_week_fits_into_no_night() =>
        Assert.Null(UsageCalendar.FindNight(At("2026-03-24 10:00 +01:00"), TimeSpan.FromDays(7)));
}
