namespace WaltG5k.Core.Oar;

/// <summary>
/// A walltime as OAR takes it: <c>H</c>, <c>H:M</c> or <c>H:M:S</c> ("1" is one hour), hours unbounded, minutes and seconds at most 59,
/// not all zero.
/// </summary>
public readonly partial record struct Walltime : IComparable<Walltime>
{
    public TimeSpan Duration { get; }

    public Walltime(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1)) throw new ArgumentOutOfRangeException(nameof(duration), duration, "A walltime is at least one second.");
        Duration = TimeSpan.FromSeconds(Math.Floor(duration.TotalSeconds));
    }

    public int CompareTo(Walltime other) => Duration.CompareTo(other.Duration);
    public static bool operator <(Walltime left, Walltime right) => left.Duration < right.Duration;
    public static bool operator >(Walltime left, Walltime right) => left.Duration > right.Duration;
    public static bool operator <=(Walltime left, Walltime right) => left.Duration <= right.Duration;
    public static bool operator >=(Walltime left, Walltime right) => left.Duration >= right.Duration;

    /// <summary>The form that oarsub takes and WalT's recipes hold: <c>01:30:00</c>.</summary>
    public override string ToString() => $"{(long)Duration.TotalHours:00}:{Duration.Minutes:00}:{Duration.Seconds:00}";
}
