using System.Collections.Frozen;
using System.Globalization;

namespace WaltG5k.Core.Oar;

/// <summary>
/// Signals by name, as <c>oardel -s</c> takes them, and by number, as <c>oarsub --signal</c> does. The numbers are those of Linux on x86 and Arm.
/// </summary>
public static class OarSignals
{
    static readonly FrozenDictionary<string, int> s_numbers = new Dictionary<string, int>
    {
        ["SIGHUP"] = 1, ["SIGINT"] = 2, ["SIGQUIT"] = 3, ["SIGABRT"] = 6, ["SIGKILL"] = 9, ["SIGUSR1"] = 10, ["SIGUSR2"] = 12, ["SIGALRM"] = 14,
        ["SIGTERM"] = 15, ["SIGCONT"] = 18, ["SIGSTOP"] = 19, ["SIGTSTP"] = 20, ["SIGWINCH"] = 28,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The known names, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_numbers.OrderBy(s => s.Value).Select(s => s.Key)];

    /// <param name="text"><c>SIGUSR1</c>, <c>USR1</c> or <c>10</c>.</param>
    /// <exception cref="G5kException"><c>InvalidSignal</c>.</exception>
    public static int GetNumber(string text) => s_numbers[GetName(text)];

    /// <inheritdoc cref="GetNumber"/>
    public static string GetName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string word = text.Trim();
        bool isNumber = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return Names.FirstOrDefault(n => isNumber ? s_numbers[n] == number : Matches(n, word))
            ?? throw new G5kException("InvalidSignal", ErrorKind.InvalidArgument, $"'{text}' is not a signal that OAR can send.", text,
            $"Signals: {string.Join(", ", Names)}.");
    }

    static bool Matches(string name, string word) =>
        name.Equals(word, StringComparison.OrdinalIgnoreCase) || name.AsSpan(3).Equals(word, StringComparison.OrdinalIgnoreCase);
}
