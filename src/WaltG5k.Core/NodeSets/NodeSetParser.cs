using System.Globalization;

namespace WaltG5k.Core.NodeSets;

/// <summary>
/// Reads <c>item, item …</c> where an item is made of plain text and of brackets with numbers and ranges. Brackets multiply:
/// <c>a[1-2]b[3-4]</c> has four names. A leading zero pads: <c>[08-10]</c> is 08, 09, 10.
/// </summary>
sealed class NodeSetParser(string text)
{
    /// <summary>Digits that a number may have: it always fits an int.</summary>
    internal const int MaximumDigits = 9;

    const int MaximumSize = NodeSet.MaximumSize;

    readonly List<string> _names = [];
    int _position;

    /// <summary>The names in the order of the text; one that is described twice comes twice.</summary>
    public IReadOnlyList<string> Read()
    {
        SkipBlanks();
        while (_position < text.Length)
        {
            ReadItem();
            SkipBlanks();
            if (_position == text.Length) break;
            if (text[_position] != ',') continue; // blanks separate items as well
            _position++;
            SkipBlanks();
            if (_position == text.Length) throw Error("a name is missing after the comma", _position);
        }
        return _names;
    }

    /// <summary>The name, when it is one.</summary>
    public static string CheckName(string name)
    {
        if (name.Length == 0) throw new FormatException("A node name is empty.");
        int length = CountPlain(name);
        return length == name.Length ? name : throw new FormatException(
            $"'{name}' is not the name of one node: unexpected character at position {length + 1}.");
    }

    void ReadItem()
    {
        int start = _position;
        List<string> names = [""];
        while (_position < text.Length && text[_position] != ',' && !char.IsWhiteSpace(text[_position]))
        {
            List<string> parts = text[_position] switch
            {
                '[' => ReadBracket(),
                ']' => throw Error("']' without '['", _position),
                _ => [ReadPlain()],
            };
            if ((long)names.Count * parts.Count + _names.Count > MaximumSize) throw TooMany(start);
            names = [.. from name in names from part in parts select name + part];
        }
        if (_position == start) throw Error("a name is missing", start);
        _names.AddRange(names);
        if (_names.Count > MaximumSize) throw TooMany(start);
    }

    string ReadPlain()
    {
        int length = CountPlain(text.AsSpan(_position));
        if (length == 0) throw Error("unexpected character", _position);
        string plain = text.Substring(_position, length);
        _position += length;
        return plain;
    }

    /// <summary>How many characters from the start on can be part of a name.</summary>
    static int CountPlain(ReadOnlySpan<char> characters)
    {
        int count = 0;
        while (count < characters.Length && characters[count] is not ('[' or ']' or ',') && !char.IsWhiteSpace(characters[count])
            && !char.IsControl(characters[count])) count++;
        return count;
    }

    List<string> ReadBracket()
    {
        int open = _position++;
        var numbers = new List<string>();
        while (true)
        {
            ReadRange(numbers, open);
            if (_position == text.Length) throw Error("'[' is never closed", open);
            char next = text[_position++];
            if (next == ']') return numbers;
            if (next != ',') throw Error($"unexpected '{next}' between brackets", _position - 1);
        }
    }

    void ReadRange(List<string> numbers, int open)
    {
        int start = _position;
        string first = ReadNumber(open), last = first;
        if (_position < text.Length && text[_position] == '-')
        {
            _position++;
            last = ReadNumber(open);
        }
        int from = int.Parse(first, CultureInfo.InvariantCulture), to = int.Parse(last, CultureInfo.InvariantCulture);
        if (to < from) throw Error($"the range {first}-{last} runs backwards", start);
        if ((long)to - from + 1 + numbers.Count > MaximumSize) throw TooMany(start);
        bool isPadded = first.Length > 1 && first[0] == '0';
        if (last.Length > 1 && last[0] == '0' && (!isPadded || last.Length != first.Length))
            throw Error($"the ends of {first}-{last} are padded differently", start);
        int width = isPadded ? first.Length : 0;
        for (int number = from; number <= to; number++) numbers.Add(Format(number, width));
    }

    string ReadNumber(int open)
    {
        int start = _position;
        while (_position < text.Length && char.IsAsciiDigit(text[_position])) _position++;
        if (_position - start > MaximumDigits) throw Error("the number is too large", start);
        if (_position > start) return text[start.._position];
        throw _position == text.Length ? Error("'[' is never closed", open) : Error("a number is missing", start);
    }

    internal static string Format(int number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');

    void SkipBlanks()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position])) _position++;
    }

    FormatException TooMany(int position) => Error($"more than {MaximumSize} names", position);

    FormatException Error(string what, int position) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The node set '{text}' cannot be read: {what} (position {position + 1})."));
}
