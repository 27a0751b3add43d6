using System.Globalization;
using System.Text;

namespace WaltG5k.Lab.Images;

/// <summary>Writes the archive that the kernel unpacks as its first file system: cpio in the "newc" form.</summary>
sealed class CpioArchive(Stream target) : IDisposable
{
    const int Directory = 0x4000, File = 0x8000, Link = 0xA000, Device = 0x2000;
    const string Trailer = "TRAILER!!!";

    long _written;
    int _number;

    public void AddDirectory(string name) => Add(name, Directory | 0b111_101_101, []);

    public void AddFile(string name, ReadOnlySpan<byte> content, bool isExecutable = false) =>
        Add(name, File | (isExecutable ? 0b111_101_101 : 0b110_100_100), content);

    public void AddLink(string name, string to) => Add(name, Link | 0b111_111_111, Encoding.UTF8.GetBytes(to));

    public void AddCharacterDevice(string name, int major, int minor) => Add(name, Device | 0b110_000_000, [], major, minor);

    public void Dispose() => Add(Trailer, 0, []);

    void Add(string name, int mode, ReadOnlySpan<byte> content, int major = 0, int minor = 0)
    {
        byte[] path = Encoding.UTF8.GetBytes(name.TrimStart('/') + '\0');
        int links = (mode & Directory) != 0 && (mode & Link) != Link ? 2 : 1;
        int[] fields = [++_number, mode, 0, 0, links, 0, content.Length, 0, 0, major, minor, path.Length, 0];
        Write(Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(f => f.ToString("X8", CultureInfo.InvariantCulture)))));
        Write(path);
        Pad();
        Write(content);
        Pad();
    }

    void Write(ReadOnlySpan<byte> bytes)
    {
        target.Write(bytes);
        _written += bytes.Length;
    }

    void Pad()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0];
        Write(zeros[..(int)((4 - _written % 4) % 4)]);
    }
}
