using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WaltG5k.Core.Oar;

/// <summary>
/// A walltime as OAR takes it: <c>H</c>, <c>H:M</c> or <c>H:M:S</c> ("1" is one hour), hours unbounded, minutes and seconds at most 59,
/// not all zero.
/// </summary>
public readonly record struct Walltime : IComparable<Walltime>
{
    /// <summary>A hundred years: more is a typing error, and would leave the range of dates.</summary>
    const int MaximumHours = 876_000;

    public TimeSpan Duration { get; }

    public Walltime(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A walltime is at least one second.");
        Duration = TimeSpan.FromSeconds(Math.Floor(duration.TotalSeconds));
    }

    /// <exception cref="G5kException"><c>InvalidWalltime</c>.</exception>
    public static Walltime Parse(string text) => TryParse(text, out Walltime walltime)
        ? walltime
        : throw new G5kException("InvalidWalltime", ErrorKind.InvalidArgument, $"'{text}' is not a walltime.", text,
            "Write hours, hours:minutes or hours:minutes:seconds: -Walltime 1, -Walltime 1:30 or -Walltime 0:45:00.");

    public static bool TryParse([NotNullWhen(true)] string? text, out Walltime walltime)
    {
        walltime = default;
        string[] parts = (text ?? "").Trim().Split(':');
        if (parts.Length > 3) return false;
        Span<int> values = stackalloc int[3];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i])) return false;
        }
        if (values[0] > MaximumHours || values[1] > 59 || values[2] > 59) return false;
        long seconds = values[0] * 3600L + values[1] * 60 + values[2];
        if (seconds == 0) return false;
        walltime = new Walltime(TimeSpan.FromSeconds(seconds));
        return true;
    }

    public int CompareTo(Walltime other) => Duration.CompareTo(other.Duration);
    public static bool operator <(Walltime left, Walltime right) => left.Duration < right.Duration;
    public static bool operator >(Walltime left, Walltime right) => left.Duration > right.Duration;
    public static bool operator <=(Walltime left, Walltime right) => left.Duration <= right.Duration;
    public static bool operator >=(Walltime left, Walltime right) => left.Duration >= right.Duration;

    /// <summary>The form that oarsub takes and WalT's recipes hold: <c>01:30:00</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(long)Duration.TotalHours:00}:{Duration.Minutes:00}:{Duration.Seconds:00}");
}
