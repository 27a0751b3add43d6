using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace WaltG5k.BootFs;

/// <summary>
/// Opens an image with its hashes. They are made once, in one pass over the file, and kept in a file of their own as long as the image's size and
/// date stay: title, size, date, block size (8 bytes each), the hashes of the blocks, the digest.
/// </summary>
static class ImageIndex
{
    const int HeaderLength = 32;
    static ReadOnlySpan<byte> Title => "WG5KIDX1"u8;

    /// <exception cref="IOException">Also for an image that is empty or beyond the limit.</exception>
    public static ServedImage Open(string name, string path, string indexPath, int blockSize, CancellationToken cancellationToken)
    {
        SafeFileHandle image = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            long size = RandomAccess.GetLength(image);
            if (size is 0 or > Limits.Image) throw new IOException($"{path} has {size} bytes: an image has 1 to {Limits.Image >> 30} GiB");
            byte[] header = Header(size, File.GetLastWriteTimeUtc(image).Ticks, blockSize);
            ImageShape shape = new(size, blockSize);
            return TryOpen(name, path, image, indexPath, header, shape)
                ?? Make(name, path, image, indexPath, header, shape, cancellationToken);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    static byte[] Header(long size, long date, int blockSize)
    {
        byte[] header = new byte[HeaderLength];
        Title.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), size);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), date);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), blockSize);
        return header;
    }

    static ServedImage? TryOpen(string name, string path, SafeFileHandle image, string indexPath, byte[] header, ImageShape shape)
    {
        if (!File.Exists(indexPath)) return null;
        SafeFileHandle index = File.OpenHandle(indexPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            long leaves = (long)shape.Blocks * Limits.Hash;
            byte[] present = new byte[HeaderLength];
            if (RandomAccess.GetLength(index) != HeaderLength + leaves + Limits.Hash || RandomAccess.Read(index, present, 0) != HeaderLength
                || !present.AsSpan().SequenceEqual(header))
            {
                index.Dispose();
                return null;
            }
            byte[] pages = ReadPages(index, shape);
            byte[] digest = shape.HashImage(pages), kept = new byte[Limits.Hash];
            RandomAccess.Read(index, kept, HeaderLength + leaves);
            if (kept.AsSpan().SequenceEqual(digest)) return new ServedImage(name, path, image, index, shape, digest, pages, HeaderLength);
            index.Dispose();
            return null;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    static ServedImage Make(string name, string path, SafeFileHandle image, string indexPath, byte[] header, ImageShape shape,
        CancellationToken cancellationToken)
    {
        string fresh = indexPath + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(indexPath)!);
        using (FileStream output = new(fresh, FileMode.Create, FileAccess.Write))
        {
            output.Write(header);
            byte[] buffer = new byte[1 + shape.BlockSize];
            for (uint block = 0; block < shape.Blocks; block++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> data = buffer.AsSpan(1, shape.LengthOf(block));
                int read = 0;
                while (read < data.Length)
                {
                    int count = RandomAccess.Read(image, data[read..], shape.OffsetOf(block) + read);
                    if (count == 0) throw new EndOfStreamException($"{path} has become shorter");
                    read += count;
                }
                output.Write(SHA256.HashData(buffer.AsSpan(0, 1 + data.Length)));
            }
        }
        byte[] digest;
        using (SafeFileHandle made = File.OpenHandle(fresh)) digest = shape.HashImage(ReadPages(made, shape));
        using (FileStream output = new(fresh, FileMode.Append)) output.Write(digest);
        File.Move(fresh, indexPath, overwrite: true);
        return TryOpen(name, path, image, indexPath, header, shape) ?? throw new IOException($"the index {indexPath} cannot be read back");
    }

    static byte[] ReadPages(SafeFileHandle index, ImageShape shape)
    {
        byte[] pages = new byte[shape.Pages * Limits.Hash];
        byte[] leaves = new byte[Limits.LeavesPerPage * Limits.Hash];
        for (int page = 0; page < shape.Pages; page++)
        {
            int length = shape.LeavesOf(page) * Limits.Hash;
            if (RandomAccess.Read(index, leaves.AsSpan(0, length), HeaderLength + (long)page * leaves.Length) != length)
                throw new EndOfStreamException("an index that is cut off");
            ImageShape.HashPage(leaves.AsSpan(0, length)).CopyTo(pages.AsSpan(page * Limits.Hash));
        }
        return pages;
    }
}
