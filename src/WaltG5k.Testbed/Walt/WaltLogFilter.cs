using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// Which log lines a client wants: issuers by name, streams and lines by expressions that are found anywhere. What is None or absent does not filter.
/// </summary>
internal sealed class WaltLogFilter(object? issuers, object? streams, object? lines)
{
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    readonly HashSet<string>? _issuers = issuers is IEnumerable<object?> names ? [.. names.OfType<string>()] : null;
    readonly Regex? _streams = Compile(streams);
    readonly Regex? _lines = Compile(lines);

    public bool Accepts(WaltLogEntry entry) =>
        _issuers?.Contains(entry.Issuer) != false && _streams?.IsMatch(entry.Stream) != false && _lines?.IsMatch(entry.Line) != false;

    /// <exception cref="FormatException">No regular expression: an exception on the real server too.</exception>
    static Regex? Compile(object? pattern)
    {
        if (pattern is not string { Length: > 0 } text) return null;
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, s_timeout);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
