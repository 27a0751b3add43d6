using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Lab.Network;

namespace WaltG5k.Tests.Lab;

public class FrameScheduleTests
{
    static readonly TimeSpan s_now = TimeSpan.FromSeconds(100);

    [Fact]
    public void A_cable_holds_nothing_back() =>
        Assert.Equal(s_now, new FrameSchedule(new Random(1)).Due(LinkConditions.Cable, s_now, 1500));

    [Fact]
    public void Each_direction_takes_half_of_the_round_trip() =>
        Assert.Equal(s_now + TimeSpan.FromMilliseconds(20),
        new FrameSchedule(new Random(1)).Due(new LinkConditions { RoundTrip = TimeSpan.FromMilliseconds(40) }, s_now, 1500));

    [Fact]
    public void A_slow_link_sends_one_frame_after_the_other()
    {
        // 1250 bytes are 10 ms at 1 Mbit/s.
        LinkConditions link = new() { BandwidthMbps = 1, RoundTrip = TimeSpan.FromMilliseconds(2) };
        FrameSchedule schedule = new(new Random(1));
        Assert.Equal([11.0, 21.0, 31.0], Enumerable.Range(0, 3).Select(_ => (schedule.Due(link, s_now, 1250)!.Value - s_now).TotalMilliseconds));
    }

    [Fact]
    public void What_would_wait_too_long_is_dropped()
    {
        LinkConditions link = new() { BandwidthMbps = 1 };
        FrameSchedule schedule = new(new Random(1));
        int sent = Enumerable.Range(0, 100).Count(_ => schedule.Due(link, s_now, 1250) is not null);
        Assert.Equal((int)(FrameSchedule.LongestQueue / TimeSpan.FromMilliseconds(10)) + 1, sent);
    }

    [Fact]
    public void As_many_are_lost_as_was_asked_for()
    {
        FrameSchedule schedule = new(new Random(1));
        int lost = Enumerable.Range(0, 10_000).Count(_ => schedule.Due(new LinkConditions { LossPercent = 10 }, s_now, 100) is null);
        Assert.InRange(lost, 900, 1100);
    }

    [Fact]
    public void Frames_never_overtake_each_other() =>
        Prop.ForAll(Gen.Choose(1, 1500).NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 100).ToArbitrary(), (lengths, rate) =>
    {
        FrameSchedule schedule = new(new Random(1));
        LinkConditions link = new() { BandwidthMbps = rate, RoundTrip = TimeSpan.FromMilliseconds(10) };
        TimeSpan[] due = [.. lengths.Select((l, i) => schedule.Due(link, s_now + TimeSpan.FromMicroseconds(i * 10), l)).OfType<TimeSpan>()];
        return due.SequenceEqual(due.Order());
    }).QuickCheckThrowOnFailure();
}
