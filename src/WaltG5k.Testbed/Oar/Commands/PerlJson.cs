using System.Collections;
using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>JSON as OAR prints it: three blanks of indentation, blanks around the colon, keys in another order at every call.</summary>
static class PerlJson
{
    /// <param name="value">Dictionaries by text, sequences, texts, integers and null.</param>
    public static string Write(object? value, Random random)
    {
        var text = new StringBuilder();
        Write(text, value, random, 0);
        return text.ToString();
    }

    /// <summary>An object piece by piece, for one that is too large to be kept as a text.</summary>
    public static IEnumerable<string> WriteObject(KeyValuePair<string, object?>[] members, Random random)
    {
        if (members.Length == 0)
        {
            yield return "{}";
            yield break;
        }
        random.Shuffle(members);
        yield return "{";
        for (int i = 0; i < members.Length; i++)
        {
            var text = new StringBuilder("   ");
            WriteString(text, members[i].Key);
            text.Append(" : ");
            Write(text, members[i].Value, random, 1);
            if (i + 1 < members.Length) text.Append(',');
            yield return text.ToString();
        }
        yield return "}";
    }

    static void Write(StringBuilder text, object? value, Random random, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                WriteString(text, s);
                break;
            case IReadOnlyDictionary<string, object?> members:
                KeyValuePair<string, object?>[] shuffled = [.. members];
                random.Shuffle(shuffled);
                WriteItems(text, '{', '}', shuffled, depth, member =>
                {
                    WriteString(text, member.Key);
                    text.Append(" : ");
                    Write(text, member.Value, random, depth + 1);
                });
                break;
            case IEnumerable items:
                WriteItems(text, '[', ']', [.. items.Cast<object?>()], depth, item => Write(text, item, random, depth + 1));
                break;
            default:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    static void WriteItems<T>(StringBuilder text, char open, char close, T[] items, int depth, Action<T> write)
    {
        text.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n").Append(' ', 3 * (depth + 1));
            write(items[i]);
        }
        if (items.Length > 0) text.Append('\n').Append(' ', 3 * depth);
        text.Append(close);
    }

    static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append(@"\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\t': text.Append("\\t"); break;
                case '\r': text.Append("\\r"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }
        text.Append('"');
    }
}
