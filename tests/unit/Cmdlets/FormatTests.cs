using WaltG5k.Core;
using WaltG5k.Internal;

namespace WaltG5k.Tests.Cmdlets;

public class FormatTests
{
    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(19.84, "19.8 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(292, "4 min 52 s")]
    [InlineData(3600, "1 h 00 min")]
    [InlineData(360_300, "100 h 05 min")]
    [InlineData(-5, "-5.0 s")]
    public void Durations_are_written_as_people_say_them(double seconds, string expected) =>
        Assert.Equal(expected, _Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Durations_are_alike_in_every_culture(string culture) =>
        Assert.Equal("1.5 s", Cultures.Run(culture, () => _Format.Duration(TimeSpan.FromSeconds(1.5))));

    [Fact]
    public void A_step_that_did_not_take_place_is_blank() => Assert.Equal("", _Format.Step(TimeSpan.Zero));

    [Fact]
    public void Node_names_are_folded() => Assert.Equal("gros-[1-3]", _Format.Nodes(new[] { "gros-1", "gros-3", "gros-2" }));

    [Fact]
    public void Every_kind_of_failure_is_a_category_of_PowerShell()
    {
        foreach (ErrorKind kind in Enum.GetValues<ErrorKind>())
            Assert.Equal(kind.ToString(), Errors.From(
                new G5kException("Some", kind, "It failed.", "target", "Do this.")).CategoryInfo.Category.ToString());
    }

    [Fact]
    public void A_failure_keeps_code_target_and_recommendation()
    {
        var record = Errors.From(new G5kException("NodeLost", ErrorKind.ResourceBusy, "gros-1 is lost.", "gros-1", "Get-WaltNode"));
        Assert.Equal("NodeLost", record.FullyQualifiedErrorId);
        Assert.Equal("gros-1", record.TargetObject);
        Assert.Equal("gros-1 is lost.", record.ErrorDetails!.Message);
        Assert.Equal("Get-WaltNode", record.ErrorDetails.RecommendedAction);
    }
}
