using System.Buffers.Binary;
using System.Text;

namespace WaltG5k.BootFs;

/// <summary>Cuts what arrives into messages. Holds one message of the longest kind at most.</summary>
sealed class FrameReader
{
    byte[] _buffer = new byte[64 * 1024];
    int _start;
    int _end;

    /// <summary>Where the next bytes from the peer go, never empty; <see cref="Filled"/> says how many came.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_start == _end) _start = _end = 0;
            int wanted = Math.Max(NeededBytes, 4096);
            if (_buffer.Length - _start < wanted || _end == _buffer.Length)
            {
                byte[] target = wanted > _buffer.Length ? new byte[Limits.Header + Limits.Body] : _buffer;
                Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
                _buffer = target;
                _end -= _start;
                _start = 0;
            }
            return _buffer.AsMemory(_end);
        }
    }

    /// <summary>The length of the message that is under way, with its header.</summary>
    int NeededBytes => _end - _start < Limits.Header
        ? Limits.Header
        : Limits.Header + BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start + 4));

    public void Filled(int count) => _end += count;

    public void Clear() => _start = _end = 0;

    /// <summary>Takes the next whole message; its body is valid until the next call of anything here.</summary>
    /// <exception cref="ProtocolException">A length beyond the limit.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (_end - _start < Limits.Header) return false;
        ReadOnlySpan<byte> header = _buffer.AsSpan(_start, Limits.Header);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (length > Limits.Body) throw new ProtocolException($"a message of {length} bytes") { Code = FailureCode.LimitExceeded };
        if (header[2] != 0 || header[3] != 0) throw new ProtocolException("bytes that must be zero are not");
        if (_end - _start < Limits.Header + (int)length) return false;
        frame = new Frame((MessageType)header[0], header[1], _buffer.AsSpan(_start + Limits.Header, (int)length));
        _start += Limits.Header + (int)length;
        return true;
    }
}

/// <summary>A message; its parts are taken off its front.</summary>
ref struct Frame
{
    public Frame(MessageType type, byte flags, ReadOnlySpan<byte> body)
    {
        Type = type;
        Flags = flags;
        Body = Rest = body;
    }

    public MessageType Type { get; }
    public byte Flags { get; }
    /// <summary>All of its body.</summary>
    public ReadOnlySpan<byte> Body { get; }
    /// <summary>What has not been taken yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > Rest.Length) throw new ProtocolException($"a {Type} that is too short");
        ReadOnlySpan<byte> taken = Rest[..count];
        Rest = Rest[count..];
        return taken;
    }

    public byte Byte() => Bytes(1)[0];
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));
    public string Text(int limit)
    {
        int length = UInt16();
        if (length > limit) throw new ProtocolException($"a text of {length} bytes in a {Type}");
        return Encoding.UTF8.GetString(Bytes(length));
    }

    /// <summary>To be called when all was taken.</summary>
    public readonly void Finish()
    {
        if (Rest.Length != 0) throw new ProtocolException($"{Rest.Length} bytes too many in a {Type}");
    }
}
