using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Testbed.Walt.Streams;

namespace WaltG5k.Tests.Walt;

/// <summary>Pickles off a stream, from writers that share nothing with their reader.</summary>
public sealed class PickleStreamReaderTests
{
    static async Task<List<PythonLiteral>> ReadAllAsync(byte[] bytes)
    {
        PickleStreamReader reader = new(new Crumbs(bytes));
        List<PythonLiteral> values = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } value) values.Add(value);
        return values;
    }

    [Fact]
    public async Task A_dict_is_read_as_the_emulated_server_writes_it()
    {
        byte[] pickle = PickledDict.Write([new("line", new string('é', 200)), new("timestamp", 1774342800.25)]);
        PythonLiteral[] expected = [PythonDict.Of(("line", new string('é', 200)), ("timestamp", 1774342800.25))];
        Assert.Equal([.. expected, .. expected], await ReadAllAsync([.. pickle, .. pickle]));
    }

    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(PythonLiteralProperties.Literals.ToArbitrary(), literal =>
    {
        PythonLiteral? read = new PickleStreamReader(new MemoryStream(PickleWriter.Write(literal))).ReadAsync(CancellationToken.None).AsTask()
            .GetAwaiter().GetResult();
        Assert.Equal(literal.ToString(), read?.ToString());
    }).QuickCheckThrowOnFailure();

    [PythonFact]
    public async Task What_CPython_pickles_is_read()
    {
        PythonLiteral[] literals = [.. PythonLiteralProperties.Literals.Sample(500, 4)];
        string script =
            "import sys, pickle, ast\nfor line in sys.stdin:\n    v = ast.literal_eval(bytes.fromhex(line.strip()).decode('utf-8', 'surrogatepass'))\n    for p in (3, 4, 5): print(pickle.dumps(v, p).hex())\n";
        string[] answers = await Python.RunAsync(script, literals.Select(l => Convert.ToHexString(SurrogateUtf8.GetBytes(l.ToString()))));
        Assert.Equal(literals.Length * 3, answers.Length);
        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(literals[i / 3].ToString(), Assert.Single(await ReadAllAsync(Convert.FromHexString(answers[i]))).ToString());
    }

    [Theory]
    [InlineData("47")]                                      // no header
    [InlineData("80068801")]                                // protocol 6
    [InlineData("8004636F730A73797374656D0A2E")]            // os.system
    [InlineData("80048C026F738C0673797374656D932E")]        // the same by STACK_GLOBAL
    [InlineData("8004292952" + "2E")]                       // REDUCE
    [InlineData("80048C016192")]                            // an opcode that is none of ours
    [InlineData("8004752E")]                                // a dict's end without its beginning
    [InlineData("800468052E")]                              // nothing was remembered there
    [InlineData("80048D00000000000000102E")]                // 2^60 bytes
    public async Task Anything_but_plain_values_is_refused(string hex) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAllAsync(Convert.FromHexString(hex)));

    [Fact]
    public async Task A_pickle_cut_short_is_an_end_of_the_stream()
    {
        byte[] pickle = PickledDict.Write([new("line", "hello")]);
        for (int length = 1; length < pickle.Length; length++) await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAllAsync(pickle[..length]));
    }

    /// <summary>Gives three bytes at a time.</summary>
    sealed class Crumbs(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(3, buffer.Length)], cancellationToken);
    }
}
