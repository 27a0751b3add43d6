namespace WaltG5k.BootFs;

/// <summary>
/// How many pushed bytes may be under way: so many that the link is kept busy, so few that what is asked for does not wait long behind them. The
/// window grows while what is sent is acknowledged without more delay than the link's own, and shrinks when a queue forms before a slow link.
/// </summary>
sealed class PushWindow(TimeProvider time)
{
    public const ulong Least = 512 * 1024;
    public const ulong Most = 64 << 20;
    /// <summary>A queue of this time before the slowest link is allowed; half of the round trip where that is longer.</summary>
    static readonly TimeSpan s_queue = TimeSpan.FromMilliseconds(60);

    readonly Queue<(ulong Sent, long At)> _marks = new();
    ulong _size = 2 << 20;
    ulong _acknowledged;
    TimeSpan _shortest = TimeSpan.MaxValue;
    long _shrunkAt;

    public ulong Size => _size;
    public ulong Sent { get; private set; }
    public ulong UnderWay => Sent - _acknowledged;

    public bool MaySend(int count) => UnderWay == 0 || UnderWay + (ulong)count <= _size;

    public void NoteSent(int count)
    {
        Sent += (ulong)count;
        _marks.Enqueue((Sent, time.GetTimestamp()));
    }

    /// <param name="received">Pushed bytes that the client has got on this connection.</param>
    public void NoteReceived(ulong received)
    {
        if (received > Sent) throw new ProtocolException("more was received than was sent");
        if (received <= _acknowledged) return;
        bool wasFull = UnderWay + Limits.PushedRun > _size;
        ulong news = received - _acknowledged;
        _acknowledged = received;
        long at = 0;
        bool isTimed = false;
        while (_marks.TryPeek(out (ulong Sent, long At) mark) && mark.Sent <= received)
        {
            (at, isTimed) = (mark.At, true);
            _marks.Dequeue();
        }
        if (!isTimed) return;
        TimeSpan took = time.GetElapsedTime(at);
        if (took < _shortest) _shortest = took;
        TimeSpan allowed = TimeSpan.FromTicks(Math.Max(s_queue.Ticks, _shortest.Ticks / 2));
        if (took <= _shortest + allowed)
        {
            if (wasFull) _size = Math.Min(Most, _size + news);
        }
        else if (time.GetElapsedTime(_shrunkAt) > took)
        {
            _size = Math.Max(Least, _size * 7 / 10);
            _shrunkAt = time.GetTimestamp();
        }
    }
}
