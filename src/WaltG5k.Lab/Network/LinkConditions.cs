using System.Globalization;

namespace WaltG5k.Lab.Network;

/// <summary>What the way between the nodes' site and the server's is like. The default is a cable.</summary>
public sealed record LinkConditions
{
    public static LinkConditions Cable { get; } = new();

    /// <summary>There and back; each direction holds frames for half of it.</summary>
    public TimeSpan RoundTrip { get; init; }
    /// <summary>The share of frames that get lost, in percent, each direction on its own.</summary>
    public double LossPercent { get; init; }
    /// <summary>Millions of bits per second in each direction; 0: no limit.</summary>
    public double BandwidthMbps { get; init; }

    public TimeSpan OneWay => RoundTrip / 2;
    public bool IsCable => RoundTrip == TimeSpan.Zero && LossPercent == 0 && BandwidthMbps == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RoundTrip.TotalMilliseconds:0.##} ms")
        + (BandwidthMbps > 0 ? string.Create(CultureInfo.InvariantCulture, $", {BandwidthMbps:0.##} Mbit/s") : "")
        + (LossPercent > 0 ? string.Create(CultureInfo.InvariantCulture, $", {LossPercent:0.##} % lost") : "");
}
