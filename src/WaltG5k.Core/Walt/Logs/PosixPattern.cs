using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt.Logs;

/// <summary>
/// POSIX extended regular expressions, which WalT applies to logs, as .NET's: what the server would not understand is refused before it is sent (it
/// closes the connection without a word), and lines that are filtered here are filtered as there.
/// </summary>
static class PosixPattern
{
    static readonly SearchValues<char> s_special = SearchValues.Create(".[]*+?{}()|^$\\");

    /// <param name="pattern">Found anywhere in a text, unless <c>^</c> and <c>$</c> say otherwise.</param>
    /// <exception cref="G5kException"><c>PatternInvalid</c>.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            throw new G5kException("PatternInvalid", ErrorKind.InvalidArgument,
                $"'{pattern}' is no regular expression as WalT takes them (POSIX extended): {e.Message}", pattern,
                "Write [0-9] for a digit, [[:space:]] for white space, \\. for a dot; there are no (?…) groups.", e);
        }
    }

    /// <summary>The text that alone matches, if the expression is such a one: <c>^platform\.nodes$</c>. It holds nothing special but dots.</summary>
    public static string? GetWholeText(string pattern)
    {
        if (pattern.Length < 3 || pattern[0] != '^' || pattern[^1] != '$') return null;
        string text = pattern[1..^1].Replace("\\.", "\0", StringComparison.Ordinal);
        return text.AsSpan().ContainsAny(s_special) ? null : text.Replace('\0', '.');
    }

    static string Translate(string pattern)
    {
        StringBuilder text = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    if (++i == pattern.Length) throw new FormatException("it ends with a backslash.");
                    AppendEscaped(text, pattern[i]);
                    break;
                case '[':
                    i = AppendBracket(text, pattern, i + 1);
                    break;
                case '(' when i + 1 < pattern.Length && pattern[i + 1] == '?':
                    throw new FormatException("it has a (?…) group.");
                case '$':
                    text.Append("\\z");     // lines have no end of line within, and none is skipped
                    break;
                default:
                    text.Append(pattern[i]);
                    break;
            }
        }
        return text.ToString();
    }

    static void AppendEscaped(StringBuilder text, char escaped)
    {
        if (escaped is '<' or '>') text.Append("\\b");
        else if (escaped is 'w' or 'W' or 's' or 'S' or 'b' or 'B') text.Append('\\').Append(escaped);
        else if (char.IsAsciiLetterOrDigit(escaped)) throw new FormatException($"\\{escaped} means nothing there.");
        else text.Append(Regex.Escape(escaped.ToString()));
    }

    /// <summary>A bracket expression, from behind its <c>[</c>; gives the place of its <c>]</c>.</summary>
    static int AppendBracket(StringBuilder text, string pattern, int i)
    {
        text.Append('[');
        if (i < pattern.Length && pattern[i] == '^') text.Append(pattern[i++]);
        for (int first = i; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == ']' && i > first)
            {
                text.Append(']');
                return i;
            }
            if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] is ':' or '.' or '=')
            {
                int end = pattern.IndexOf(pattern[i + 1] + "]", i + 2, StringComparison.Ordinal);
                if (end < 0) throw new FormatException("a character class has no end.");
                text.Append(GetClass(pattern[i..(end + 2)]));
                i = end + 1;
            }
            else if (c == '-' && i > first && i + 1 < pattern.Length && pattern[i + 1] != ']') text.Append('-');
            else text.Append(c is '\\' or '[' or ']' or '^' or '-' ? "\\" + c : c.ToString());
        }
        throw new FormatException("a [ has no ].");
    }

    static string GetClass(string name) => name switch
    {
        "[:alpha:]" => "a-zA-Z",
        "[:digit:]" => "0-9",
        "[:alnum:]" => "a-zA-Z0-9",
        "[:upper:]" => "A-Z",
        "[:lower:]" => "a-z",
        "[:space:]" => "\\t-\\r ",
        "[:blank:]" => "\\t ",
        "[:punct:]" => "!-/:-@\\[-`{-~",
        "[:xdigit:]" => "0-9a-fA-F",
        "[:cntrl:]" => "\\x00-\\x1f\\x7f",
        "[:print:]" => " -~",
        "[:graph:]" => "!-~",
        _ => throw new FormatException($"{name} is no character class."),
    };
}
