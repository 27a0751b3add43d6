using WaltG5k.Host.Terminal;

namespace WaltG5k.Tests.Host;

public class OptionsTests
{
    [Theory]
    [InlineData("Get-A -X 1", nameof(Request.Run), "Get-A -X 1")]
    [InlineData("Get-A|-Name|two words|\\||Select-Object", nameof(Request.Run), "Get-A -Name 'two words' | Select-Object")]
    [InlineData("Get-A|it's|", nameof(Request.Run), "Get-A 'it''s' ''")]
    [InlineData("-File|night.g5k", nameof(Request.RunFile), "night.g5k")]
    [InlineData("-", nameof(Request.RunFile), "-")]
    [InlineData("--help", nameof(Request.Help), "")]
    [InlineData("help|Get-A", nameof(Request.Help), "Get-A")]
    [InlineData("help Get-A", nameof(Request.Help), "Get-A")]
    [InlineData("--version", nameof(Request.Version), "")]
    public void Reads(string arguments, string request, string text)
    {
        string[] split = [.. arguments.Replace("\\|", "\u0001").Split('|').Select(a => a.Replace('\u0001', '|'))];
        Assert.Equal(new Options(Enum.Parse<Request>(request), OutputFormat.Table, text), Options.Parse(split));
    }

    [Theory]
    [InlineData("-OutputFormat", "json", "Get-A")]
    [InlineData("Get-A", "-outputformat", "JSON")]
    public void Takes_the_format_anywhere(params string[] arguments) =>
        Assert.Equal(new Options(Request.Run, OutputFormat.Json, "Get-A"), Options.Parse(arguments));

    [Theory]
    [InlineData("-OutputFormat")]
    [InlineData("-OutputFormat", "xml")]
    [InlineData("-OutputFormat", "7")]
    [InlineData("-File")]
    public void Refuses(params string[] arguments) => Assert.Throws<FormatException>(() => Options.Parse(arguments));

    [Fact]
    public void Without_arguments_it_explains_itself() => Assert.Equal(Request.Help, Options.Parse([]).Request);
}
