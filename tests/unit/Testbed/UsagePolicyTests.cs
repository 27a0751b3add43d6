using System.Text.Json;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Scheduling;

namespace WaltG5k.Tests.Testbed;

public class UsagePolicyTests
{
    [Fact]
    public async Task Limits_are_two_hours_of_each_cluster_and_use_is_what_falls_into_the_day()
    {
        await using OarLab lab = new OarLab().Started();
        // 09:00 UTC is 10:00 in Paris: the day period goes on until 18:00 UTC.
        OarJob counted = await lab.SubmitAsync("-r", "2026-03-24 18:00:00", "-l", "{cluster='argon'}/nodes=2,walltime=3");
        await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=2,walltime=1", "true");
        lab.Advance(10);
        JsonElement checkedUse = (await lab.RunAsync("usagepolicycheck", "-t", "--sites", "arles,brest")).Json;
        Assert.Equal(new DateTimeOffset(2026, 3, 24, 8, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), checkedUse.GetProperty("start_time").GetInt64());
        JsonElement argon = checkedUse.GetProperty("limits").GetProperty("arles").GetProperty("argon");
        Assert.Equal((24 * 8, 24 * 8 * 7200), (argon.GetProperty("nb_cores").GetInt32(), argon.GetProperty("time").GetInt32()));
        Assert.Equal(["basalt", "bruyere"], checkedUse.GetProperty("limits").GetProperty("brest").EnumerateObject().Select(c => c.Name).Order());
        Assert.Equal(2 * 8 * 3600, checkedUse.GetProperty("total_jobs").GetProperty("arles").GetProperty("argon").GetInt32());
        Assert.Equal($"{counted.Id}", Assert.Single(checkedUse.GetProperty("jobs").GetProperty("arles").EnumerateObject()).Name);
        Assert.Equal(1, (await lab.RunAsync("usagepolicycheck", "-t", "--sites", "nosuch")).ExitCode);
    }

    [Theory]
    [InlineData("2026-04-03 12:00:00", "2026-04-03 09:00:00")] // Good Friday is worked
    [InlineData("2026-04-04 12:00:00", "2026-04-07 09:00:00")] // a week-end and Easter Monday
    [InlineData("2026-05-14 12:00:00", "2026-05-15 09:00:00")] // Ascension Day
    [InlineData("2026-07-14 12:00:00", "2026-07-15 09:00:00")]
    public void Working_days_are_those_of_France(string date, string start) =>
        Assert.Equal(start, OarFormat.Date(DayPeriod.OfDayAt(OarFormat.ParseDate(date)!.Value).Start));
}
