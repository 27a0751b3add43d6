using System.Globalization;
using WaltG5k.Core.Text;

namespace WaltG5k.Tests.Text;

public class GridZoneTests
{
    [Theory]
    [InlineData("2026-01-15T12:00:00Z", "2026-01-15 13:00:00")]
    [InlineData("2026-07-15T12:00:00Z", "2026-07-15 14:00:00")]
    [InlineData("2026-03-29T00:59:59Z", "2026-03-29 01:59:59")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-29 03:00:00")]
    [InlineData("2026-10-25T00:59:59Z", "2026-10-25 02:59:59")]
    [InlineData("2026-10-25T01:00:00Z", "2026-10-25 02:00:00")]
    public void Dates_are_local_whether_the_machine_knows_zones_or_not(string utc, string local)
    {
        DateTimeOffset date = DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture);
        Assert.Equal(local, GridZone.Format(date));
        Assert.Equal(local, TimeZoneInfo.ConvertTime(date, GridZone.CreateZone()).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_date_without_zone_is_read_as_local()
    {
        Assert.True(GridZone.TryParse("2026-07-15 14:00:00", out DateTimeOffset date));
        Assert.Equal(new DateTimeOffset(2026, 7, 15, 12, 0, 0, TimeSpan.Zero), date);
        Assert.False(GridZone.TryParse("15/07/2026", out _));
    }

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Dates_do_not_depend_on_the_culture(string culture) =>
        Assert.Equal("2026-11-20 07:02:42", Cultures.Run(culture, () => GridZone.Format(new DateTimeOffset(2026, 11, 20, 6, 2, 42, TimeSpan.Zero))));
}
