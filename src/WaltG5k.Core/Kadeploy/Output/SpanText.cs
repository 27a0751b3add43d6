using System.Globalization;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Taking lines apart without copying them.</summary>
static class SpanText
{
    /// <summary>Cuts the word off the front, if it is there.</summary>
    public static bool TryCut(this scoped ref ReadOnlySpan<char> text, string word)
    {
        if (!text.StartsWith(word, StringComparison.Ordinal)) return false;
        text = text[word.Length..];
        return true;
    }

    /// <summary>What stands before the word, which is cut off with it.</summary>
    public static bool TryCutTo(this scoped ref ReadOnlySpan<char> text, string word, out ReadOnlySpan<char> before)
    {
        int at = text.IndexOf(word, StringComparison.Ordinal);
        before = at < 0 ? default : text[..at];
        if (at < 0) return false;
        text = text[(at + word.Length)..];
        return true;
    }

    /// <summary>A text that ends in <c> after 12s</c>; the rest of it is left.</summary>
    public static bool TryCutAfter(this scoped ref ReadOnlySpan<char> text, out TimeSpan after)
    {
        after = default;
        int at = text.LastIndexOf(" after ", StringComparison.Ordinal);
        if (at < 0 || !TryReadSeconds(text[(at + " after ".Length)..], out after)) return false;
        text = text[..at];
        return true;
    }

    /// <summary><c>12s</c>.</summary>
    public static bool TryReadSeconds(this ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        text = text.TrimEnd();
        if (text.Length < 2 || text[^1] != 's' || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Letters, digits, underscores and dashes only.</summary>
    public static bool IsStepName(this ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }
        return true;
    }

    /// <summary>A full host name: labels of letters, digits and dashes, at least two of them.</summary>
    public static bool IsHostName(this ReadOnlySpan<char> text)
    {
        bool hasDot = false;
        char previous = '.';
        foreach (char c in text)
        {
            if (c == '.')
            {
                if (previous == '.') return false;
                hasDot = true;
            }
            else if (!char.IsAsciiLetterOrDigit(c) && !(c == '-' && previous != '.')) return false;
            previous = c;
        }
        return hasDot && previous != '.';
    }
}
