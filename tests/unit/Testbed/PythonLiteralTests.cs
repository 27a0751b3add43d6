using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

public class PythonLiteralTests
{
    [Theory]
    [InlineData("('x',)")]
    [InlineData("()")]
    [InlineData("['a', 1, -2, True, None, {'k': (1, 2)}]")]
    [InlineData("\"it's\"")]
    [InlineData("'both \\' and \"'")]
    [InlineData("'tab\\t line\\n back\\\\ bell\\x07 é'")]
    [InlineData("1.5")]
    public void Writes_what_it_reads(string literal) => Assert.Equal(literal, PythonWriter.Write(PythonReader.Read(literal)));

    [Fact]
    public void Reads_escapes_bytes_and_exponents()
    {
        Assert.Equal("é😀/\\d", PythonReader.Read(@"'\xe9\U0001f600\u002f\d'"));
        Assert.Equal(new byte[] { 0xff, 0x41 }, PythonReader.Read(@"b'\xffA'"));
        Assert.Equal(1e-05, PythonReader.Read("1e-05"));
        Assert.Equal(7L, PythonReader.Read("(7)"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("(1 2)")]
    [InlineData("{'a' 1}")]
    [InlineData("'open")]
    [InlineData("Trueish")]
    [InlineData("os.system('x')")]
    [InlineData("[1],")]
    public void Refuses_what_is_no_literal(string text) => Assert.Throws<FormatException>(() => PythonReader.Read(text));
}
