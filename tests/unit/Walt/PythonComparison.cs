using System.Globalization;
using FsCheck.Fluent;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Tests.Walt;

/// <summary>The real <c>ast.literal_eval</c> and <c>repr</c> have the last word.</summary>
public class PythonComparison
{
    // Prints repr(literal_eval(line)) of each line; a question mark where a character is newer than this Python's Unicode.
    const string Script = """
        import ast, sys, unicodedata
        sys.stdin.reconfigure(encoding='utf-8', newline='\n')
        sys.stdout.reconfigure(encoding='utf-8', newline='\n')
        for line in sys.stdin:
            text = repr(ast.literal_eval(line))
            print('?' if any(unicodedata.category(c) == 'Cn' for c in line) else text)
        """;

    static Task<string[]> EvaluateAsync(IEnumerable<string> lines) => Python.RunAsync(Script, lines);

    [PythonFact]
    public async Task Python_reads_what_is_written_and_prints_it_alike()
    {
        string[] written = [.. PythonLiteralProperties.Literals.Sample(400).Select(l => l.ToString())];
        await CompareAsync(written);
    }

    [PythonFact]
    public async Task Every_character_of_the_basic_plane_is_escaped_as_Python_does()
        => await CompareAsync([.. Enumerable.Range(0, 0x10000).Select(c => new PythonString(((char)c).ToString()).ToString())]);

    [PythonFact]
    public async Task Numbers_are_printed_alike()
    {
        double[] numbers = [0, 1, -1.5, 1e15, 1e16, 123456789012345680, 9.999e22, 1e23, 1e-4, 9.99e-5, 1e-5, 0.1 + 0.2, 1e100, double.MaxValue,
            double.Epsilon, Math.PI, 100, 1e22, 4.35];
        string[] expected = await EvaluateAsync(numbers.Select(n => n.ToString("E17", CultureInfo.InvariantCulture)));
        Assert.Equal(expected, numbers.Select(n => new PythonFloat(n).ToString()));
    }

    static async Task CompareAsync(string[] written)
    {
        string[] printed = await EvaluateAsync(written);
        Assert.Equal(written.Length, printed.Length);
        Assert.Empty(written.Zip(printed).Where(p => p.Second != "?" && p.First != p.Second).Take(5));
        Assert.True(printed.Count(p => p == "?") < written.Length / 2);
    }
}
