using System.Buffers;
using System.Diagnostics;

namespace WaltG5k.Lab.Network;

interface IFrameSource
{
    /// <summary>The next frame's length, 0 when none came within that time, -1 at the end.</summary>
    int Read(byte[] buffer, int milliseconds);
}

interface IFrameSink
{
    void Write(byte[] frame, int length);
}

/// <summary>
/// A cable between two adapters that holds frames back, loses some and limits their rate: what netem does where the kernel has it. Two directions,
/// each with a thread that takes frames in and one that lets them out when they are due.
/// </summary>
sealed class FrameRelay : IDisposable
{
    const int IdleMilliseconds = 100;

    readonly Direction _there, _back;

    public FrameRelay(IFrameSource a, IFrameSink aOut, IFrameSource b, IFrameSink bOut, LinkConditions link)
    {
        Link = link;
        _there = new Direction(this, a, bOut, 1);
        _back = new Direction(this, b, aOut, 2);
    }

    /// <summary>May be changed at any time; frames under way keep their date.</summary>
    public LinkConditions Link { get; set => Volatile.Write(ref field, value); }

    /// <summary>Frames and bytes from the first adapter to the second, and back.</summary>
    public (long Frames, long Bytes) Sent => _there.Count;
    public (long Frames, long Bytes) Received => _back.Count;

    public void Dispose()
    {
        _there.Stop();
        _back.Stop();
        _there.Join();
        _back.Join();
    }

    sealed class Direction
    {
        readonly FrameRelay _relay;
        readonly IFrameSource _source;
        readonly IFrameSink _sink;
        readonly FrameSchedule _schedule;
        readonly Queue<(TimeSpan Due, byte[] Frame, int Length)> _waiting = new();
        readonly Thread _reader, _writer;
        long _frames, _bytes;
        volatile bool _stopped;

        public Direction(FrameRelay relay, IFrameSource source, IFrameSink sink, int seed)
        {
            (_relay, _source, _sink, _schedule) = (relay, source, sink, new FrameSchedule(new Random(seed)));
            _reader = Start(ReadAll, "lab relay in");
            _writer = Start(WriteAll, "lab relay out");
        }

        public (long, long) Count => (Interlocked.Read(ref _frames), Interlocked.Read(ref _bytes));

        public void Stop()
        {
            _stopped = true;
            lock (_waiting) Monitor.PulseAll(_waiting);
        }

        public void Join()
        {
            _reader.Join();
            _writer.Join();
        }

        static Thread Start(ThreadStart body, string name)
        {
            Thread thread = new(body) { IsBackground = true, Name = name };
            thread.Start();
            return thread;
        }

        void ReadAll()
        {
            byte[] frame = ArrayPool<byte>.Shared.Rent(TapDevice.LongestFrame);
            while (!_stopped)
            {
                int length = _source.Read(frame, IdleMilliseconds);
                if (length < 0) return;
                if (length == 0) continue;
                Interlocked.Increment(ref _frames);
                Interlocked.Add(ref _bytes, length);
                LinkConditions link = _relay.Link;
                bool isIdle;
                lock (_waiting) isIdle = _waiting.Count == 0;
                if (link.IsCable && isIdle)
                {
                    _sink.Write(frame, length);
                    continue;
                }
                if (_schedule.Due(link, Now, length) is not { } due) continue;
                lock (_waiting)
                {
                    _waiting.Enqueue((due, frame, length));
                    if (_waiting.Count == 1) Monitor.Pulse(_waiting);
                }
                frame = ArrayPool<byte>.Shared.Rent(TapDevice.LongestFrame);
            }
        }

        void WriteAll()
        {
            while (!_stopped)
            {
                (TimeSpan Due, byte[] Frame, int Length) next;
                lock (_waiting)
                {
                    if (!_waiting.TryPeek(out next))
                    {
                        Monitor.Wait(_waiting, IdleMilliseconds);
                        continue;
                    }
                }
                TimeSpan left = next.Due - Now;
                if (left > TimeSpan.Zero)
                {
                    Thread.Sleep(left > TimeSpan.FromMilliseconds(IdleMilliseconds) ? TimeSpan.FromMilliseconds(IdleMilliseconds) : left);
                    continue;
                }
                _sink.Write(next.Frame, next.Length);
                lock (_waiting) _waiting.Dequeue();
                ArrayPool<byte>.Shared.Return(next.Frame);
            }
        }

        static TimeSpan Now => Stopwatch.GetElapsedTime(0);
    }
}
