using System.Buffers.Binary;
using System.Text;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>Reads the root of a CD image as a Linux kernel does: the names of Joliet where there are any, else the plain ones.</summary>
internal static class IsoReader
{
    const int Sector = 2048, FirstDescriptor = 16;

    /// <summary>The label and the files by name; null: these bytes are no CD image.</summary>
    public static (string Label, IReadOnlyDictionary<string, byte[]> Files)? Read(ReadOnlySpan<byte> image)
    {
        string? label = null;
        int root = -1, size = 0;
        bool isJoliet = false;
        for (int sector = FirstDescriptor; (sector + 1) * Sector <= image.Length; sector++)
        {
            ReadOnlySpan<byte> descriptor = image.Slice(sector * Sector, Sector);
            if (!descriptor.Slice(1, 5).SequenceEqual("CD001"u8)) return null;
            if (descriptor[0] == 255) break;
            bool joliet = descriptor[0] == 2 && descriptor.Slice(88, 2).SequenceEqual("%/"u8);
            if (descriptor[0] == 1) label = Encoding.ASCII.GetString(descriptor.Slice(40, 32)).TrimEnd();
            if (descriptor[0] != 1 && !joliet) continue;
            root = BinaryPrimitives.ReadInt32LittleEndian(descriptor[(156 + 2)..]);
            size = BinaryPrimitives.ReadInt32LittleEndian(descriptor[(156 + 10)..]);
            isJoliet = joliet;
        }
        return label is null || root < 0 ? null : (label, ReadFolder(image, image.Slice(root * Sector, size), isJoliet));
    }

    static Dictionary<string, byte[]> ReadFolder(ReadOnlySpan<byte> image, ReadOnlySpan<byte> folder, bool isJoliet)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (int offset = 0; offset < folder.Length && folder[offset] > 0; offset += folder[offset])
        {
            ReadOnlySpan<byte> record = folder.Slice(offset, folder[offset]);
            if ((record[25] & 2) != 0) continue;
            ReadOnlySpan<byte> name = record.Slice(33, record[32]);
            string text = isJoliet ? Encoding.BigEndianUnicode.GetString(name) : Plain(Encoding.ASCII.GetString(name));
            int start = BinaryPrimitives.ReadInt32LittleEndian(record[2..]) * Sector;
            files[text] = image.Slice(start, BinaryPrimitives.ReadInt32LittleEndian(record[10..])).ToArray();
        }
        return files;
    }

    static string Plain(string name) => name.Split(';')[0].TrimEnd('.').ToLowerInvariant();
}
