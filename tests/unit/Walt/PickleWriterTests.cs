using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Testbed.Walt.Streams;

namespace WaltG5k.Tests.Walt;

/// <summary>Pickles against a reader that shares nothing with their writer, and against CPython's.</summary>
public sealed class PickleWriterTests
{
    [Theory]
    [InlineData("None", "80044E2E")]
    [InlineData("(True, False)", "800488898" + "62E")]
    [InlineData("5", "80044B052E")]
    [InlineData("-1", "80044AFFFFFFFF2E")]
    [InlineData("4294967296", "80048A0500000000012E")]
    [InlineData("1.5", "8004473FF80000000000002E")]
    [InlineData("'hé'", "80048C0368C3A92E")]
    [InlineData("b'\\x00a'", "8004430200612E")]
    [InlineData("()", "8004292E")]
    [InlineData("('a', 'b', 'c', 'd')", "8004288C01618C01628C01638C0164742E")]
    [InlineData("[1]", "80045D284B01652E")]
    [InlineData("{}", "80047D2E")]
    [InlineData("{'node_port': 80}", "80047D288C096E6F64655F706F72744B50752E")]
    public void Values_have_the_bytes_of_protocol_4(string literal, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(PickleWriter.Write(PythonLiteral.Parse(literal))));

    [Fact]
    public void What_is_pickled_is_read_back_the_same() =>
        Prop.ForAll(PythonLiteralProperties.Literals.ToArbitrary(), literal =>
        {
            Assert.Equal(Show(literal), Show(Read(PickleWriter.Write(literal))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_texts_and_bytes_are_read_back_the_same()
    {
        PythonLiteral literal = PythonLiteral.Tuple(new string('é', 70_000), new PythonBytes(new byte[300]),
            new PythonInteger(-(BigInteger.One << 3000)));
        Assert.Equal(Show(literal), Show(Read(PickleWriter.Write(literal))));
    }

    [PythonFact]
    public async Task CPython_loads_what_is_pickled()
    {
        PythonLiteral[] literals = [.. PythonLiteralProperties.Literals.Sample(2_000, 4).Append(new PythonString("\ud800 alone"))
            .Append(new PythonString(new string('x', 300)))];
        // One line each: the pickle, and the text that repr gives for the value.
        string script = "import sys, pickle\nfor line in sys.stdin:\n    print(ascii(pickle.loads(bytes.fromhex(line.strip()))))\n";
        string[] answers = await Python.RunAsync(script, literals.Select(l => Convert.ToHexString(PickleWriter.Write(l))));
        Assert.Equal(literals.Length, answers.Length);
        for (int i = 0; i < literals.Length; i++) Assert.Equal(literals[i], PythonLiteral.Parse(answers[i]));
    }

    static object? Read(byte[] pickle)
    {
        int position = 0;
        PickleReader reader = new(_ => position < pickle.Length ? ValueTask.FromResult(pickle[position++]) : throw new EndOfStreamException(),
            CancellationToken.None);
        object? value = reader.ReadAsync().GetAwaiter().GetResult();
        Assert.Equal(pickle.Length, position);
        return value;
    }

    /// <summary>Both sides in one notation.</summary>
    static string Show(object? value) => value switch
    {
        null or PythonNone => "None",
        bool b => b.ToString(),
        PythonBoolean b => b.Value.ToString(),
        long or BigInteger => string.Create(CultureInfo.InvariantCulture, $"i{value}"),
        PythonInteger i => string.Create(CultureInfo.InvariantCulture, $"i{i.Value}"),
        double d => $"f{BitConverter.DoubleToInt64Bits(d):x}",
        PythonFloat d => $"f{BitConverter.DoubleToInt64Bits(d.Value):x}",
        string s => $"'{s}'",
        PythonString s => $"'{s.Value}'",
        byte[] b => "b" + Convert.ToHexString(b),
        PythonBytes b => "b" + Convert.ToHexString(b.Value.Span),
        object?[] items => $"({string.Join(',', items.Select(Show))})",
        PythonTuple tuple => $"({string.Join(',', tuple.Items.Select(Show))})",
        List<object?> items => $"[{string.Join(',', items.Select(Show))}]",
        PythonList list => $"[{string.Join(',', list.Items.Select(Show))}]",
        Dictionary<string, object?> items =>
            $"{{{string.Join(',', items.Select(e => Show(e.Key) + ":" + Show(e.Value)).Order(StringComparer.Ordinal))}}}",
        PythonDict dict => $"{{{string.Join(',', dict.Entries.Select(e => Show(e.Key) + ":" + Show(e.Value)).Order(StringComparer.Ordinal))}}}",
        _ => throw new ArgumentException(value.GetType().Name),
    };
}
