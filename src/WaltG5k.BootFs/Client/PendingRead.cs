using System.Buffers;

namespace WaltG5k.BootFs;

/// <summary>A read of some bytes of the image, filled block by block in whatever order they come.</summary>
sealed class PendingRead(ImageShape shape, ulong cookie, long offset, int length)
{
    readonly uint _first = (uint)(offset / shape.BlockSize);
    readonly uint _last = (uint)((offset + length - 1) / shape.BlockSize);
    bool[] _filled = [];
    int _missing;

    public ulong Cookie => cookie;
    public int Length => length;
    public byte[] Buffer { get; private set; } = [];
    public bool IsFailed { get; private set; }
    public bool IsDone => IsFailed || _missing == 0;
    public uint First => _first;
    public uint Last => _last;

    /// <summary>From here on it takes its memory.</summary>
    public void Begin()
    {
        Buffer = ArrayPool<byte>.Shared.Rent(length);
        _missing = (int)(_last - _first) + 1;
        _filled = new bool[_missing];
    }

    public bool Lacks(uint block) => block >= _first && block <= _last && !_filled[block - _first];

    public void Fill(uint block, ReadOnlySpan<byte> data)
    {
        if (!Lacks(block)) return;
        long start = shape.OffsetOf(block);
        int from = (int)Math.Max(0, offset - start);
        int to = (int)Math.Min(data.Length, offset + length - start);
        data[from..to].CopyTo(Buffer.AsSpan((int)(start + from - offset)));
        _filled[block - _first] = true;
        _missing--;
    }

    public void Fail()
    {
        IsFailed = true;
        ArrayPool<byte>.Shared.Return(Buffer);
    }
}
