using WaltG5k.Core;
using WaltG5k.Core.Walt.Logs;

namespace WaltG5k.Tests.Walt;

/// <summary>POSIX extended regular expressions, as the server's C library takes them.</summary>
public sealed class PosixPatternTests
{
    [Theory]
    [InlineData("boot", "is booted", true)]
    [InlineData("^boot", "is booted", false)]
    [InlineData("booted$", "is booted", true)]
    [InlineData("a|b$", "xb", true)]
    [InlineData("^[[:digit:]]+ms$", "12ms", true)]
    [InlineData("[^[:space:]]", "  ", false)]
    [InlineData("[]x]", "a]", true)]
    [InlineData("[a\\]", "\\", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("x{2,3}y", "xxy", true)]
    [InlineData(@"\<on\>", "switch on now", true)]
    [InlineData(@"\<on\>", "none", false)]
    [InlineData(@"1\.5", "1x5", false)]
    [InlineData(@"a\+b", "a+b", true)]
    [InlineData("(ab)+c", "ababc", true)]
    [InlineData("É", "É", true)]
    public void Are_found_as_there(string pattern, string text, bool isFound) => Assert.Equal(isFound, PosixPattern.Compile(pattern).IsMatch(text));

    [Theory]
    [InlineData("(")]
    [InlineData("[a")]
    [InlineData("[[:colour:]]")]
    [InlineData("(?i)a")]
    [InlineData(@"\d")]
    [InlineData("a\\")]
    [InlineData("*a(")]
    public void Are_refused_when_the_server_would_not_understand_them(string pattern)
        => Assert.Equal("PatternInvalid", Assert.Throws<G5kException>(() => PosixPattern.Compile(pattern)).Code);

    [Theory]
    [InlineData(@"^platform\.nodes$", "platform.nodes")]
    [InlineData("^netconsole$", "netconsole")]
    [InlineData("netconsole", null)]
    [InlineData("^a.b$", null)]
    [InlineData(@"^a\+b$", null)]
    [InlineData("^$", null)]
    public void Whole_texts_are_recognised(string pattern, string? text) => Assert.Equal(text, PosixPattern.GetWholeText(pattern));
}
