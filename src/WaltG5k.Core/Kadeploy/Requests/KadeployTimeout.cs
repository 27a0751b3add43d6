using System.Globalization;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// The time that a reboot may take, as Kadeploy takes it: an expression of <c>n</c>, the number of nodes, in seconds. Numbers, <c>n</c>, + - * / **,
/// brackets, and Ruby's <c>Math.log</c>, <c>Math.log2</c>, <c>Math.log10</c> and <c>Math.sqrt</c>.
/// </summary>
public sealed class KadeployTimeout
{
    readonly string _text;
    int _position;
    double _n;

    KadeployTimeout(string text) => _text = text;

    /// <exception cref="G5kException"><c>InvalidKadeployTimeout</c>.</exception>
    public static KadeployTimeout Parse(string text)
    {
        var timeout = new KadeployTimeout(text);
        double seconds = timeout.Compute(1);
        return double.IsFinite(seconds) && seconds >= 0 ? timeout : throw timeout.Invalid("it is no time for one node");
    }

    public static KadeployTimeout FromSeconds(int seconds) => Parse(seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>The time for that many nodes.</summary>
    /// <exception cref="G5kException"><c>InvalidKadeployTimeout</c>: it is no time for so many.</exception>
    public TimeSpan For(int nodes)
    {
        double seconds = Compute(nodes);
        return double.IsFinite(seconds) && seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds)
            : throw Invalid(string.Create(CultureInfo.InvariantCulture, $"it is no time for {nodes} nodes"));
    }

    public override string ToString() => _text;

    double Compute(int nodes)
    {
        (_position, _n) = (0, nodes);
        double value = ReadSum();
        return Peek() == '\0' ? value : throw Invalid($"unexpected '{Peek()}'");
    }

    double ReadSum()
    {
        double value = ReadProduct();
        while (true)
        {
            if (TryTake("+")) value += ReadProduct();
            else if (TryTake("-")) value -= ReadProduct();
            else return value;
        }
    }

    double ReadProduct()
    {
        double value = ReadPower();
        while (true)
        {
            if (TryTake("*")) value *= ReadPower();
            else if (TryTake("/")) value /= ReadPower();
            else return value;
        }
    }

    double ReadPower()
    {
        double value = ReadAtom();
        return TryTake("**") ? Math.Pow(value, ReadPower()) : value;
    }

    double ReadAtom()
    {
        if (TryTake("-")) return -ReadAtom();
        if (TryTake("Math.log10")) return Math.Log10(ReadBracket());
        if (TryTake("Math.log2")) return Math.Log2(ReadBracket());
        if (TryTake("Math.log")) return Math.Log(ReadBracket());
        if (TryTake("Math.sqrt")) return Math.Sqrt(ReadBracket());
        if (Peek() == '(') return ReadBracket();
        if (TryTake("n")) return _n;
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiDigit(_text[_position]) || _text[_position] == '.')) _position++;
        return double.TryParse(_text.AsSpan(start, _position - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out double number)
            ? number : throw Invalid(_position < _text.Length ? $"unexpected '{_text[_position]}'" : "it ends too early");
    }

    double ReadBracket()
    {
        if (!TryTake("(")) throw Invalid("'(' is missing");
        double value = ReadSum();
        return TryTake(")") ? value : throw Invalid("')' is missing");
    }

    bool TryTake(string word)
    {
        if (Peek() == '\0' || !_text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal)) return false;
        // One star multiplies, two of them raise to a power.
        if (word == "*" && _text.AsSpan(_position).StartsWith("**", StringComparison.Ordinal)) return false;
        _position += word.Length;
        return true;
    }

    char Peek()
    {
        while (_position < _text.Length && _text[_position] == ' ') _position++;
        return _position < _text.Length ? _text[_position] : '\0';
    }

    G5kException Invalid(string why) => new("InvalidKadeployTimeout", ErrorKind.InvalidArgument, $"The reboot time '{_text}' cannot be used: {why}.",
        _text,
        "Write seconds, or an expression of n, the number of nodes: 300, n*8+150, Math.log2(n)*40+200.");
}
