using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public class WalltimeTests
{
    [Theory]
    [InlineData("1", "01:00:00")]
    [InlineData("0:30", "00:30:00")]
    [InlineData("1:30", "01:30:00")]
    [InlineData("0:0:10", "00:00:10")]
    [InlineData("01:10:00", "01:10:00")]
    [InlineData("62:00:01", "62:00:01")]
    [InlineData("168", "168:00:00")]
    [InlineData(" 2 ", "02:00:00")]
    public void Reads_what_oarsub_takes(string text, string expected) => Assert.Equal(expected, Walltime.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("0:0:0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1:60")]
    [InlineData("1:0:60")]
    [InlineData("1:0:0:0")]
    [InlineData("1:")]
    [InlineData("1.5")]
    [InlineData("1h")]
    [InlineData("٣")]
    [InlineData("99999999999")]
    [InlineData("2000000000")]
    public void Refuses_the_rest(string text)
    {
        G5kException e = Assert.Throws<G5kException>(() => Walltime.Parse(text));
        Assert.Equal("InvalidWalltime", e.Code);
        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
        Assert.Equal(text, e.Target);
        Assert.NotEmpty(e.Recommendation!);
    }

    [Fact]
    public void No_text_is_no_walltime() => Assert.False(Walltime.TryParse(null, out _));

    [Fact]
    public void A_duration_of_less_than_a_second_is_none() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Walltime(TimeSpan.FromMilliseconds(999)));

    [Fact]
    public void Days_are_written_as_hours() => Assert.Equal("49:02:03", new Walltime(new TimeSpan(2, 1, 2, 3)).ToString());
}
