using System.Buffers.Binary;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>Zstandard frames (RFC 8878) whose blocks are stored as they are: any zstd unpacks them, and no library is needed to write them.</summary>
internal static class StoredZstd
{
    const uint Magic = 0xFD2FB528;
    const int BlockSize = 128 * 1024;
    /// <summary>A single segment whose content size takes eight bytes.</summary>
    const byte Descriptor = 0b1110_0000;
    const int HeaderSize = 4 + 1 + 8;

    public static bool IsZstd(ReadOnlySpan<byte> data) => data.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(data) == Magic;

    public static byte[] Pack(byte[] content)
    {
        using MemoryStream frame = new();
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        header[4] = Descriptor;
        BinaryPrimitives.WriteUInt64LittleEndian(header[5..], (ulong)content.LongLength);
        frame.Write(header);
        int start = 0;
        do
        {
            int length = Math.Min(BlockSize, content.Length - start);
            bool isLast = start + length == content.Length;
            // Three bytes: last block, type 0 (raw), size.
            int block = length << 3 | (isLast ? 1 : 0);
            frame.Write([(byte)block, (byte)(block >> 8), (byte)(block >> 16)]);
            frame.Write(content, start, length);
            start += length;
        }
        while (start < content.Length);
        return frame.ToArray();
    }

    /// <exception cref="InvalidDataException">It is cut, or was not written here.</exception>
    public static byte[] Unpack(byte[] frame)
    {
        if (frame.Length < HeaderSize || frame[4] != Descriptor) throw new InvalidDataException("This is no stored frame.");
        using MemoryStream content = new();
        int position = HeaderSize;
        while (true)
        {
            if (position + 3 > frame.Length) throw new InvalidDataException("The frame is cut.");
            int block = frame[position] | frame[position + 1] << 8 | frame[position + 2] << 16;
            int length = block >> 3;
            position += 3;
            if ((block & 6) != 0 || position + length > frame.Length) throw new InvalidDataException("The frame is cut.");
            content.Write(frame, position, length);
            position += length;
            if ((block & 1) != 0) return content.ToArray();
        }
    }
}
