using System.Management.Automation;

namespace WaltG5k.Tests.Host;

public class WildcardTests
{
    [Theory]
    [InlineData("gros-*", "gros-12", true)]
    [InlineData("gros-*", "GROS-12", true)]
    [InlineData("gros-?", "gros-12", false)]
    [InlineData("gros-[1-3]", "gros-2", true)]
    [InlineData("gros-[1-3]", "gros-4", false)]
    [InlineData("[abc-]x", "-x", true)]
    [InlineData("[]a]x", "]x", true)]
    [InlineData("[^a]x", "bx", false)]
    [InlineData("[^a]x", "^x", true)]
    [InlineData("a`*b", "a*b", true)]
    [InlineData("a`*b", "axb", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("a\\b", "a\\b", true)]
    [InlineData("*\nb", "a\nb", true)]
    [InlineData("", "", true)]
    public void Matches_as_in_PowerShell(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(text));

    [Fact]
    public void Case_counts_unless_told_otherwise() => Assert.False(new WildcardPattern("A*").IsMatch("ab"));

    [Fact]
    public void An_open_bracket_is_an_error() => Assert.Throws<WildcardPatternException>(() => new WildcardPattern("gros-[1").IsMatch("x"));

    [Theory]
    [InlineData("a*", true)]
    [InlineData("a`*", false)]
    [InlineData("gros-[1-3]", true)]
    [InlineData("plain", false)]
    public void Knows_a_pattern(string text, bool expected) => Assert.Equal(expected, WildcardPattern.ContainsWildcardCharacters(text));

    [Fact]
    public void Escaping_makes_a_pattern_that_matches_itself()
    {
        const string odd = "a*b?[c]";
        Assert.True(new WildcardPattern(WildcardPattern.Escape(odd)).IsMatch(odd));
        Assert.Equal(odd, WildcardPattern.Unescape(WildcardPattern.Escape(odd)));
    }
}
