using System.Buffers.Binary;

namespace WaltG5k.BootFs;

/// <summary>
/// Serves the kernel's network block device over a pair of local sockets. The kernel has no time limit for its requests: reads wait for as long as an
/// outage takes. See linux/Documentation/admin-guide/blockdev/nbd.rst.
/// </summary>
sealed unsafe class NbdFront(string device) : IFront
{
    const uint RequestMagic = 0x25609513, ReplyMagic = 0x67446698;
    const int RequestLength = 28, ReplyLength = 16, BlockSize = 4096, PermissionError = 1, InputOutputError = 5;
    const nuint SetSocket = 0xab00, SetBlockSize = 0xab01, DoIt = 0xab03, ClearSocket = 0xab04, SetBlocks = 0xab07, SetTimeout = 0xab09,
        SetFlags = 0xab0a;
    const nint HasFlagsAndReadOnly = 3;

    readonly byte[] _requests = new byte[64 * RequestLength];
    readonly Dictionary<ulong, (long Offset, int Length)> _open = [];
    int _held;
    int _socket = -1;
    long _size;
    long _skip;
    volatile bool _isOver;

    public int File => _socket;
    public bool IsOver => _isOver;

    public void Begin(ImageShape shape)
    {
        _size = shape.Size;
        int block = Libc.Check(Libc.Open(device, 2 | 0x80000, 0), $"cannot open {device}");
        int* pair = stackalloc int[2];
        Libc.Check(Libc.SocketPair(1, 1 | 0x80000, 0, pair), "socketpair");
        _socket = pair[0];
        Libc.Control(block, ClearSocket, 0);
        Libc.Check(Libc.Control(block, SetBlockSize, BlockSize), "NBD_SET_BLKSIZE");
        Libc.Check(Libc.Control(block, SetBlocks, (nint)((_size + BlockSize - 1) / BlockSize)), "NBD_SET_SIZE_BLOCKS");
        Libc.Check(Libc.Control(block, SetFlags, HasFlagsAndReadOnly), "NBD_SET_FLAGS");
        Libc.Control(block, SetTimeout, 0);
        Libc.Check(Libc.Control(block, SetSocket, pair[1]), "NBD_SET_SOCK");
        new Thread(() => Hold(block), 64 * 1024) { IsBackground = true }.Start();
    }

    /// <summary>The kernel serves the device for as long as this call of it lasts; a signal would end it.</summary>
    void Hold(int block)
    {
        byte* signals = stackalloc byte[128];
        _ = Libc.FillSignals(signals);
        _ = Libc.MaskSignals(0, signals, null);
        Libc.Control(block, DoIt, 0);
        _isOver = true;
        Libc.Close(block);
    }

    public void Receive(RootClient client)
    {
        nint count;
        fixed (byte* start = _requests) count = Libc.Read(_socket, start + _held, _requests.Length - _held);
        if (count < 0 && Libc.LastError is Libc.Interrupted or Libc.Again) return;
        if (count <= 0)
        {
            _isOver = true;
            return;
        }
        _held += (int)count;
        int at = 0;
        while (true)
        {
            if (_skip > 0)
            {
                int skipped = (int)Math.Min(_skip, _held - at);
                _skip -= skipped;
                at += skipped;
            }
            if (_held - at < RequestLength) break;
            Take(_requests.AsSpan(at, RequestLength), client);
            at += RequestLength;
        }
        _requests.AsSpan(at, _held - at).CopyTo(_requests);
        _held -= at;
    }

    void Take(ReadOnlySpan<byte> request, RootClient client)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(request) != RequestMagic)
        {
            _isOver = true;
            return;
        }
        int command = BinaryPrimitives.ReadUInt16BigEndian(request[6..]);
        ulong cookie = BinaryPrimitives.ReadUInt64BigEndian(request[8..]);
        long offset = BinaryPrimitives.ReadInt64BigEndian(request[16..]);
        int length = BinaryPrimitives.ReadInt32BigEndian(request[24..]);
        switch (command)
        {
            case 0:
                // The device ends with a whole block; what is beyond the image reads as zero.
                int inside = (int)Math.Clamp(_size - offset, 0, length);
                if (inside == 0)
                {
                    Reply(cookie, 0, default, length);
                    break;
                }
                _open[cookie] = (offset, length);
                client.Read(cookie, offset, inside);
                break;
            case 1:
                _skip = length;
                Reply(cookie, PermissionError, default, 0);
                break;
            case 2:
                _isOver = true;
                break;
            case 3:
                Reply(cookie, 0, default, 0);
                break;
            default:
                Reply(cookie, 22, default, 0);
                break;
        }
    }

    public void Complete(CompletedRead read)
    {
        if (!_open.Remove(read.Cookie, out (long Offset, int Length) asked)) return;
        if (read.Buffer is null) Reply(read.Cookie, InputOutputError, default, 0);
        else Reply(read.Cookie, 0, read.Buffer.AsSpan(0, read.Length), asked.Length - read.Length);
    }

    public void Step(RootClient client)
    {
    }

    void Reply(ulong cookie, uint error, ReadOnlySpan<byte> data, int zeros)
    {
        Span<byte> header = stackalloc byte[ReplyLength];
        BinaryPrimitives.WriteUInt32BigEndian(header, ReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], error);
        BinaryPrimitives.WriteUInt64BigEndian(header[8..], cookie);
        Libc.WriteAll(_socket, header);
        Libc.WriteAll(_socket, data);
        if (zeros > 0) Libc.WriteAll(_socket, new byte[zeros]);
    }

    public void Dispose()
    {
        if (_socket >= 0) Libc.Close(_socket);
    }
}
