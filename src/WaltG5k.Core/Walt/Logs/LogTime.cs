using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Core.Walt.Logs;

/// <summary>Moments as WalT's logs have them: seconds or milliseconds since 1970, exact to the microsecond.</summary>
static class LogTime
{
    /// <summary>The HTTP interface takes no earlier one than a second before: 2012-06-18.</summary>
    public static DateTimeOffset Oldest { get; } = DateTimeOffset.FromUnixTimeSeconds(1_340_000_001);

    public static DateTimeOffset FromSeconds(double seconds) => FromMicroseconds(seconds * 1e6);

    public static DateTimeOffset FromMilliseconds(double milliseconds) => FromMicroseconds(milliseconds * 1e3);

    public static double ToSeconds(DateTimeOffset moment) => Microseconds(moment) / 1e6;

    /// <summary>With three decimals, as the HTTP interface takes it.</summary>
    public static string ToMilliseconds(DateTimeOffset moment) =>
        (Microseconds(moment) / 1e3m).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>On a whole microsecond, not later.</summary>
    public static DateTimeOffset Floor(DateTimeOffset moment) =>
        DateTimeOffset.UnixEpoch.AddTicks(Microseconds(moment) * TimeSpan.TicksPerMicrosecond);

    /// <summary>A number of seconds, whole or not; null for anything else.</summary>
    public static DateTimeOffset? Read(PythonLiteral? value) => value switch
    {
        PythonFloat { Value: > 0 and < 1e11 } number => FromSeconds(number.Value),
        PythonInteger number when number.Value > 0 && number.Value < 100_000_000_000 => FromSeconds((double)number.Value),
        _ => null,
    };

    static long Microseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    static DateTimeOffset FromMicroseconds(double microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(microseconds) * TimeSpan.TicksPerMicrosecond);
}
