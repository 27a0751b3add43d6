using System.Buffers.Binary;
using System.Text;

namespace WaltG5k.BootFs;

/// <summary>Writes messages one after the other into a buffer that grows; what was sent is taken off its front.</summary>
sealed class FrameWriter(int capacity = 4096)
{
    byte[] _buffer = new byte[capacity];
    int _start;
    int _end;
    int _frame;

    public int Length => _end - _start;
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(_start, _end - _start);
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, _end - _start);

    public void Clear() => _start = _end = 0;

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end) Clear();
    }

    public FrameWriter Begin(MessageType type, byte flags = 0)
    {
        _frame = _end;
        Span<byte> header = Take(Limits.Header);
        header.Clear();
        header[0] = (byte)type;
        header[1] = flags;
        return this;
    }

    /// <summary>Closes the message that <see cref="Begin"/> opened.</summary>
    public void End() => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_frame + 4), _end - _frame - Limits.Header);

    /// <summary>What has been written of the open message's body.</summary>
    public ReadOnlySpan<byte> OpenBody => _buffer.AsSpan(_frame + Limits.Header, _end - _frame - Limits.Header);

    public Span<byte> Take(int count)
    {
        if (_buffer.Length - _end < count) MakeRoom(count);
        Span<byte> taken = _buffer.AsSpan(_end, count);
        _end += count;
        return taken;
    }

    public FrameWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public FrameWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
        return this;
    }

    public FrameWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
        return this;
    }

    public FrameWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
        return this;
    }

    public FrameWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    /// <summary>Two bytes of length, then UTF-8.</summary>
    public FrameWriter Text(string value)
    {
        UInt16((ushort)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, Take(Encoding.UTF8.GetByteCount(value)));
        return this;
    }

    void MakeRoom(int count)
    {
        int length = Length;
        byte[] target = length + count > _buffer.Length ? new byte[Math.Max(_buffer.Length * 2, length + count)] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, length);
        _buffer = target;
        _frame -= _start;
        _start = 0;
        _end = length;
    }
}
