using System.Management.Automation;

namespace WaltG5k.Tests.Host;

public class ComparisonTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("False", true)]
    [InlineData(0, false)]
    [InlineData(0.5, true)]
    [InlineData(new int[0], false)]
    [InlineData(new[] { 0 }, false)]
    [InlineData(new[] { 0, 0 }, true)]
    public void Truth(object? value, bool expected) => Assert.Equal(expected, LanguagePrimitives.IsTrue(value));

    [Theory]
    [InlineData(1, "1", true)]
    [InlineData(1, 1.0, true)]
    [InlineData("1", 1, true)]
    [InlineData("a", "A", true)]
    [InlineData(Colour.Green, "green", true)]
    [InlineData("green", Colour.Green, true)]
    [InlineData(null, 0, false)]
    [InlineData(1, "x", false)]
    public void Equality_without_regard_to_case(object? first, object? second, bool expected) =>
        Assert.Equal(expected, LanguagePrimitives.Equals(first, second, ignoreCase: true));

    [Theory]
    [InlineData(2, 10, -1)]
    [InlineData("2", 10, 1)] // the left side decides: these are texts
    [InlineData(10, "2", 1)]
    [InlineData(1.5, 1, 1)]
    [InlineData(null, 1, -1)]
    [InlineData(Colour.Blue, "Red", 1)]
    public void Order(object? first, object? second, int expected) => Assert.Equal(expected, Math.Sign(LanguagePrimitives.Compare(first, second)));

    [Fact]
    public void A_duration_compares_with_its_text() => Assert.True(LanguagePrimitives.Compare(TimeSpan.FromMinutes(5), "00:04:00") > 0);

    [Fact]
    public void What_cannot_be_compared_is_an_error() => Assert.Throws<PSArgumentException>(() => LanguagePrimitives.Compare(1, "x"));
}
