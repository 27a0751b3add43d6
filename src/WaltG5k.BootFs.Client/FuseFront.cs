using System.Buffers.Binary;
using System.Text;

namespace WaltG5k.BootFs;

/// <summary>
/// Serves a folder with one file, <c>image</c>, over /dev/fuse (protocol 7.31, linux/include/uapi/linux/fuse.h): for kernels without nbd, where a
/// loop device on the file becomes the root.
/// </summary>
sealed unsafe class FuseFront(string folder) : IFront
{
    const int HeaderIn = 40, HeaderOut = 16, Root = 1, Image = 2, NoEntry = 2, InputOutputError = 5, NotImplemented = 38, ReadOnlyError = 30;
    const uint KeepCache = 2;
    static ReadOnlySpan<byte> Name => "image"u8;

    readonly byte[] _request = new byte[256 * 1024];
    int _file = -1;
    long _size;
    bool _isOver;

    public int File => _file;
    public bool IsOver => _isOver;

    public void Begin(ImageShape shape)
    {
        _size = shape.Size;
        _file = Libc.Check(Libc.Open("/dev/fuse", 2 | 0x800 | 0x80000, 0), "cannot open /dev/fuse");
        Libc.Check(Libc.Mount("waltg5k-bootfs", folder, "fuse", 1 | 2 | 4,
            $"fd={_file},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions"),
            $"cannot mount on {folder}");
    }

    public void Step(RootClient client)
    {
    }

    public void Receive(RootClient client)
    {
        nint count;
        fixed (byte* start = _request) count = Libc.Read(_file, start, _request.Length);
        if (count < HeaderIn)
        {
            // 19: it was unmounted; 2: the request was taken back.
            if (count >= 0 || Libc.LastError is not (Libc.Interrupted or Libc.Again or 2)) _isOver = true;
            return;
        }
        ReadOnlySpan<byte> request = _request.AsSpan(0, (int)count);
        uint operation = BinaryPrimitives.ReadUInt32LittleEndian(request[4..]);
        ulong unique = BinaryPrimitives.ReadUInt64LittleEndian(request[8..]);
        ulong node = BinaryPrimitives.ReadUInt64LittleEndian(request[16..]);
        ReadOnlySpan<byte> body = request[HeaderIn..];
        switch (operation)
        {
            case 2 or 36 or 42: // forget, interrupt, batch forget: no answer
                break;
            case 26:
                Init(unique, body);
                break;
            case 1:
                Lookup(unique, node, body);
                break;
            case 3:
                Answer(unique, 0, [.. Words(long.MaxValue >> 1, 0), .. Attributes(node)]);
                break;
            case 14 or 27: // open, open folder
                bool writes = operation == 14 && (BinaryPrimitives.ReadUInt32LittleEndian(body) & 3) != 0;
                if (writes) Answer(unique, ReadOnlyError, []);
                else Answer(unique, 0, Words(0, KeepCache));
                break;
            case 15:
                Read(unique, body, client);
                break;
            case 28:
                List(unique, BinaryPrimitives.ReadUInt64LittleEndian(body[8..]));
                break;
            case 17: // file system's sizes
                byte[] sizes = new byte[80];
                BinaryPrimitives.WriteInt32LittleEndian(sizes.AsSpan(40), 4096);
                BinaryPrimitives.WriteInt32LittleEndian(sizes.AsSpan(44), 255);
                Answer(unique, 0, sizes);
                break;
            case 18 or 25 or 29 or 34: // release, flush, release folder, access
                Answer(unique, 0, []);
                break;
            case 38:
                Answer(unique, 0, []);
                _isOver = true;
                break;
            default:
                Answer(unique, NotImplemented, []);
                break;
        }
    }

    void Init(ulong unique, ReadOnlySpan<byte> body)
    {
        byte[] answer = new byte[64];
        Span<byte> span = answer;
        BinaryPrimitives.WriteUInt32LittleEndian(span, 7);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Math.Min(31, BinaryPrimitives.ReadUInt32LittleEndian(body[4..])));
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], 128 * 1024); // read ahead
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], 1); // reads may come several at a time
        BinaryPrimitives.WriteUInt16LittleEndian(span[16..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(span[18..], 48);
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], 4096);
        Answer(unique, 0, answer);
    }

    void Lookup(ulong unique, ulong node, ReadOnlySpan<byte> body)
    {
        if (node != Root || !body[..^1].SequenceEqual(Name)) Answer(unique, NoEntry, []);
        else Answer(unique, 0, [.. Words(Image, 0), .. Words(long.MaxValue >> 1, long.MaxValue >> 1), .. Words(0, 0)[..8], .. Attributes(Image)]);
    }

    void Read(ulong unique, ReadOnlySpan<byte> body, RootClient client)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(body[8..]);
        int length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(body[16..]), Math.Max(0, _size - offset));
        if (length == 0) Answer(unique, 0, []);
        else client.Read(unique, offset, length);
    }

    public void Complete(CompletedRead read)
    {
        if (read.Buffer is null) Answer(read.Cookie, InputOutputError, []);
        else Answer(read.Cookie, 0, read.Buffer.AsSpan(0, read.Length));
    }

    void List(ulong unique, ulong offset)
    {
        if (offset > 0)
        {
            Answer(unique, 0, []);
            return;
        }
        byte[] entry = new byte[24 + 8];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, Image);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(16), Name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), 8);
        Name.CopyTo(entry.AsSpan(24));
        Answer(unique, 0, entry);
    }

    byte[] Attributes(ulong node)
    {
        byte[] attributes = new byte[88];
        Span<byte> span = attributes;
        BinaryPrimitives.WriteUInt64LittleEndian(span, node);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], node == Image ? _size : 0);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], node == Image ? (_size + 511) / 512 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(span[60..], node == Image ? 0x8124u : 0x416du); // a file 0444, a folder 0555
        BinaryPrimitives.WriteUInt32LittleEndian(span[64..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(span[80..], 4096);
        return attributes;
    }

    static byte[] Words(long first, long second)
    {
        byte[] words = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(words, first);
        BinaryPrimitives.WriteInt64LittleEndian(words.AsSpan(8), second);
        return words;
    }

    void Answer(ulong unique, int error, ReadOnlySpan<byte> data)
    {
        byte* header = stackalloc byte[HeaderOut];
        Span<byte> span = new(header, HeaderOut);
        BinaryPrimitives.WriteInt32LittleEndian(span, HeaderOut + data.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], -error);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], unique);
        fixed (byte* start = data)
        {
            Libc.Vector* vectors = stackalloc Libc.Vector[2];
            vectors[0] = new Libc.Vector { Base = header, Length = HeaderOut };
            vectors[1] = new Libc.Vector { Base = start, Length = (nuint)data.Length };
            // A request that was taken back has no answer any more: that is no failure.
            Libc.WriteVector(_file, vectors, data.Length > 0 ? 2 : 1);
        }
    }

    public void Dispose()
    {
        if (_file < 0) return;
        Libc.Unmount(folder, 2);
        Libc.Close(_file);
    }
}
