using System.Globalization;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Logs;

namespace WaltG5k.Parameters;

/// <summary>A moment in a log: a date, a time ago, or a checkpoint. The last two are settled by the WalT server.</summary>
public sealed record LogMoment
{
    public DateTimeOffset? Date { get; private init; }
    public TimeSpan? Ago { get; private init; }
    public string? Checkpoint { get; private init; }

    public static LogMoment At(DateTimeOffset date) => new() { Date = date };

    /// <param name="span">Of either sign.</param>
    public static LogMoment Before(TimeSpan span) => new() { Ago = span.Duration() };

    /// <exception cref="FormatException">The text is none of the three.</exception>
    public static LogMoment Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        if (TryParseSpan(trimmed, out TimeSpan span)) return Before(span);
        if (DateTimeOffset.TryParseExact(trimmed, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset date))
            return At(date);
        return WaltServer.IsCheckpointName(trimmed) ? new LogMoment { Checkpoint = trimmed }
            : throw new FormatException(
            $"'{text}' is no moment: write a date such as 2026-03-25 19:00, a time ago such as -5m (s, m, h, d), or the name of a checkpoint.");
    }

    internal async Task<DateTimeOffset> ResolveAsync(WaltServer server, CancellationToken cancellationToken)
    {
        if (Date is { } date) return date;
        if (Ago is { } ago) return await server.GetTimeAsync(cancellationToken).ConfigureAwait(false) - ago;
        return (await server.GetCheckpointAsync(Checkpoint!, cancellationToken).ConfigureAwait(false)).Timestamp;
    }

    public override string ToString() => Checkpoint ?? (Ago is { } ago ? $"-{ago}" : string.Create(CultureInfo.InvariantCulture, $"{Date:u}"));

    static readonly string[] s_formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm:ssK",
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss'Z'", "HH:mm", "HH:mm:ss",
    ];

    static bool TryParseSpan(string text, out TimeSpan span)
    {
        span = default;
        if (text.Length < 3 || text[0] != '-' || !int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture,
            out int number)) return false;
        span = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => TimeSpan.MinValue,
        };
        return span >= TimeSpan.Zero;
    }
}

/// <summary>A moment from a date, a TimeSpan, a checkpoint, or text.</summary>
public sealed class LogMomentConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        LogMoment moment => moment,
        DateTimeOffset date => LogMoment.At(date),
        DateTime date => LogMoment.At(date.Kind == DateTimeKind.Utc
        ? new DateTimeOffset(date)
        : new DateTimeOffset(DateTime.SpecifyKind(date, DateTimeKind.Local))),
        TimeSpan span => LogMoment.Before(span),
        WaltCheckpoint checkpoint => LogMoment.At(checkpoint.Timestamp),
        WaltLogLine line => LogMoment.At(line.Timestamp),
        // PowerShell takes -40s for a number of the type "short", and -10d for a decimal one.
        short seconds => LogMoment.Before(TimeSpan.FromSeconds(seconds)),
        decimal days => LogMoment.Before(TimeSpan.FromDays((double)days)),
        _ => LogMoment.Parse($"{value}"),
    };
}
