using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Tests.Cmdlets;

public class OarParameterTests
{
    static readonly OarJobConversionAttribute s_many = new() { AllowsNumbers = true }, s_one = new() { AllowsNumbers = true, IsSingle = true };

    static object? Convert(ConversionAttribute conversion, object? value) => conversion.Transform(null!, value);

    static string Refuse(ConversionAttribute conversion, object value) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => Convert(conversion, value)).Message;

    [Fact]
    public void A_number_is_a_job_of_the_site_that_the_command_works_at()
    {
        Assert.Equal([new OarJobRef("", 12), new OarJobRef("nancy", 7)], (OarJobRef[])Convert(s_many, new object[] { 12, "nancy:7" })!);
        Assert.Equal([new OarJobRef("", 12)], (OarJobRef[])Convert(s_many, "12")!);
        Assert.Equal("12", new OarJobRef("", 12).ToString());
    }

    [Fact]
    public void Anything_with_a_number_and_a_site_is_a_job()
    {
        var line = new PSObject();
        line.Properties.Add(new PSNoteProperty("Site", "nancy"));
        line.Properties.Add(new PSNoteProperty("JobId", "7"));
        Assert.Equal([new OarJobRef("nancy", 7)], (OarJobRef[])Convert(s_many, line)!);
        Assert.Equal([new OarJobRef("nancy", 8)], (OarJobRef[])Convert(s_many, new OarWalltimeStatus("nancy", 8))!);
        Assert.Equal([new OarJobRef("nancy", 9)],
            (OarJobRef[])Convert(s_many, new PSObject(new OarJob { Site = "nancy", Id = 9, State = OarJobState.Running }))!);
    }

    [Fact]
    public void Nothing_is_not_a_job()
    {
        foreach (object bad in new object[] { "", " , ", new PSObject(), "nancy", 0, -1, "nancy:0", 1.5, Array.Empty<object>() })
            Assert.Contains("nancy:2400001", Refuse(s_many, bad), StringComparison.Ordinal);
        Assert.NotEmpty(Refuse(s_one, new object[] { 1, 2 }));
        Assert.Equal(new OarJobRef("", 1), Convert(s_one, 1));
    }

    [Theory]
    [InlineData("+1:00", "+01:00:00")]
    [InlineData("-0:30", "-00:30:00")]
    [InlineData("3:00", "03:00:00")]
    [InlineData(2, "02:00:00")]
    public void A_change_of_walltime_has_a_sign_or_is_a_total(object value, string expected) =>
        Assert.Equal(expected, $"{Convert(new WalltimeChangeConversionAttribute(), value)}");

    [Fact]
    public void A_change_of_walltime_may_be_a_duration()
    {
        Assert.Equal(new WalltimeChange("-00:30:00"), Convert(new WalltimeChangeConversionAttribute(), TimeSpan.FromMinutes(-30)));
        Assert.Equal(new WalltimeChange("00:45:00"), Convert(new WalltimeChangeConversionAttribute(), TimeSpan.FromMinutes(45)));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("+-1:00")]
    [InlineData("0:00")]
    [InlineData("more")]
    public void A_bad_change_of_walltime_is_refused(object value) => Assert.NotEmpty(Refuse(new WalltimeChangeConversionAttribute(), value));

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void A_date_is_read_alike_in_every_culture(string culture) => Assert.Equal(
        new DateTimeOffset(2026, 3, 25, 19, 0, 0, TimeSpan.FromHours(1)),
        Cultures.Run(culture, () => Convert(new DateConversionAttribute(), "2026-03-25 19:00 +01:00")));

    [Fact]
    public void Alternatives_without_a_walltime_get_the_one_of_the_parameter()
    {
        (string first, Walltime? walltime, IReadOnlyList<string> others) =
            OarRequestText.Split(["nodes=4, walltime=0:30", "nodes=2", "core=1,walltime=3"], new Walltime(TimeSpan.FromHours(1)));
        Assert.Equal(("nodes=4", "00:30:00"), (first, $"{walltime}"));
        Assert.Equal(["nodes=2,walltime=01:00:00", "core=1,walltime=3"], others);
    }

    [Fact]
    public void A_start_is_a_date_to_come()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 24, 9, 0, 0, TimeSpan.Zero)); // a Tuesday
        var hour = new Walltime(TimeSpan.FromHours(1));
        Assert.Null(OarRequestText.ResolveStart(ReservationStart.Now, hour, time));
        Assert.Equal(new DateTimeOffset(2026, 3, 24, 18, 0, 0, TimeSpan.Zero), OarRequestText.ResolveStart(ReservationStart.Night, hour, time));
        Assert.Equal("StartInThePast", Assert.Throws<G5kException>(() =>
            OarRequestText.ResolveStart(ReservationStart.At(time.GetUtcNow()), hour, time)).Code);
        Assert.Equal("WalltimeTooLongForNight",
            Assert.Throws<G5kException>(() => OarRequestText.ResolveStart(ReservationStart.Night, new Walltime(TimeSpan.FromDays(9)), time)).Code);
    }
}
