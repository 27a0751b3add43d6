using System.Globalization;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;

namespace WaltG5k.Tests.Reservations.Planning;

/// <summary>The hours of the usage policy around changes of the clock, holidays and the turn of the year.</summary>
public class UsagePeriodTests
{
    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-03-28 12:00 +01:00", "2026-03-27 19:00 +01:00", "2026-03-30 09:00 +02:00", "week-end")]   // clocks go forward: 61 hours
    [InlineData("2026-10-25 02:30 +02:00", "2026-10-23 19:00 +02:00", "2026-10-26 09:00 +01:00", "week-end")]   // and back: 63 hours
    [InlineData("2026-12-31 23:59 +01:00", "2026-12-31 19:00 +01:00", "2027-01-04 09:00 +01:00", "week-end")]   // New Year is a Friday
    [InlineData("2026-12-24 20:00 +01:00", "2026-12-24 19:00 +01:00", "2026-12-28 09:00 +01:00", "week-end")]
    [InlineData("2026-04-03 20:00 +02:00", "2026-04-03 19:00 +02:00", "2026-04-07 09:00 +02:00", "week-end")]   // Easter Monday
    [InlineData("2026-07-14 12:00 +02:00", "2026-07-13 19:00 +02:00", "2026-07-15 09:00 +02:00", "week-end")]   // one holiday in the week
    [InlineData("2026-03-24 20:00 +01:00", "2026-03-24 19:00 +01:00", "2026-03-25 09:00 +01:00", "night")]
    [InlineData("2026-03-24 09:00 +01:00", "2026-03-24 09:00 +01:00", "2026-03-24 19:00 +01:00", "day")]
    [InlineData("2026-03-24 18:59 +01:00", "2026-03-24 09:00 +01:00", "2026-03-24 19:00 +01:00", "day")]
    public void A_moment_lies_in_a_period(string moment, string start, string end, string name)
    {
        UsagePeriod period = UsageCalendar.GetPeriods(At(moment), At(moment)).Single();
        Assert.Equal((At(start), At(end), name), (period.Start, period.End, period.ToString()));
    }

    [Fact]
    public void Periods_of_two_years_follow_each_other_without_gaps_and_agree_with_the_hours()
    {
        UsagePeriod[] periods = [.. UsageCalendar.GetPeriods(At("2026-01-01 00:00 +01:00"), At("2027-12-31 23:00 +01:00"))];
        for (int i = 1; i < periods.Length; i++)
        {
            Assert.Equal(periods[i - 1].End, periods[i].Start);
            Assert.NotEqual(periods[i - 1].IsDay, periods[i].IsDay);
        }
        Assert.All(periods, p => Assert.Equal((p.IsDay, p.IsDay), (UsageCalendar.IsDay(p.Start), UsageCalendar.IsDay(p.End.AddMinutes(-1)))));
        Assert.All(periods.Where(p => p.IsDay), p => Assert.Equal(TimeSpan.FromHours(10), p.End - p.Start));
    }

    /// <summary>Nothing is busy: only the policy speaks.</summary>
    static DateTimeOffset? FindStart(string now, string walltime, SlotHours hours = SlotHours.Policy, string? earliest = null)
    {
        var site = new SiteSchedule("nancy") { Nodes = [new NodeElement("nancy", "gros", "gros-1.nancy.grid5000.fr")] };
        var query = new SlotQuery
        {
            Nodes = [new NodeDemand("nodes", 1)], Walltime = Walltime.Parse(walltime), Hours = hours, SubmittedAt = At(now),
            Earliest = At(earliest ?? now), Latest = At(earliest ?? now).AddDays(28),
        };
        return SlotFinder.Find(query, [site], At(now)).Slots is [var slot, ..] ? slot.Start : null;
    }

    [Theory]
    [InlineData("2026-03-24 10:00 +01:00", "9", "2026-03-24 10:00 +01:00")]    // ends at 19:00 sharp
    [InlineData("2026-03-24 10:00 +01:00", "9:00:01", "2026-03-24 19:00 +01:00")]
    [InlineData("2026-03-24 10:00 +01:00", "20", "2026-03-27 19:00 +01:00")]   // waits for the week-end
    [InlineData("2026-03-27 20:00 +01:00", "60", "2026-03-27 20:00 +01:00")]   // 60 of the 61 hours of that week-end
    [InlineData("2026-03-27 20:00 +01:00", "60:00:01", "2026-04-03 19:00 +02:00")]
    [InlineData("2026-10-23 19:00 +02:00", "63", "2026-10-23 19:00 +02:00")]   // the hour that is there twice
    [InlineData("2026-03-24 16:59 +01:00", "3", "2026-03-24 19:00 +01:00")]
    [InlineData("2026-03-24 17:00 +01:00", "3", "2026-03-24 17:00 +01:00")]    // submitted after 17:00
    [InlineData("2026-03-24 17:00 +01:00", "16", "2026-03-24 17:00 +01:00")]
    [InlineData("2026-03-24 17:00 +01:00", "16:00:01", "2026-03-27 19:00 +01:00")]
    [InlineData("2026-03-25 08:45 +01:00", "1", "2026-03-25 08:45 +01:00")]    // short, and submitted just before
    [InlineData("2026-03-25 08:45 +01:00", "1:00:01", "2026-03-25 09:00 +01:00")]
    [InlineData("2026-03-24 10:00 +01:00", "70", "2026-04-03 19:00 +02:00")]    // only Easter is that long
    [InlineData("2026-03-24 10:00 +01:00", "87", null)]
    public void A_job_keeps_the_policy(string now, string walltime, string? expected) =>
        Assert.Equal(expected is null ? null : At(expected), FindStart(now, walltime));

    [Theory]
    [InlineData(SlotHours.Any, "2026-03-24 18:30 +01:00")]
    [InlineData(SlotHours.Day, "2026-03-25 09:00 +01:00")]
    [InlineData(SlotHours.Night, "2026-03-24 19:00 +01:00")]
    [InlineData(SlotHours.Weekend, "2026-03-27 19:00 +01:00")]
    public void A_job_lies_in_the_hours_that_are_wanted(SlotHours hours, string expected) =>
        Assert.Equal(At(expected), FindStart("2026-03-24 18:30 +01:00", "2", hours));

    [Fact]
    public void The_exceptions_hold_for_what_is_submitted_now_only() =>
        Assert.Equal(At("2026-03-26 19:00 +01:00"), FindStart("2026-03-24 18:00 +01:00", "3", earliest: "2026-03-26 17:30 +01:00"));
}
