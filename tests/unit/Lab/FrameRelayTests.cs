using System.Collections.Concurrent;
using System.Diagnostics;
using WaltG5k.Lab.Network;

namespace WaltG5k.Tests.Lab;

public class FrameRelayTests
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>An adapter whose frames are put in and taken out by the test.</summary>
    sealed class Adapter : IFrameSource, IFrameSink
    {
        public BlockingCollection<byte[]> Sent { get; } = [];
        public BlockingCollection<byte[]> Received { get; } = [];

        public int Read(byte[] buffer, int milliseconds)
        {
            if (!Sent.TryTake(out byte[]? frame, milliseconds)) return 0;
            frame.CopyTo(buffer, 0);
            return frame.Length;
        }

        public void Write(byte[] frame, int length) => Received.Add(frame[..length]);

        public byte[] Take() => Received.TryTake(out byte[]? frame, s_limit) ? frame : throw new TimeoutException("no frame came");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Frames_come_out_at_the_other_end_as_they_went_in_and_in_order(int roundTrip)
    {
        Adapter a = new(), b = new();
        using FrameRelay relay = new(a, a, b, b, new LinkConditions { RoundTrip = TimeSpan.FromMilliseconds(roundTrip) });
        byte[][] frames = [.. Enumerable.Range(1, 200).Select(i => Enumerable.Repeat((byte)i, 60 + i).ToArray())];
        foreach (byte[] frame in frames) a.Sent.Add(frame);
        b.Sent.Add([1, 2, 3]);

        Assert.All(frames, frame => Assert.Equal(frame, b.Take()));
        Assert.Equal([1, 2, 3], a.Take());
        Assert.Equal((200, frames.Sum(f => (long)f.Length)), relay.Sent);
        Assert.Equal((1, 3L), relay.Received);
    }

    [Fact]
    public void A_frame_is_held_back_for_half_the_round_trip()
    {
        Adapter a = new(), b = new();
        using FrameRelay relay = new(a, a, b, b, new LinkConditions { RoundTrip = TimeSpan.FromMilliseconds(80) });
        Stopwatch way = Stopwatch.StartNew();
        a.Sent.Add([1]);
        b.Take();
        Assert.True(way.ElapsedMilliseconds >= 40, $"{way.Elapsed}");
    }

    [Fact]
    public void A_link_that_gets_faster_keeps_the_order()
    {
        Adapter a = new(), b = new();
        using FrameRelay relay = new(a, a, b, b, new LinkConditions { RoundTrip = TimeSpan.FromMilliseconds(60) });
        a.Sent.Add([1]);
        SpinWait.SpinUntil(() => relay.Sent.Frames == 1, s_limit);
        relay.Link = LinkConditions.Cable;
        a.Sent.Add([2]);
        Assert.Equal([1], b.Take());
        Assert.Equal([2], b.Take());
    }
}
