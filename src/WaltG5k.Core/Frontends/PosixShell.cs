using System.Buffers;

namespace WaltG5k.Core.Frontends;

/// <summary>The one place where a word is quoted for a POSIX shell.</summary>
public static class PosixShell
{
    static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,");

    /// <summary>The word as one argument of any POSIX shell: unchanged when it is harmless, else in single quotes.</summary>
    /// <exception cref="ArgumentException">The word holds a NUL character, which no argument can carry.</exception>
    public static string Quote(string word)
    {
        if (word.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A shell argument cannot hold a NUL character.", nameof(word));
        bool harmless = word.Length > 0 && !word.AsSpan().ContainsAnyExcept(s_plain);
        return harmless ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>Several words, quoted and joined by blanks.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
