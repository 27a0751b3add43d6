using System.Collections.Immutable;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// A time in which an element is taken: from <paramref name="From"/> up to, but not including, <paramref name="To"/>, in seconds since 1970.
/// </summary>
public readonly record struct BusyPeriod(long From, long To)
{
    /// <summary>What OAR leaves between two jobs on one resource (SCHEDULER_JOB_SECURITY_TIME).</summary>
    public static TimeSpan DefaultGuard { get; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The periods in order, those that overlap or touch made one, empty ones left out. Guard times make neighbours overlap all the time: a list that
    /// is not merged to its very end would offer time that is taken.
    /// </summary>
    public static ImmutableArray<BusyPeriod> Merge(IEnumerable<BusyPeriod> periods)
    {
        BusyPeriod[] sorted = [.. periods];
        Array.Sort(sorted, static (a, b) => a.From.CompareTo(b.From));
        int count = 0;
        foreach (BusyPeriod period in sorted)
        {
            if (period.To <= period.From) continue;
            if (count > 0 && period.From <= sorted[count - 1].To)
                sorted[count - 1] = sorted[count - 1] with { To = Math.Max(sorted[count - 1].To, period.To) };
            else sorted[count++] = period;
        }
        return ImmutableArray.Create(sorted, 0, count);
    }
}
