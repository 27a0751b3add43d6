using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Tests.Walt;

public class PythonLiteralProperties
{
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static readonly Gen<string> s_text = Gen.OneOf(
        Gen.Elements('a', '\'', '"', '\\', '\n', '\r', '\t', '\0', '\x1f', '\x7f', 'é', '\u00a0', '\u2028', '\ud800', '\udc00', '\ufeff', '中')
        .ArrayOf(),
        Gen.Choose(0, 0xffff).Select(c => (char)c).ArrayOf()).Select(c => new string(c));

    static readonly Gen<PythonLiteral> s_scalar = Gen.OneOf<PythonLiteral>(
        Gen.Elements(PythonLiteral.None, PythonLiteral.True, PythonLiteral.False),
        s_text.Select(t => (PythonLiteral)new PythonString(t)),
        ArbMap.Default.GeneratorFor<byte[]>().Select(b => (PythonLiteral)new PythonBytes(b)),
        ArbMap.Default.GeneratorFor<BigInteger>().Select(i => (PythonLiteral)new PythonInteger(i)),
        ArbMap.Default.GeneratorFor<long>().Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite)
        .Select(d => (PythonLiteral)new PythonFloat(d)),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(d => (PythonLiteral)new PythonFloat(d.Get)));

    internal static Gen<PythonLiteral> Literals { get; } = Gen.Sized(size => Nested(Math.Min(size, 4)));

    static Gen<PythonLiteral> Nested(int depth) => depth == 0 ? s_scalar : Gen.OneOf(
        s_scalar,
        Nested(depth - 1).ArrayOf(3).Select(i => (PythonLiteral)new PythonTuple(i)),
        Nested(depth - 1).ArrayOf(1).Select(i => (PythonLiteral)new PythonTuple(i)),
        Nested(depth - 1).ArrayOf(2).Select(i => (PythonLiteral)new PythonList(i)),
        s_text.Zip(Nested(depth - 1)).ArrayOf(2)
        .Select(e => (PythonLiteral)new PythonDict(
        [.. e.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create<PythonLiteral, PythonLiteral>(p.Item1, p.Item2))])));

    [Fact]
    public void What_is_written_is_read_back_the_same()
        => Prop.ForAll(Literals.ToArbitrary(), literal => PythonLiteral.Parse(literal.ToString()).Equals(literal)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_written_literal_is_one_line_of_valid_text()
        => Prop.ForAll(Literals.ToArbitrary(), literal =>
        {
            string text = literal.ToString();
            return !text.AsSpan().ContainsAny('\n', '\r') && s_utf8.GetString(s_utf8.GetBytes(text)) == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reading_anything_ends_in_a_value_or_in_a_position()
        => Prop.ForAll(s_text.ToArbitrary(), text =>
        {
            try
            {
                PythonLiteral.Parse(text);
                return true;
            }
            catch (PythonLiteralException e)
            {
                return e.Position >= 0 && e.Position <= text.Length;
            }
        }).QuickCheckThrowOnFailure();
}
