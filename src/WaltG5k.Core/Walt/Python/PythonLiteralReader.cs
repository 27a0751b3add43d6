using System.Globalization;
using System.Numerics;
using System.Text;

namespace WaltG5k.Core.Walt.Python;

/// <summary>
/// Reads Python literals: what <c>repr</c> prints of tuples, lists, dicts, None, booleans, numbers, strings and bytes, and nothing that would have to
/// be evaluated.
/// </summary>
sealed class PythonLiteralReader(string text)
{
    /// <summary>Deeper nesting is refused: a hostile line must not exhaust the stack.</summary>
    const int MaximumDepth = 200;

    int _position;
    int _depth;

    public PythonLiteral ReadAll()
    {
        PythonLiteral value = ReadValue();
        SkipBlanks();
        return _position == text.Length ? value : throw Unexpected("the end of the text");
    }

    char Current => _position < text.Length ? text[_position] : '\0';

    bool Take(char c)
    {
        SkipBlanks();
        if (_position >= text.Length || text[_position] != c) return false;
        _position++;
        return true;
    }

    void SkipBlanks()
    {
        while (_position < text.Length && text[_position] is ' ' or '\t' or '\r' or '\n') _position++;
    }

    PythonLiteralException Unexpected(string wanted) =>
        new(_position < text.Length ? $"Expected {wanted}, found '{text[_position]}'" : $"Expected {wanted}, found the end of the text", _position);

    PythonLiteral ReadValue()
    {
        SkipBlanks();
        if (++_depth > MaximumDepth) throw new PythonLiteralException($"More than {MaximumDepth} levels", _position);
        PythonLiteral value = Current switch
        {
            '(' => ReadTuple(),
            '[' => ReadList(),
            '{' => ReadDict(),
            '\'' or '"' => new PythonString(ReadQuoted(bytes: false)),
            'b' or 'B' when _position + 1 < text.Length && text[_position + 1] is '\'' or '"' => ReadBytes(),
            '-' or '+' or '.' or (>= '0' and <= '9') => ReadNumber(),
            _ => ReadWord(),
        };
        _depth--;
        return value;
    }

    PythonLiteral ReadTuple()
    {
        _position++;
        List<PythonLiteral> items = [];
        bool comma = false;
        while (!Take(')'))
        {
            if (items.Count > 0 && !comma) throw Unexpected("',' or ')'");
            items.Add(ReadValue());
            comma = Take(',');
        }
        return items.Count == 1 && !comma ? items[0] : new PythonTuple(items);
    }

    PythonList ReadList()
    {
        _position++;
        List<PythonLiteral> items = [];
        bool comma = true;
        while (!Take(']'))
        {
            if (!comma) throw Unexpected("',' or ']'");
            items.Add(ReadValue());
            comma = Take(',');
        }
        return new PythonList(items);
    }

    PythonDict ReadDict()
    {
        _position++;
        List<KeyValuePair<PythonLiteral, PythonLiteral>> entries = [];
        bool comma = true;
        while (!Take('}'))
        {
            if (!comma) throw Unexpected("',' or '}'");
            PythonLiteral key = ReadValue();
            if (!Take(':')) throw Unexpected("':'");
            entries.Add(new(key, ReadValue()));
            comma = Take(',');
        }
        return new PythonDict(entries);
    }

    PythonLiteral ReadWord()
    {
        (string, PythonLiteral)[] words = [("None", PythonLiteral.None), ("True", PythonLiteral.True), ("False", PythonLiteral.False)];
        foreach ((string word, PythonLiteral value) in words)
        {
            int end = _position + word.Length;
            if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0) continue;
            if (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')) continue;
            _position = end;
            return value;
        }
        throw Unexpected("a literal");
    }

    PythonLiteral ReadNumber()
    {
        int start = _position;
        if (Current is '-' or '+') _position++;
        int digits = SkipDigits();
        bool isFloat = false;
        if (Current == '.')
        {
            isFloat = true;
            _position++;
            digits += SkipDigits();
        }
        if (digits == 0) throw Unexpected("a digit");
        if (Current is 'e' or 'E')
        {
            isFloat = true;
            _position++;
            if (Current is '-' or '+') _position++;
            if (SkipDigits() == 0) throw Unexpected("a digit");
        }
        if (char.IsLetterOrDigit(Current) || Current == '_') throw Unexpected("the end of the number");
        ReadOnlySpan<char> number = text.AsSpan(start, _position - start);
        return isFloat
            ? new PythonFloat(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture))
            : new PythonInteger(BigInteger.Parse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    int SkipDigits()
    {
        int start = _position;
        while (char.IsAsciiDigit(Current)) _position++;
        return _position - start;
    }

    PythonBytes ReadBytes()
    {
        _position++;
        return new PythonBytes(Encoding.Latin1.GetBytes(ReadQuoted(bytes: true)));
    }

    /// <summary>The text between quotes; of bytes, each character is one byte.</summary>
    string ReadQuoted(bool bytes)
    {
        char quote = text[_position++];
        StringBuilder value = new();
        while (true)
        {
            if (_position >= text.Length || text[_position] is '\n' or '\r') throw Unexpected($"a closing {quote}");
            char c = text[_position];
            if (bytes && c >= 0x80) throw Unexpected("an ASCII character");
            _position++;
            if (c == quote) return value.ToString();
            if (c == '\\') ReadEscape(value, bytes);
            else value.Append(c);
        }
    }

    void ReadEscape(StringBuilder value, bool bytes)
    {
        if (_position >= text.Length) throw Unexpected("an escaped character");
        char c = text[_position++];
        switch (c)
        {
            case '\n': break;
            case '\\' or '\'' or '"': value.Append(c); break;
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case 'v': value.Append('\v'); break;
            case 'x': value.Append((char)ReadHex(2)); break;
            case 'u' when !bytes: value.Append((char)ReadHex(4)); break;
            case 'U' when !bytes: AppendCodePoint(value, ReadHex(8)); break;
            case 'N' when !bytes: throw new PythonLiteralException("Escapes by Unicode name are not literals of repr", _position - 1);
            case >= '0' and <= '7': ReadOctal(value, c, bytes); break;
            default: value.Append('\\').Append(c); break;      // Python keeps the backslash of an escape that it does not know
        }
    }

    uint ReadHex(int length)
    {
        uint code = 0;
        for (int i = 0; i < length; i++, _position++)
        {
            if (!char.IsAsciiHexDigit(Current)) throw Unexpected("a hexadecimal digit");
            code = code * 16 + (uint)Convert.ToInt32(Current.ToString(), 16);
        }
        return code;
    }

    void AppendCodePoint(StringBuilder value, uint code)
    {
        if (code > 0x10ffff) throw new PythonLiteralException("No character has this code", _position - 8);
        if (code < 0x10000) value.Append((char)code);
        else value.Append(char.ConvertFromUtf32((int)code));
    }

    void ReadOctal(StringBuilder value, char first, bool bytes)
    {
        int code = first - '0';
        for (int i = 0; i < 2 && Current is >= '0' and <= '7'; i++) code = code * 8 + (text[_position++] - '0');
        value.Append((char)(bytes ? code & 0xff : code));
    }
}
