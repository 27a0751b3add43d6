using System.Text.RegularExpressions;

namespace WaltG5k.Host.Formatting;

/// <summary>Text that may hold colours: how wide it is to the eye, and how to fit it.</summary>
static partial class VisibleText
{
    public static string Plain(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? Escape().Replace(text, "") : text;

    public static int Width(string text) => Plain(text).Length;

    /// <summary>What is too long loses its colour and ends in an ellipsis.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width) return text;
        return string.Concat(Plain(text).AsSpan(0, width - 1), "…");
    }

    public static string Pad(string text, int width, Alignment alignment)
    {
        int blanks = Math.Max(0, width - Width(text));
        int before = alignment switch { Alignment.Right => blanks, Alignment.Center => blanks / 2, _ => 0 };
        return new string(' ', before) + text + new string(' ', blanks - before);
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
