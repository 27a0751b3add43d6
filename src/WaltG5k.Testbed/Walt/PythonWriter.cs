using System.Collections;
using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// Writes values as Python's <c>repr</c> does: arrays are tuples, lists are lists, string dictionaries are dicts.
/// </summary>
internal static class PythonWriter
{
    public static string Write(object? value)
    {
        StringBuilder text = new();
        Append(text, value);
        return text.ToString();
    }

    static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case int or long or System.Numerics.BigInteger: text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)); break;
            case double number: AppendFloat(text, number); break;
            case string s: AppendString(text, s); break;
            case object?[] tuple: AppendSequence(text, '(', tuple, tuple.Length == 1 ? ",)" : ")"); break;
            case IDictionary dictionary: AppendDictionary(text, dictionary); break;
            case IList list: AppendSequence(text, '[', list, "]"); break;
            default: throw new ArgumentException($"No Python literal for {value.GetType().Name}.", nameof(value));
        }
    }

    static void AppendFloat(StringBuilder text, double number)
    {
        string digits = number.ToString("R", CultureInfo.InvariantCulture);
        text.Append(digits);
        if (digits.AsSpan().IndexOfAny('.', 'E', 'N') < 0) text.Append(".0");
    }

    static void AppendSequence(StringBuilder text, char open, IEnumerable items, string close)
    {
        text.Append(open);
        bool isFirst = true;
        foreach (object? item in items)
        {
            if (!isFirst) text.Append(", ");
            isFirst = false;
            Append(text, item);
        }
        text.Append(close);
    }

    static void AppendDictionary(StringBuilder text, IDictionary dictionary)
    {
        text.Append('{');
        bool isFirst = true;
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!isFirst) text.Append(", ");
            isFirst = false;
            Append(text, entry.Key);
            text.Append(": ");
            Append(text, entry.Value);
        }
        text.Append('}');
    }

    static void AppendString(StringBuilder text, string s)
    {
        char quote = s.Contains('\'', StringComparison.Ordinal) && !s.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (Rune rune in s.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\\': text.Append(@"\\"); break;
                case int c when c == quote: text.Append('\\').Append(quote); break;
                case < 0x20 or 0x7f: text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
                default: text.Append(rune); break;
            }
        }
        text.Append(quote);
    }
}
