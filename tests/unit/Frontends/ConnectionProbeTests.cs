using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

public class ConnectionProbeTests
{
    [Theory]
    [InlineData("1763640000 +0100\n", 60)]
    [InlineData("1763640000 -0330", -210)]
    [InlineData("1763640000 +0000", 0)]
    public void The_clock_of_a_frontend_is_read(string text, int minutes) =>
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1763640000), TimeSpan.FromMinutes(minutes)), ConnectionProbe.ReadClock(text));

    [Theory]
    [InlineData("")]
    [InlineData("Fri Nov 20 13:00:00 CET 2026")]
    [InlineData("99999999999999999999 +0100")]
    public void What_is_no_clock_is_not_read(string text) => Assert.Null(ConnectionProbe.ReadClock(text));
}
