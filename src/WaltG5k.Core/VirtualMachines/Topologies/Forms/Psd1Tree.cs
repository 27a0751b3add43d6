using System.Globalization;
using System.Text;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>
/// Reads a data file of PowerShell (psd1) with the line of each value: hash tables, arrays, strings, numbers and their multipliers, <c>$true</c>,
/// <c>$false</c>, <c>$null</c>, comments. Nothing is ever run: whatever is no literal is a mistake of its line.
/// </summary>
sealed class Psd1Tree
{
    const int MaximumDepth = 32;
    readonly string _text;
    int _position;
    int _line = 1;
    int _depth;

    Psd1Tree(string text) => _text = text;

    /// <exception cref="DataSyntaxException"/>
    public static DataValue Read(string text)
    {
        var reader = new Psd1Tree(text);
        reader.SkipBlank(newLines: true);
        DataValue value = reader.ReadValue();
        reader.SkipBlank(newLines: true);
        if (reader._position < text.Length) throw reader.Wrong("The description ended before this.");
        return value;
    }

    char Current => _position < _text.Length ? _text[_position] : '\0';
    char Next => _position + 1 < _text.Length ? _text[_position + 1] : '\0';

    DataSyntaxException Wrong(string message) => new(_line, message);

    /// <summary>A value, or several with commas between them, which are a list.</summary>
    DataValue ReadValue()
    {
        int line = _line;
        DataValue first = ReadOne();
        SkipBlank(newLines: false);
        if (Current != ',') return first;
        var list = new DataList(line);
        list.Items.Add(first);
        while (Current == ',')
        {
            _position++;
            SkipBlank(newLines: true);
            list.Items.Add(ReadOne());
            SkipBlank(newLines: false);
        }
        return list;
    }

    DataValue ReadOne()
    {
        if (++_depth > MaximumDepth) throw Wrong("This is nested too deeply.");
        try
        {
            return Current switch
            {
                '@' when Next == '{' => ReadMap(),
                '@' when Next == '(' => ReadList(2),
                '(' => ReadList(1),
                '@' when Next is '\'' or '"' => ReadHereString(),
                var c when IsQuote(c) => ReadQuoted(),
                '$' => ReadVariable(),
                _ => ReadNumber(),
            };
        }
        finally { _depth--; }
    }

    DataScalar ReadQuoted()
    {
        int line = _line;
        return new DataScalar(line, ReadString());
    }

    DataMap ReadMap()
    {
        var map = new DataMap(_line);
        _position += 2;
        while (true)
        {
            SkipSeparators();
            if (Current == '}')
            {
                _position++;
                return map;
            }
            string key = IsQuote(Current) ? ReadString() : ReadWord();
            if (key.Length == 0) throw Wrong(Current == '\0' ? "A } is missing." : $"A key is expected here, not '{Current}'.");
            SkipBlank(newLines: true);
            if (Current != '=') throw Wrong($"An = is missing after {key}.");
            _position++;
            SkipBlank(newLines: true);
            map.Add(key, ReadValue());
        }
    }

    DataList ReadList(int opening)
    {
        var list = new DataList(_line);
        _position += opening;
        while (true)
        {
            SkipSeparators();
            if (Current == ')')
            {
                _position++;
                return list;
            }
            if (Current == '\0') throw Wrong("A ) is missing.");
            if (Current == ',') throw Wrong("A value is missing before this comma.");
            DataValue value = ReadValue();
            if (value is DataList several && opening == 2) list.Items.AddRange(several.Items);
            else list.Items.Add(value);
        }
    }

    /// <summary>PowerShell takes typographic quotation marks for the plain ones.</summary>
    public static bool IsSingleQuote(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B';

    static bool IsDoubleQuote(char c) => c is '"' or '\u201C' or '\u201D' or '\u201E';

    static bool IsQuote(char c) => IsSingleQuote(c) || IsDoubleQuote(c);

    string ReadString()
    {
        bool isDouble = IsDoubleQuote(Current);
        Func<char, bool> isEnd = isDouble ? IsDoubleQuote : IsSingleQuote;
        int line = _line;
        var text = new StringBuilder();
        for (_position++; _position < _text.Length; _position++)
        {
            char c = Current;
            if (isEnd(c))
            {
                _position++;
                if (!isEnd(Current)) return text.ToString();
                c = Current;
            }
            else if (isDouble && c == '`' && Next != '\0')
            {
                _position++;
                c = Current switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', var other => other };
            }
            else if (isDouble && c == '$' && (char.IsLetter(Next) || Next is '(' or '{' or '_'))
            {
                throw Wrong("A data file has no variables: use single quotes, or `$ for the sign itself.");
            }
            if (Current == '\n') _line++;
            text.Append(c);
        }
        throw new DataSyntaxException(line, "The string that begins here does not end.");
    }

    DataScalar ReadHereString()
    {
        int line = _line;
        char quote = Next;
        int start = _text.IndexOf('\n', _position);
        int end = _text.IndexOf($"\n{quote}@", _position, StringComparison.Ordinal);
        if (start < 0 || end < start) throw Wrong("The string that begins here does not end.");
        string body = end > start ? _text[(start + 1)..end].TrimEnd('\r') : "";
        _line += _text.AsSpan(_position, end + 1 - _position).Count('\n');
        _position = end + 3;
        return new DataScalar(line, body);
    }

    DataScalar ReadVariable()
    {
        int line = _line;
        _position++;
        return ReadWord().ToLowerInvariant() switch
        {
            "true" => new DataScalar(line, true),
            "false" => new DataScalar(line, false),
            "null" => new DataScalar(line, null),
            var name => throw Wrong($"A data file has no variables but $true, $false and $null: ${name}."),
        };
    }

    /// <summary>A number, perhaps with PowerShell's multiplier: <c>4GB</c>.</summary>
    DataScalar ReadNumber()
    {
        int start = _position;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '.' or '-' or '+' or '_') _position++;
        string word = _text[start.._position];
        if (word.Length == 0) throw Wrong(Current == '\0' ? "A value is missing at the end." : $"A value is expected here, not '{Current}'.");
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return new DataScalar(_line, number);
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
            return new DataScalar(_line, real);
        if (word.Length > 2 && Multiplier(word[^2..]) is > 0 and var factor
            && decimal.TryParse(word[..^2], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal count)
            && Math.Abs(count) < 1_000_000_000)
        {
            return new DataScalar(_line, new ByteCount(count * factor));
        }
        throw Wrong($"'{word}' is no value: text stands in quotes.");
    }

    static decimal Multiplier(string unit) => unit.ToUpperInvariant() switch
    {
        "KB" => 1L << 10, "MB" => 1L << 20, "GB" => 1L << 30, "TB" => 1L << 40, "PB" => 1L << 50, _ => 0,
    };

    string ReadWord()
    {
        int start = _position;
        while (char.IsLetterOrDigit(Current) || Current is '_' or '-') _position++;
        return _text[start.._position];
    }

    /// <summary>Between the entries of a table: blanks, ends of lines, semicolons.</summary>
    void SkipSeparators()
    {
        SkipBlank(newLines: true);
        while (Current == ';')
        {
            _position++;
            SkipBlank(newLines: true);
        }
    }

    void SkipBlank(bool newLines)
    {
        while (true)
        {
            switch (Current)
            {
                case ' ' or '\t' or '\r' or '\uFEFF': _position++; break;
                case '\n' when newLines: _line++; _position++; break;
                case '`' when Next is '\n' or '\r': _position++; newLines = true; break;
                case '#': SkipTo("\n", 0); break;
                case '<' when Next == '#': SkipTo("#>", 2); break;
                default: return;
            }
        }
    }

    void SkipTo(string end, int length)
    {
        int found = _text.IndexOf(end, _position, StringComparison.Ordinal);
        int next = found < 0 ? _text.Length : found + length;
        _line += _text.AsSpan(_position, next - _position).Count('\n');
        _position = next;
    }
}
