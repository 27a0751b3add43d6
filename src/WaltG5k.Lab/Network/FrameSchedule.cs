namespace WaltG5k.Lab.Network;

/// <summary>Decides when a frame leaves: after the frames before it at the link's rate, plus the way. One direction, one thread.</summary>
/// <param name="random">Decides which frames get lost.</param>
sealed class FrameSchedule(Random random)
{
    /// <summary>What waits longer than this for its turn on a slow link is dropped, as by a switch's full buffer.</summary>
    public static readonly TimeSpan LongestQueue = TimeSpan.FromMilliseconds(200);

    TimeSpan _free = TimeSpan.MinValue;

    /// <summary>When the frame is due at the other end, on the clock of <paramref name="now"/>; null: it is lost.</summary>
    public TimeSpan? Due(LinkConditions link, TimeSpan now, int length)
    {
        if (link.LossPercent > 0 && random.NextDouble() * 100 < link.LossPercent) return null;
        if (link.BandwidthMbps <= 0) return now + link.OneWay;
        TimeSpan begin = _free > now ? _free : now;
        if (begin - now > LongestQueue) return null;
        _free = begin + TimeSpan.FromSeconds(length * 8 / (link.BandwidthMbps * 1e6));
        return _free + link.OneWay;
    }
}
