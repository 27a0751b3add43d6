using System.Buffers.Binary;
using System.Text;

namespace WaltG5k.Core.VirtualMachines.Seeds;

/// <summary>
/// A CD image (ISO 9660, ECMA-119) with a few files in its root, as bytes. Every system finds each file under its own name: by the Joliet extension,
/// or, without it, by the plain name in capitals. Nothing in it depends on the day: the same files give the same bytes.
/// </summary>
static class Iso9660Image
{
    const int Sector = 2048;
    /// <summary>16 empty sectors come first, then the descriptors.</summary>
    const int PrimarySector = 16, JolietSector = 17, EndSector = 18;
    /// <summary>Path tables: little and big endian, plain and Joliet; then the two root directories.</summary>
    const int PathTables = 19, PlainRoot = 23, JolietRoot = 24, FirstFile = 25;
    /// <summary>Of a path table that knows the root alone.</summary>
    const int PathTableSize = 10;
    const byte RootName = 0, ParentName = 1;

    /// <param name="volume">Up to 16 characters.</param>
    /// <param name="files">By name; the directory of each kind must fit in one sector.</param>
    public static byte[] Write(string volume, IReadOnlyList<(string Name, byte[] Content)> files)
    {
        var places = new List<Extent>();
        int next = FirstFile;
        foreach ((string name, byte[] content) in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            places.Add(new Extent(name, next, content));
            next += (content.Length + Sector - 1) / Sector;
        }
        byte[] image = new byte[next * Sector];
        WriteDescriptor(Part(image, PrimarySector), volume, next, isJoliet: false);
        WriteDescriptor(Part(image, JolietSector), volume, next, isJoliet: true);
        WriteHead(Part(image, EndSector), 255);
        for (int table = 0; table < 4; table++)
            WritePathTable(Part(image, PathTables + table), table < 2 ? PlainRoot : JolietRoot, isBigEndian: table % 2 == 1);
        WriteDirectory(Part(image, PlainRoot), PlainRoot, places, PlainName);
        WriteDirectory(Part(image, JolietRoot), JolietRoot, places, Encoding.BigEndianUnicode.GetBytes);
        foreach (Extent place in places) place.Content.CopyTo(image, place.Sector * Sector);
        return image;
    }

    sealed record Extent(string Name, int Sector, byte[] Content);

    static Span<byte> Part(byte[] image, int sector) => image.AsSpan(sector * Sector, Sector);

    /// <summary>As kernels without Joliet show it: in small letters, without the version.</summary>
    static byte[] PlainName(string name) =>
        Encoding.ASCII.GetBytes($"{name.ToUpperInvariant()}{(name.Contains('.', StringComparison.Ordinal) ? "" : ".")};1");

    static void WriteHead(Span<byte> at, byte kind)
    {
        at[0] = kind;
        "CD001"u8.CopyTo(at[1..]);
        at[6] = 1;
    }

    static void WriteDescriptor(Span<byte> at, string volume, int sectors, bool isJoliet)
    {
        Encoding encoding = isJoliet ? Encoding.BigEndianUnicode : Encoding.ASCII;
        void Fill(Span<byte> field, string text)
        {
            int width = isJoliet ? field.Length / 2 : field.Length;
            encoding.GetBytes(text.PadRight(width)[..width]).CopyTo(field);
        }

        WriteHead(at, isJoliet ? (byte)2 : (byte)1);
        Fill(at.Slice(8, 32), "LINUX");
        Fill(at.Slice(40, 32), volume);
        WriteBoth(at.Slice(80, 8), sectors);
        if (isJoliet) "%/E"u8.CopyTo(at[88..]); // UCS-2, level 3
        WriteBothShort(at.Slice(120, 4), 1);
        WriteBothShort(at.Slice(124, 4), 1);
        WriteBothShort(at.Slice(128, 4), Sector);
        WriteBoth(at.Slice(132, 8), PathTableSize);
        int table = PathTables + (isJoliet ? 2 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(at[140..], table);
        BinaryPrimitives.WriteInt32BigEndian(at[148..], table + 1);
        WriteRecord(at[156..], isJoliet ? JolietRoot : PlainRoot, Sector, isDirectory: true, [RootName]);
        // Set, publisher, preparer, application, and the names of three files that are not there.
        foreach ((int start, int length) in (ReadOnlySpan<(int, int)>)[(190, 128), (318, 128), (446, 128), (574, 128), (702, 37), (739, 37),
            (776, 37)]) Fill(at.Slice(start, length), "");
        // Made, changed, expires, takes effect: sixteen zeros as digits and an offset of zero mean "not said".
        for (int date = 0; date < 4; date++) at.Slice(813 + 17 * date, 16).Fill((byte)'0');
        at[881] = 1;
    }

    static void WritePathTable(Span<byte> at, int root, bool isBigEndian)
    {
        at[0] = 1;
        if (isBigEndian) BinaryPrimitives.WriteInt32BigEndian(at[2..], root);
        else BinaryPrimitives.WriteInt32LittleEndian(at[2..], root);
        // The root is its own parent, number 1.
        at[isBigEndian ? 7 : 6] = 1;
    }

    static void WriteDirectory(Span<byte> at, int self, List<Extent> files, Func<string, byte[]> encode)
    {
        int offset = WriteRecord(at, self, Sector, isDirectory: true, [RootName]);
        offset += WriteRecord(at[offset..], self, Sector, isDirectory: true, [ParentName]);
        foreach (Extent file in files) offset += WriteRecord(at[offset..], file.Sector, file.Content.Length, isDirectory: false, encode(file.Name));
    }

    static int WriteRecord(Span<byte> at, int sector, int size, bool isDirectory, byte[] name)
    {
        const int fixedPart = 33;
        int length = (fixedPart + name.Length + 1) & ~1;
        at[0] = (byte)length;
        WriteBoth(at.Slice(2, 8), sector);
        WriteBoth(at.Slice(10, 8), size);
        // 1970-01-01 00:00:00.
        (at[18], at[19], at[20]) = (70, 1, 1);
        at[25] = isDirectory ? (byte)2 : (byte)0;
        WriteBothShort(at.Slice(28, 4), 1);
        at[32] = (byte)name.Length;
        name.CopyTo(at[fixedPart..]);
        return length;
    }

    /// <summary>A number in both byte orders.</summary>
    static void WriteBoth(Span<byte> at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(at, value);
        BinaryPrimitives.WriteInt32BigEndian(at[4..], value);
    }

    static void WriteBothShort(Span<byte> at, short value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(at, value);
        BinaryPrimitives.WriteInt16BigEndian(at[2..], value);
    }
}
