using System.Globalization;
using System.Text;
using WaltG5k.Automation;

namespace WaltG5k.Host.Language;

/// <summary>Strings, numbers, bare words and the three constants.</summary>
sealed class Literals(Reader input)
{
    /// <summary>Between apostrophes everything is itself; two apostrophes are one.</summary>
    public string ReadSingleQuoted()
    {
        int start = input.Position;
        input.Next();
        var text = new StringBuilder();
        while (true)
        {
            if (input.AtEnd) throw input.Error("The string is missing the terminator: '.", start);
            char c = input.Next();
            if (c == '\'' && !input.Take('\'')) return text.ToString();
            text.Append(c);
        }
    }

    /// <summary>Backquote escapes as in PowerShell, but nothing is expanded: a variable in there is refused.</summary>
    public string ReadDoubleQuoted()
    {
        int start = input.Position;
        input.Next();
        var text = new StringBuilder();
        while (true)
        {
            if (input.AtEnd) throw input.Error("The string is missing the terminator: \".", start);
            if (input.Current == '$' && (char.IsLetterOrDigit(input.Peek(1)) || input.Peek(1) is '_' or '(' or '{'))
                throw input.Error("Nothing is expanded in strings here: use apostrophes, or write `$ for a dollar sign.");
            char c = input.Next();
            if (c == '"' && !input.Take('"')) return text.ToString();
            text.Append(c == '`' && !input.AtEnd ? Escaped(input.Next()) : c);
        }
    }

    /// <summary>$true, $false or $null.</summary>
    public object? ReadConstant()
    {
        int start = input.Position;
        string word = ReadWord();
        return word.ToUpperInvariant() switch
        {
            "$TRUE" => true,
            "$FALSE" => false,
            "$NULL" => null,
            _ => throw input.Error($"{word} is not known: the host's language has no variables, only $true, $false and $null.", start),
        };
    }

    /// <summary>A number if the word is one, else the word as text.</summary>
    public object ReadBare()
    {
        int start = input.Position;
        string word = ReadWord();
        return input.Since(start).AsSpan().ContainsAny('\'', '"', '`') || ToNumber(word) is not { } number
            ? word
            : EngineObjects.NewLiteral(number, word);
    }

    /// <summary>A hashtable key: a word that ends at the equals sign.</summary>
    public object ReadKey()
    {
        int start = input.Position;
        while (!input.AtEnd && !char.IsWhiteSpace(input.Current) && input.Current is not ('=' or ';' or '}')) input.Next();
        string word = input.Since(start);
        return ToNumber(word) ?? (object)word;
    }

    /// <summary>Everything up to a blank or an operator; quoted parts belong to the word.</summary>
    public string ReadWord()
    {
        var text = new StringBuilder();
        while (!input.AtEnd && !char.IsWhiteSpace(input.Current)
            && input.Current is not ('|' or ';' or ',' or ')' or '}' or '(' or '{' or '&' or '<' or '>'))
        {
            if (input.Current == '\'' && text.Length > 0) text.Append(ReadSingleQuoted());
            else if (input.Current == '"' && text.Length > 0) text.Append(ReadDoubleQuoted());
            else if (input.Current == '`' && input.Peek(1) is not ('\r' or '\n')) { input.Next(); text.Append(Escaped(input.Next())); }
            else if (input.Current == '`') break;
            else text.Append(input.Next());
        }
        return text.ToString();
    }

    static object? ToNumber(string word)
    {
        if (word.Length == 0 || !(char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.')) return null;
        (long unit, string digits) = Unit(word);
        if (!TryWhole(digits, out long whole))
            return char.IsAsciiDigit(digits[^1]) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
                ? real * unit
                : null;
        Int128 product = (Int128)whole * unit;
        if (product != (long)product) return (double)whole * unit;
        long wide = (long)product;
        int narrow = (int)wide;
        return narrow == wide ? narrow : (object)wide;
    }

    static bool TryWhole(string digits, out long value) =>
        digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    static (long Unit, string Digits) Unit(string word)
    {
        if (word.Length < 3 || char.ToUpperInvariant(word[^1]) != 'B' || word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return (1, word);
        int power = "KMGTP".IndexOf(char.ToUpperInvariant(word[^2]), StringComparison.Ordinal) + 1;
        return power == 0 ? (1, word) : (1L << (10 * power), word[..^2]);
    }

    static char Escaped(char c) => c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', 'e' => '\u001b', 'a' => '\a', 'b' => '\b',
        'f' => '\f', 'v' => '\v', _ => c };
}
