using Microsoft.Win32.SafeHandles;

namespace WaltG5k.BootFs;

/// <summary>
/// An image as it was when its hashes were made: its file stays open, so that another file put in its place changes nothing for its clients.
/// </summary>
sealed class ServedImage : IDisposable
{
    readonly SafeFileHandle _image;
    readonly SafeFileHandle _index;
    readonly long _leavesAt;

    public ServedImage(string name, string path, SafeFileHandle image, SafeFileHandle index, ImageShape shape, byte[] digest, byte[] pages,
        long leavesAt)
    {
        (Name, Path, Shape, Digest, Pages) = (name, path, shape, digest, pages);
        (_image, _index, _leavesAt) = (image, index, leavesAt);
    }

    public string Name { get; }
    public string Path { get; }
    public ImageShape Shape { get; }
    public byte[] Digest { get; }
    /// <summary>The hashes of all pages of block hashes.</summary>
    public byte[] Pages { get; }

    /// <exception cref="IOException">Also when the file has become shorter.</exception>
    public void ReadBlocks(uint first, Span<byte> target) => ReadAll(_image, Shape.OffsetOf(first), target, Path);

    public void ReadLeaves(int page, Span<byte> target) =>
        ReadAll(_index, _leavesAt + (long)page * Limits.LeavesPerPage * Limits.Hash, target, "the index of " + Path);

    static void ReadAll(SafeFileHandle file, long offset, Span<byte> target, string path)
    {
        while (target.Length > 0)
        {
            int count = RandomAccess.Read(file, target, offset);
            if (count == 0) throw new EndOfStreamException($"{path} has become shorter");
            target = target[count..];
            offset += count;
        }
    }

    public void Dispose()
    {
        _image.Dispose();
        _index.Dispose();
    }
}
