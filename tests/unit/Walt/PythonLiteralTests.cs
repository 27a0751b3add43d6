using System.Numerics;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Tests.Walt;

public class PythonLiteralTests
{
    [Theory]
    [InlineData("()")]
    [InlineData("('x',)")]
    [InlineData("('API_CALL', 'set_image', ('dahu-5', 'my-debian'), {})")]
    [InlineData("[1, -2, 1e-05, 0.1, 1e+16, 123456789012345.0]")]
    [InlineData("{'mac': 'b0:26:28:aa:00:01', 'booted': False, 'gateway': None, 'virtual': True}")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"it's\"")]
    [InlineData("'it\\'s \"so\"'")]
    [InlineData(@"'\\ \n\r\t\x00\x7f\x85\xa0\u200b\ud800\U000e0001'")]
    [InlineData("'déjà vu 😀'")]
    [InlineData(@"b'\x00\xff\' "" \\'")]
    [InlineData(@"b""'""")]
    [InlineData("-0.0")]
    [InlineData("1e+23")]
    [InlineData("5e-324")]
    [InlineData("1.7976931348623157e+308")]
    public void What_repr_prints_is_read_and_written_again(string text) => Assert.Equal(text, PythonLiteral.Parse(text).ToString());

    [Theory]
    [InlineData("(1)", "1")]
    [InlineData(" [ 1 ,2, ] ", "[1, 2]")]
    [InlineData("(1,\n2)", "(1, 2)")]
    [InlineData("1E5", "100000.0")]
    [InlineData(".5", "0.5")]
    [InlineData("+7", "7")]
    [InlineData(@"'\101\x41\u0041\q\
x'", @"'AAA\\qx'")]
    [InlineData(@"b'\u0041'", @"b'\\u0041'")]
    public void Other_spellings_are_read(string text, string repr) => Assert.Equal(repr, PythonLiteral.Parse(text).ToString());

    [Theory]
    [InlineData("", 0)]
    [InlineData("(1, 2", 5)]
    [InlineData("(1 2)", 3)]
    [InlineData("('a', )x", 7)]
    [InlineData("'abc", 4)]
    [InlineData("'a\nb'", 2)]
    [InlineData(@"'\x4'", 4)]
    [InlineData(@"'\U00110000'", 3)]
    [InlineData("{'a' 1}", 5)]
    [InlineData("{1, 2}", 2)]
    [InlineData("__import__('os')", 0)]
    [InlineData("nan", 0)]
    [InlineData("Nonexistent", 0)]
    [InlineData("1_000", 1)]
    [InlineData("b'é'", 2)]
    [InlineData("r'x'", 0)]
    [InlineData("(,)", 1)]
    [InlineData("-", 1)]
    public void What_is_no_literal_is_refused_with_its_position(string text, int position)
        => Assert.Equal(position, Assert.Throws<PythonLiteralException>(() => PythonLiteral.Parse(text)).Position);

    [Fact]
    public void Deep_nesting_is_refused_before_it_exhausts_the_stack()
        => Assert.Throws<PythonLiteralException>(() => PythonLiteral.Parse(new string('(', 100_000)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_without_literal_is_never_written(double value) => Assert.Throws<ArgumentException>(() => new PythonFloat(value).ToString());

    [Fact]
    public void Integers_have_no_limit()
        => Assert.Equal(BigInteger.Pow(2, 200),
            Assert.IsType<PythonInteger>(PythonLiteral.Parse(BigInteger.Pow(2, 200).ToString(null as IFormatProvider))).Value);

    [Fact]
    public void A_dict_gives_the_last_of_equal_keys()
    {
        PythonDict dict = Assert.IsType<PythonDict>(PythonLiteral.Parse("{'a': 1, 'b': 2, 'a': 3}"));
        Assert.Equal(3, dict["a"]);
        Assert.Null(dict["c"]);
    }

    [Fact]
    public void A_text_that_would_be_code_stays_a_text()
    {
        string hostile = "', __import__('os').system('rm -rf /'), '";
        Assert.Equal(hostile, PythonLiteral.Parse(new PythonString(hostile).ToString()).AsString());
        Assert.DoesNotContain('\n', new PythonString("a\nRESULT\r\u2028").ToString());
    }
}
