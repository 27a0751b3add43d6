using System.Text;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

[Flags]
public enum WildcardOptions { None = 0, Compiled = 1, IgnoreCase = 2, CultureInvariant = 4 }

/// <summary>A pattern with <c>*</c>, <c>?</c>, <c>[a-z]</c> and the backquote as escape.</summary>
public sealed class WildcardPattern
{
    const string Special = "*?[]";
    readonly Lazy<Regex> _regex;

    public WildcardPattern(string pattern) : this(pattern, WildcardOptions.None) { }

    public WildcardPattern(string pattern, WildcardOptions options)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        RegexOptions regexOptions = RegexOptions.Singleline | RegexOptions.CultureInvariant;
        if (options.HasFlag(WildcardOptions.IgnoreCase)) regexOptions |= RegexOptions.IgnoreCase;
        _regex = new Lazy<Regex>(() => new Regex(Translate(pattern), regexOptions, TimeSpan.FromSeconds(1)));
    }

    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);

    /// <exception cref="WildcardPatternException">The pattern is none; PowerShell says so here and not earlier.</exception>
    public bool IsMatch(string input) => input is not null && _regex.Value.IsMatch(input);

    public static bool ContainsWildcardCharacters(string pattern)
    {
        if (pattern is null) return false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '`') { i++; continue; }
            if (Special.Contains(pattern[i], StringComparison.Ordinal)) return true;
        }
        return false;
    }

    public static string Escape(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var text = new StringBuilder(pattern.Length);
        foreach (char c in pattern)
        {
            if (Special.Contains(c, StringComparison.Ordinal)) text.Append('`');
            text.Append(c);
        }
        return text.ToString();
    }

    public static string Unescape(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var text = new StringBuilder(pattern.Length);
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '`' && i + 1 < pattern.Length && Special.Contains(pattern[i + 1], StringComparison.Ordinal)) i++;
            text.Append(pattern[i]);
        }
        return text.ToString();
    }

    static string Translate(string pattern)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            switch (c)
            {
                case '`' when i + 1 < pattern.Length: regex.Append(Regex.Escape(pattern[++i].ToString())); break;
                case '*': regex.Append(".*"); break;
                case '?': regex.Append('.'); break;
                case '[':
                    int close = pattern.IndexOf(']', i + 2 <= pattern.Length ? i + 2 : i + 1);
                    if (close < 0) throw new WildcardPatternException($"The specified wildcard character pattern is not valid: {pattern}");
                    regex.Append('[').Append(Set(pattern[(i + 1)..close])).Append(']');
                    i = close;
                    break;
                default: regex.Append(Regex.Escape(c.ToString())); break;
            }
        }
        return regex.Append('$').ToString();
    }

    /// <summary>The inside of a character class: everything but a range's dash is literal.</summary>
    static string Set(string inside)
    {
        var set = new StringBuilder();
        for (int i = 0; i < inside.Length; i++)
        {
            if (inside[i] == '-' && i > 0 && i + 1 < inside.Length) set.Append('-');
            else set.Append(inside[i] is '\\' or '^' or '[' or ']' or '-' ? $"\\{inside[i]}" : inside[i].ToString());
        }
        return set.ToString();
    }
}

public class WildcardPatternException : RuntimeException
{
    public WildcardPatternException() { }
    public WildcardPatternException(string message) : base(message) { }
    public WildcardPatternException(string message, Exception? innerException) : base(message, innerException) { }
}
