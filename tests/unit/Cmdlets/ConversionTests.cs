using System.Collections;
using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Tests.Cmdlets;

public class ConversionTests
{
    static object? Convert(ConversionAttribute conversion, object? value) => conversion.Transform(null!, value);

    static string Refuse(ConversionAttribute conversion, object value) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => Convert(conversion, value)).Message;

    [Theory]
    [InlineData("2:00", "02:00:00")]
    [InlineData("1:30:15", "01:30:15")]
    [InlineData("100", "100:00:00")]
    [InlineData(3, "03:00:00")]
    [InlineData(1.5, "01:30:00")]
    public void A_walltime_is_text_or_hours(object value, string expected) =>
        Assert.Equal(expected, $"{Convert(new WalltimeConversionAttribute(), value)}");

    [Fact]
    public void A_walltime_may_be_a_duration() =>
        Assert.Equal(new Walltime(TimeSpan.FromMinutes(90)), Convert(new WalltimeConversionAttribute(), TimeSpan.FromMinutes(90)));

    [Theory]
    [InlineData("1:99")]
    [InlineData("soon")]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_bad_walltime_is_refused(object value) => Assert.NotEmpty(Refuse(new WalltimeConversionAttribute(), value));

    [Fact]
    public void The_refusal_of_a_walltime_says_what_to_write() =>
        Assert.Contains("-Walltime 1:30", Refuse(new WalltimeConversionAttribute(), "soon"), StringComparison.Ordinal);

    [Theory]
    [InlineData(90, 90)]
    [InlineData("90", 90)]
    [InlineData("0.5", 0.5)]
    [InlineData("0:10:00", 600)]
    public void A_time_limit_is_seconds_or_a_duration(object value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Convert(new DurationConversionAttribute(), value));

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Numbers_are_read_alike_in_every_culture(string culture) => Assert.Equal(
        (TimeSpan.FromSeconds(1.5), ReservationStart.Night),
        Cultures.Run(culture, () => (Convert(new DurationConversionAttribute(), "1.5"), Convert(new StartConversionAttribute(), "NIGHT"))));

    [Theory]
    [InlineData(0)]
    [InlineData("-5")]
    [InlineData("later")]
    public void A_time_limit_is_positive(object value) => Assert.NotEmpty(Refuse(new DurationConversionAttribute(), value));

    [Fact]
    public void A_start_is_now_night_or_a_date()
    {
        Assert.Equal(ReservationStart.Now, Convert(new StartConversionAttribute(), "now"));
        Assert.Equal(ReservationStart.Night, Convert(new StartConversionAttribute(), "Night"));
        var date = new DateTimeOffset(2026, 3, 25, 19, 0, 0, TimeSpan.FromHours(1));
        Assert.Equal(ReservationStart.At(date), Convert(new StartConversionAttribute(), "2026-03-25T19:00:00+01:00"));
        Assert.Equal(date, ((ReservationStart)Convert(new StartConversionAttribute(), date.UtcDateTime)!).Date);
        Assert.NotEmpty(Refuse(new StartConversionAttribute(), "tomorrow"));
    }

    [Fact]
    public void A_node_count_is_a_number_for_each_site_or_one_per_site()
    {
        var number = (NodeCounts)Convert(new NodeCountConversionAttribute(), 3)!;
        Assert.Equal("nancy=3,rennes=3", Text(number.For(["nancy", "rennes"])));
        var table = (NodeCounts)Convert(new NodeCountConversionAttribute(), new Hashtable { ["nancy"] = 2, ["rennes"] = "1" })!;
        Assert.Equal("nancy=2,rennes=1", Text(table.For([])));
        var text = (NodeCounts)Convert(new NodeCountConversionAttribute(), "nancy=2,rennes=1")!;
        Assert.Equal(table.ToString(), text.ToString());
        var parts = (NodeCounts)Convert(new NodeCountConversionAttribute(), new object[] { "nancy=2", "rennes=1" })!;
        Assert.Equal(table.ToString(), parts.ToString());

        static string Text(SortedDictionary<string, int> counts) => string.Join(',', counts.Select(c => $"{c.Key}={c.Value}"));
    }

    [Theory]
    [InlineData("nancy")]
    [InlineData("nancy=many")]
    [InlineData("=3")]
    [InlineData(-1)]
    public void A_bad_node_count_is_refused(object value) =>
        Assert.Contains("node", Refuse(new NodeCountConversionAttribute(), value), StringComparison.Ordinal);

    [Fact]
    public void Jobs_are_written_site_and_number()
    {
        Assert.Equal([new OarJobRef("nancy", 12), new OarJobRef("rennes", 7)],
            (OarJobRef[])Convert(new OarJobConversionAttribute(), new object[] { "nancy:12,rennes:7" })!);
        Assert.Equal([new OarJobRef("nancy", 3)], (OarJobRef[])Convert(new OarJobConversionAttribute(), new ReservationJob("nancy", 3))!);
        foreach (string bad in (string[])["12", "nancy:", ":12", "nancy:x", "nancy:-1", "nancy:0"])
            Assert.Contains("nancy:2400001", Refuse(new OarJobConversionAttribute(), bad), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_are_names_sets_wildcards_or_objects()
    {
        var nodes = (WaltNodeRef[])Convert(new WaltNodeConversionAttribute(),
            new object[] { "gros-[08-10]", "dahu-*", new PSObject(new WaltNodeInfo("vm1")), new WaltBootResult("gros-2") })!;
        Assert.Equal(["gros-08", "gros-09", "gros-10", "dahu-*", "vm1", "gros-2"], nodes.Select(n => n.Name));
        Assert.NotEmpty(Refuse(new WaltNodeConversionAttribute(), "gros-[3-1]"));
    }
}
