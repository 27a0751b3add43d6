using System.Globalization;
using System.Text;

namespace WaltG5k.Core.Walt.Python;

/// <summary>
/// Writes literals exactly as Python's <c>repr</c>. The WalT server evaluates what it receives, so nothing that is not a literal may pass here:
/// every text is quoted and escaped.
/// </summary>
static class PythonLiteralWriter
{
    public static string Write(PythonLiteral value)
    {
        StringBuilder text = new();
        Append(text, value);
        return text.ToString();
    }

    static void Append(StringBuilder text, PythonLiteral value)
    {
        switch (value)
        {
            case PythonNone: text.Append("None"); break;
            case PythonBoolean boolean: text.Append(boolean.Value ? "True" : "False"); break;
            case PythonInteger integer: text.Append(integer.Value.ToString(CultureInfo.InvariantCulture)); break;
            case PythonFloat number: AppendFloat(text, number.Value); break;
            case PythonString s: AppendString(text, s.Value); break;
            case PythonBytes bytes: AppendBytes(text, bytes.Value.Span); break;
            case PythonTuple { Items: [var only] }: AppendItems(text.Append('('), [only]).Append(",)"); break;
            case PythonTuple tuple: AppendItems(text.Append('('), tuple.Items).Append(')'); break;
            case PythonList list: AppendItems(text.Append('['), list.Items).Append(']'); break;
            case PythonDict dict: AppendEntries(text.Append('{'), dict.Entries).Append('}'); break;
            default: throw new ArgumentException($"{value.GetType().Name} has no literal.", nameof(value));
        }
    }

    static StringBuilder AppendItems(StringBuilder text, IReadOnlyList<PythonLiteral> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Append(text, items[i]);
        }
        return text;
    }

    static StringBuilder AppendEntries(StringBuilder text, IReadOnlyList<KeyValuePair<PythonLiteral, PythonLiteral>> entries)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Append(text, entries[i].Key);
            text.Append(": ");
            Append(text, entries[i].Value);
        }
        return text;
    }

    /// <summary>The shortest digits that read back as the same number; an exponent where it is below -4 or above 15.</summary>
    static void AppendFloat(StringBuilder text, double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"Python has no literal for {value}.", nameof(value));
        (string digits, int exponent) = Decompose(Math.Abs(value));
        if (double.IsNegative(value)) text.Append('-');
        if (exponent is < -4 or > 15)
        {
            text.Append(digits[0]);
            if (digits.Length > 1) text.Append('.').Append(digits.AsSpan(1));
            text.Append(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }
        else if (exponent < 0)
        {
            text.Append("0.").Append('0', -exponent - 1).Append(digits);
        }
        else
        {
            string padded = digits.PadRight(exponent + 2, '0');
            text.Append(padded.AsSpan(0, exponent + 1)).Append('.').Append(padded.AsSpan(exponent + 1));
        }
    }

    /// <summary>The shortest significant digits d₀d₁… and the exponent e of a number ≥ 0 that is d₀.d₁… × 10ᵉ.</summary>
    static (string Digits, int Exponent) Decompose(double value)
    {
        if (value == 0) return ("0", 0);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int end = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = end < 0 ? shortest : shortest[..end];
        int exponent = end < 0 ? 0 : int.Parse(shortest.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = all.TrimStart('0');
        return (significant.TrimEnd('0'), exponent + (point < 0 ? all.Length : point) - (all.Length - significant.Length) - 1);
    }

    static void AppendString(StringBuilder text, string value)
    {
        char quote = QuoteFor(value.Contains('\'', StringComparison.Ordinal), value.Contains('"', StringComparison.Ordinal));
        text.Append(quote);
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                int codePoint = char.ConvertToUtf32(c, value[++i]);
                if (IsPrintable(CharUnicodeInfo.GetUnicodeCategory(codePoint))) text.Append(c).Append(value[i]);
                else text.Append(CultureInfo.InvariantCulture, $"\\U{codePoint:x8}");
            }
            else if (c < 0x80) AppendAscii(text, c, quote);
            else if (IsPrintable(CharUnicodeInfo.GetUnicodeCategory(c))) text.Append(c);
            else if (c <= 0xff) text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        text.Append(quote);
    }

    static void AppendBytes(StringBuilder text, ReadOnlySpan<byte> value)
    {
        char quote = QuoteFor(value.Contains((byte)'\''), value.Contains((byte)'"'));
        text.Append('b').Append(quote);
        foreach (byte b in value) AppendAscii(text, (char)b, quote);
        text.Append(quote);
    }

    static char QuoteFor(bool hasSingle, bool hasDouble) => hasSingle && !hasDouble ? '"' : '\'';

    /// <summary>A character below 0x80, or a byte: what is no printable ASCII is escaped.</summary>
    static void AppendAscii(StringBuilder text, char c, char quote)
    {
        if (c == quote || c == '\\') text.Append('\\').Append(c);
        else if (c == '\n') text.Append("\\n");
        else if (c == '\r') text.Append("\\r");
        else if (c == '\t') text.Append("\\t");
        else if (c is < ' ' or >= '\x7f') text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        else text.Append(c);
    }

    /// <summary>Python's <c>str.isprintable</c> for what is not ASCII.</summary>
    static bool IsPrintable(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
