using System.Collections;
using System.Management.Automation;
using WaltG5k.Host.Language;

namespace WaltG5k.Tests.Host;

public class ParserTests
{
    [Theory]
    [InlineData("Get-A", "Get-A")]
    [InlineData("Get-A | Set-B", "Get-A | Set-B")]
    [InlineData("Get-A |\n  Set-B", "Get-A | Set-B")]
    [InlineData("Get-A; Set-B;", "Get-A ; Set-B")]
    [InlineData("Get-A\nSet-B # done", "Get-A ; Set-B")]
    [InlineData("# nothing", "")]
    [InlineData("Get-A `\n -X 1", "Get-A -X 1")]
    [InlineData("Get-A -X:1 -Y: b -Z", "Get-A -X:1 -Y:'b' -Z")]
    [InlineData("Get-A 'it''s' \"a`tb\" \"say \"\"hi\"\"\"", "Get-A 'it's' 'a\tb' 'say \"hi\"'")]
    [InlineData("Get-A a,b, c", "Get-A ['a','b','c']")]
    [InlineData("Get-A @(1, 2\n3)", "Get-A [1,2,3]")]
    [InlineData("Get-A @()", "Get-A []")]
    [InlineData("Get-A @{ a = 1; 'b c' = x,y\n d=$true }", "Get-A {a:1,b c:['x','y'],d:True}")]
    [InlineData("Get-A 1 -1 1.5 0x1F 1kb 3000000000 1e2 .5", "Get-A 1 -1 1.5 31 1024 3000000000 100 0.5")]
    [InlineData("Get-A 1:00 12h gros-1.nancy 10.0.0.1 2026-12-01 -", "Get-A '1:00' '12h' 'gros-1.nancy' '10.0.0.1' '2026-12-01' '-'")]
    [InlineData("Get-A $null $TRUE", "Get-A null True")]
    [InlineData("Get-A a'b c'd `#x a#b", "Get-A 'ab cd' '#x' 'a#b'")]
    public void Reads(string text, string expected) => Assert.Equal(expected, Show(Parser.Parse(text)));

    [Theory]
    [InlineData("Get-A $x", 7, "variables")]
    [InlineData("Get-A \"$x\"", 8, "expanded")]
    [InlineData("Get-A (Get-B)", 7, "Parentheses")]
    [InlineData("Where-Object { $_ }", 14, "Script blocks")]
    [InlineData("Get-A > file", 7, "Redirection")]
    [InlineData("Get-A && Get-B", 7, "'&'")]
    [InlineData("Get-A || Get-B", 7, "'||'")]
    [InlineData("Get-A |", 8, "command is missing")]
    [InlineData("Get-A | | Get-B", 9, "a command name")]
    [InlineData("| Get-A", 1, "a command name")]
    [InlineData("Get-A 'x", 7, "terminator")]
    [InlineData("Get-A @(1", 7, "')'")]
    [InlineData("Get-A @{ a = 1", 7, "'}'")]
    [InlineData("Get-A @{ a 1 }", 12, "'='")]
    [InlineData("Get-A @{ a = 1; A = 2 }", 17, "twice")]
    [InlineData("Get-A a,", 9, "a value")]
    [InlineData("Get-A ,a", 7, "a value")]
    public void Refuses_and_says_where(string text, int column, string because)
    {
        var error = Assert.Throws<SyntaxException>(() => Parser.Parse(text));
        Assert.Contains(because, error.Message);
        Assert.Equal((1, column), (error.Line, error.Column));
    }

    [Fact]
    public void Counts_lines() => Assert.Equal(3, Assert.Throws<SyntaxException>(() => Parser.Parse("Get-A\n\nGet-B $x")).Line);

    [Fact]
    public void Keeps_the_text_of_a_statement() => Assert.Equal("Get-A | Set-B 1", Parser.Parse("Get-A | Set-B 1 ; x").Statements[0].Text);

    static string Show(Script script) => string.Join(" ; ", script.Statements.Select(s => string.Join(" | ", s.Commands.Select(Show))));

    static string Show(CommandCall call) => string.Join(' ', call.Arguments.Select(a =>
        a.Parameter is null ? Show(a.Value) : a.HasValue ? $"-{a.Parameter}:{Show(a.Value)}" : $"-{a.Parameter}").Prepend(call.Name));

    static string Show(object? value) => value switch
    {
        PSObject literal => Show(literal.BaseObject),
        null => "null",
        string text => $"'{text}'",
        Hashtable table => "{" + string.Join(",", table.Keys.Cast<object>().Order().Select(k => $"{k}:{Show(table[k])}")) + "}",
        object?[] list => "[" + string.Join(",", list.Select(Show)) + "]",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
