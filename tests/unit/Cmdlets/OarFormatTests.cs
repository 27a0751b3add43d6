using WaltG5k.Core.Oar;
using WaltG5k.Internal;

namespace WaltG5k.Tests.Cmdlets;

public class OarFormatTests
{
    static readonly DateTimeOffset s_date = new(new DateTime(2026, 3, 24, 9, 5, 0, DateTimeKind.Local));

    [Fact]
    public void A_start_that_is_only_expected_is_marked()
    {
        Assert.Equal("~03-24 09:05", _OarFormat.Start(null, s_date));
        Assert.Equal("03-24 09:05", _OarFormat.Start(s_date, null));
        Assert.Equal("", _OarFormat.Start(null, null));
    }

    [Fact]
    public void Nodes_are_folded_without_their_domain() =>
        Assert.Equal("gros-[1-2]", _OarFormat.Nodes(new[] { "gros-2.nancy.grid5000.fr", "gros-1.nancy.grid5000.fr" }));

    [Theory]
    [InlineData("held", "None", null, null, "held")]
    [InlineData(null, "None", null, null, "")]
    [InlineData(null, "Completed", 3, null, "exit 3")]
    [InlineData(null, "Completed", null, 10, "signal 10")]
    [InlineData(null, "Completed", null, null, "Completed")]
    [InlineData(null, "WalltimeReached", null, null, "WalltimeReached")]
    public void Why_is_the_wait_or_the_end(string? wait, string end, int? status, int? signal, string expected) =>
        Assert.Equal(expected, _OarFormat.Why(wait, Enum.Parse<OarJobEnd>(end), status, signal));

    [Fact]
    public void A_change_has_its_sign()
    {
        Assert.Equal("+1 h 00 min", _OarFormat.Change(TimeSpan.FromHours(1)));
        Assert.Equal("-30 min 00 s", _OarFormat.Change(TimeSpan.FromMinutes(-30)));
        Assert.Equal("", _OarFormat.Change(TimeSpan.Zero));
    }

    [Fact]
    public void A_node_that_sleeps_is_not_called_absent()
    {
        Assert.Equal("Standby", _OarFormat.ResourceState("Absent", true));
        Assert.Equal("Absent", _OarFormat.ResourceState("Absent", false));
    }

    [Fact]
    public void Events_are_lines() =>
        Assert.Matches("^03-24 [0-9:]+ WALLTIME: over$", _OarFormat.Events(new[] { new OarJobEvent(s_date, "WALLTIME", "over") }));
}
