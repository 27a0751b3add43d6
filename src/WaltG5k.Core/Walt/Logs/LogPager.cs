using System.Runtime.CompilerServices;

namespace WaltG5k.Core.Walt.Logs;

/// <summary>A span of time, from its beginning up to its end, which is not part of it. On whole microseconds, as timestamps are.</summary>
readonly record struct LogWindow(DateTimeOffset Begin, DateTimeOffset End)
{
    public TimeSpan Length => End - Begin;

    public bool Contains(DateTimeOffset moment) => moment >= Begin && moment < End;

    public (LogWindow Older, LogWindow Newer) Split()
    {
        DateTimeOffset middle = new DateTimeOffset(Begin.Ticks + Length.Ticks / 2 / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond,
            Begin.Offset);
        return (this with { End = middle }, this with { Begin = middle });
    }
}

/// <summary>
/// Reads a span of history in windows with few lines each: a window that holds more is halved. What is in memory at a time is one window, however
/// long the history is.
/// </summary>
/// <param name="count">How many lines a window holds at most, filters that are applied later left aside.</param>
/// <param name="read">All lines of a window, in any order; may hold lines beyond its borders.</param>
sealed class LogPager(Func<LogWindow, CancellationToken, Task<long>> count, Func<LogWindow, CancellationToken, Task<IReadOnlyList<WaltLogLine>>> read)
{
    public const int PageSize = 5000;

    /// <summary>A window as short as this is read as it is.</summary>
    static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    public async IAsyncEnumerable<WaltLogLine> ReadAsync(LogWindow whole, bool newestFirst,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stack<LogWindow> left = new([whole]);
        while (left.TryPop(out LogWindow window))
        {
            long lines = await count(window, cancellationToken).ConfigureAwait(false);
            if (lines == 0) continue;
            if (lines > PageSize && window.Length > s_shortest)
            {
                (LogWindow older, LogWindow newer) = window.Split();
                left.Push(newestFirst ? older : newer);
                left.Push(newestFirst ? newer : older);
                continue;
            }
            IEnumerable<WaltLogLine> page = (await read(window, cancellationToken).ConfigureAwait(false)).Where(l => window.Contains(l.Timestamp))
                .OrderBy(l => l.Timestamp);
            foreach (WaltLogLine line in newestFirst ? page.Reverse() : page) yield return line;
        }
    }
}
