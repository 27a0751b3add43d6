using System.Numerics;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Tests.Walt;

/// <summary>A hundred thousand random literals, the same ones each time.</summary>
public sealed class LiteralFuzzTests
{
    const int Count = 100_000;

    // Quotes, escapes, controls, blanks and separators that are no ASCII, lone surrogates, a character beyond the basic plane.
    static readonly string[] s_pieces =
    [
        "a", "Z", "0", "'", "\"", "\\", "\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x85", "\u00a0", "\u00ad", "é", "ß", "Ω", "Я", "中", "\u2028",
            "\u200b", "\ufeff", "\ud800", "\udfff", "\U0001f600", "{", "%", "$(x)", "__import__('os')",
    ];

    static IEnumerable<PythonLiteral> Literals(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < Count; i++) yield return Next(random, 3);
    }

    static PythonLiteral Next(Random random, int depth) => random.Next(depth > 0 ? 12 : 8) switch
    {
        0 => PythonLiteral.None,
        1 => random.Next(2) == 0,
        2 => new PythonInteger(random.Next(-300, 300)),
        3 => new PythonInteger(new BigInteger(random.NextInt64(long.MinValue, long.MaxValue)) * (random.Next(3) == 0
        ? BigInteger.Pow(10, random.Next(40))
        : 1)),
        4 => new PythonFloat(NextDouble(random)),
        5 => new PythonBytes(NextBytes(random)),
        6 or 7 => new PythonString(NextText(random)),
        8 or 9 => new PythonTuple(NextItems(random, depth)),
        10 => new PythonList(NextItems(random, depth)),
        _ => new PythonDict([.. Enumerable.Range(0, random.Next(4))
        .Select(k => KeyValuePair.Create<PythonLiteral, PythonLiteral>(k + NextText(random), Next(random, depth - 1)))]),
    };

    static PythonLiteral[] NextItems(Random random, int depth) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Next(random, depth - 1))];

    static string NextText(Random random) => string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));

    static byte[] NextBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(8)];
        random.NextBytes(bytes);
        return bytes;
    }

    static double NextDouble(Random random)
    {
        double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return random.Next(2) == 0 ? random.Next(-1000, 1000) / 8.0 : double.IsFinite(value) ? value : -0.0;
    }

    [Fact]
    public void They_are_read_back_the_same()
    {
        foreach (PythonLiteral literal in Literals(1))
        {
            string text = literal.ToString();
            if (!PythonLiteral.Parse(text).Equals(literal)) Assert.Fail(text);
        }
    }

    [PythonFact]
    public async Task CPython_evaluates_them_and_prints_them_alike()
    {
        string[] written = [.. Literals(1).Select(l => l.ToString())];
        string[] printed = await Python.RunAsync("""
            import ast, sys
            sys.stdin.reconfigure(encoding='utf-8', newline='\n')
            sys.stdout.reconfigure(encoding='utf-8', newline='\n')
            for line in sys.stdin:
                print(repr(ast.literal_eval(line)))
            """, written);
        Assert.Equal(written.Length, printed.Length);
        Assert.Empty(written.Zip(printed).Where(p => p.First != p.Second).Take(5));
    }
}
