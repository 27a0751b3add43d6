using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// Reads a Python literal: tuples become arrays, lists <see cref="List{T}"/>, dicts <see cref="Dictionary{TKey,TValue}"/> with string keys, numbers
/// <see cref="long"/>, where they are larger <see cref="System.Numerics.BigInteger"/>, or <see cref="double"/>, bytes arrays of byte. Anything else
/// is a <see cref="FormatException"/>.
/// </summary>
internal sealed class PythonReader
{
    const int DepthLimit = 64;

    readonly string _text;
    int _position;
    int _depth;

    PythonReader(string text) => _text = text;

    public static object? Read(string text)
    {
        PythonReader reader = new(text);
        object? value = reader.ReadValue();
        reader.SkipBlanks();
        return reader._position == text.Length ? value : throw reader.Unexpected();
    }

    object? ReadValue()
    {
        if (++_depth > DepthLimit) throw new FormatException("nested too deeply");
        SkipBlanks();
        object? value = Peek() switch
        {
            '(' => ReadTuple(),
            '[' => ReadItems('[', ']').Items,
            '{' => ReadDictionary(),
            '\'' or '"' => ReadString(),
            'b' when _position + 1 < _text.Length && _text[_position + 1] is '\'' or '"' => ReadBytes(),
            'T' => ReadWord("True", true),
            'F' => ReadWord("False", false),
            'N' => ReadWord("None", null),
            _ => ReadNumber(),
        };
        _depth--;
        return value;
    }

    object? ReadTuple()
    {
        (List<object?> items, bool hasComma) = ReadItems('(', ')');
        // A single value in parentheses is that value.
        return items.Count == 1 && !hasComma ? items[0] : items.ToArray();
    }

    (List<object?> Items, bool HasComma) ReadItems(char open, char close)
    {
        Expect(open);
        List<object?> items = [];
        bool hasComma = false;
        while (!TryTake(close))
        {
            if (items.Count > 0 && !hasComma) throw Unexpected();
            items.Add(ReadValue());
            hasComma = TryTake(',');
        }
        return (items, hasComma);
    }

    Dictionary<string, object?> ReadDictionary()
    {
        Expect('{');
        Dictionary<string, object?> items = new(StringComparer.Ordinal);
        bool hasComma = true;
        while (!TryTake('}'))
        {
            if (!hasComma) throw Unexpected();
            string key = ReadValue() as string ?? throw Unexpected();
            Expect(':');
            items[key] = ReadValue();
            hasComma = TryTake(',');
        }
        return items;
    }

    byte[] ReadBytes()
    {
        _position++;
        return Encoding.Latin1.GetBytes(ReadString());
    }

    string ReadString()
    {
        char quote = _text[_position++];
        StringBuilder value = new();
        while (true)
        {
            char c = Next();
            if (c == quote) return value.ToString();
            if (c != '\\') value.Append(c);
            else AppendEscaped(value);
        }
    }

    void AppendEscaped(StringBuilder value)
    {
        char c = Next();
        switch (c)
        {
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case '\\' or '\'' or '"': value.Append(c); break;
            case 'x': value.Append((char)ReadHex(2)); break;
            case 'u': value.Append((char)ReadHex(4)); break;
            case 'U': value.Append(Rune.TryCreate(ReadHex(8), out Rune rune) ? rune.ToString() : throw Unexpected()); break;
            // Python keeps the backslash of an escape that it does not know.
            default: value.Append('\\').Append(c); break;
        }
    }

    int ReadHex(int digits)
    {
        if (_position + digits > _text.Length) throw Unexpected();
        ReadOnlySpan<char> hex = _text.AsSpan(_position, digits);
        _position += digits;
        return int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ? value : throw Unexpected();
    }

    object ReadNumber()
    {
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiDigit(_text[_position]) || _text[_position] is '+' or '-' or '.' or 'e' or 'E')) _position++;
        ReadOnlySpan<char> digits = _text.AsSpan(start, _position - start);
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return whole;
        if (System.Numerics.BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out System.Numerics.BigInteger large)) return large;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Unexpected();
    }

    object? ReadWord(string word, object? value)
    {
        if (string.CompareOrdinal(_text, _position, word, 0, word.Length) != 0) throw Unexpected();
        _position += word.Length;
        return value;
    }

    bool TryTake(char c)
    {
        SkipBlanks();
        if (Peek() != c) return false;
        _position++;
        return true;
    }

    void Expect(char c)
    {
        if (!TryTake(c)) throw Unexpected();
    }

    char Peek() => _position < _text.Length ? _text[_position] : '\0';

    char Next() => _position < _text.Length ? _text[_position++] : throw Unexpected();

    void SkipBlanks()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t') _position++;
    }

    FormatException Unexpected() => new(string.Create(CultureInfo.InvariantCulture, $"no Python literal at {_position}"));
}
