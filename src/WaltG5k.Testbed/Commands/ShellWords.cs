using System.Text;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.Commands;

/// <summary>What a shell does to a line before it cuts it into words: variables and commands in it are replaced by what they stand for.</summary>
internal static class ShellWords
{
    const string Special = " \t;&|<>()'\"\\$`#*?";

    /// <param name="getVariable">The value of a variable; null stands for nothing.</param>
    /// <param name="runAsync">The output of a command.</param>
    /// <exception cref="FormatException">A parenthesis is not closed; the message is bash's.</exception>
    public static async Task<string> ExpandAsync(string text, Func<string, string?> getVariable, Func<string, Task<string>> runAsync)
    {
        var result = new StringBuilder();
        bool inDouble = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && i + 1 < text.Length) result.Append(c).Append(text[++i]);
            else if (c == '\'' && !inDouble)
            {
                int end = text.IndexOf('\'', i + 1);
                if (end < 0) end = text.Length - 1;
                result.Append(text, i, end - i + 1);
                i = end;
            }
            else if (c == '"')
            {
                inDouble = !inDouble;
                result.Append(c);
            }
            else if (c != '$' || i + 1 >= text.Length) result.Append(c);
            else if (text[i + 1] == '(')
            {
                int end = FindClosing(text, i + 1);
                result.Append(Protect((await runAsync(text[(i + 2)..end]).ConfigureAwait(false)).TrimEnd('\n'), inDouble));
                i = end;
            }
            else if (TakeName(text, i + 1, out int after) is { } name)
            {
                result.Append(Protect(getVariable(name) ?? "", inDouble));
                i = after - 1;
            }
            else result.Append(c);
        }
        return result.ToString();
    }

    /// <summary>
    /// Cuts a line at <c>;</c>, <c>&amp;&amp;</c> and <c>||</c> outside of quotes and of <c>$(…)</c>: what comes later is expanded later.
    /// </summary>
    public static IEnumerable<(ShellJoin Join, string Text)> Split(string line)
    {
        int start = 0, depth = 0;
        char quote = '\0';
        var join = ShellJoin.Always;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\\' && quote != '\'') i++;
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (depth == 0 && TakeJoin(line, i) is var (next, length))
            {
                yield return (join, line[start..i]);
                join = next;
                start = i + length;
                i = start - 1;
            }
        }
        if (line.AsSpan(start).Trim().Length > 0) yield return (join, line[start..]);
    }

    /// <summary>The words of a line, without their quotes.</summary>
    public static IReadOnlyList<string> Cut(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        bool inWord = false;
        foreach (char c in line)
        {
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
                continue;
            }
            inWord = true;
            if (c == quote) quote = '\0';
            else if (quote == '\0' && c is ('\'' or '"')) quote = c;
            else word.Append(c);
        }
        if (inWord) words.Add(word.ToString());
        return words;
    }

    static (ShellJoin Join, int Length)? TakeJoin(string line, int i)
    {
        if (line[i] == ';') return (ShellJoin.Always, 1);
        if (string.CompareOrdinal(line, i, "&&", 0, 2) == 0) return (ShellJoin.AfterSuccess, 2);
        return string.CompareOrdinal(line, i, "||", 0, 2) == 0 ? (ShellJoin.AfterFailure, 2) : null;
    }

    static string? TakeName(string text, int start, out int after)
    {
        bool braced = text[start] == '{';
        int from = braced ? start + 1 : start;
        after = from;
        while (after < text.Length && (char.IsAsciiLetterOrDigit(text[after]) || text[after] == '_')) after++;
        if (after == from && !braced && text[start] is '?' or '$') after++;
        if (after == from) return null;
        string name = text[from..after];
        if (braced)
        {
            if (after >= text.Length || text[after] != '}') return null;
            after++;
        }
        return name;
    }

    static int FindClosing(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')' && --depth == 0) return i;
        }
        throw new FormatException("unexpected EOF while looking for matching `)'");
    }

    // What comes out is text and no syntax; outside of quotes it is cut into words at blanks.
    static string Protect(string value, bool inDouble)
    {
        var safe = new StringBuilder();
        foreach (char c in inDouble ? value : value.Replace('\n', ' '))
        {
            bool escape = inDouble ? c is '"' or '\\' or '$' or '`' : c is not (' ' or '\t') && Special.Contains(c, StringComparison.Ordinal);
            if (escape) safe.Append('\\');
            safe.Append(c);
        }
        return safe.ToString();
    }
}
