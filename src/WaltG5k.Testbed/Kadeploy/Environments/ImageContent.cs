using System.Formats.Tar;
using System.IO.Compression;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>Images as tgz-g5k makes them: a tar archive of a node's files, compressed.</summary>
internal static class ImageContent
{
    /// <summary>The files by absolute path. Empty for what is no such archive: deploying it brings nothing that could be looked at.</summary>
    public static SortedDictionary<string, string> Read(byte[] image)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        try
        {
            using Stream archive = Unpack(image);
            using TarReader reader = new(archive);
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    files["/" + entry.Name.TrimStart('.', '/')] = entry.DataStream is { } data ? NodeBytes.ToText(ReadAll(data)) : "";
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException) { files.Clear(); }
        return files;
    }

    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> files, bool asZstd)
    {
        using MemoryStream tar = new();
        using (TarWriter writer = new(tar, leaveOpen: true))
        {
            foreach ((string path, string content) in files)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile,
                    "." + path) { DataStream = new MemoryStream(NodeBytes.FromText(content)) });
        }
        return asZstd ? StoredZstd.Pack(tar.ToArray()) : Zip(tar.ToArray());
    }

    /// <summary>Whether an archive is whole, as <c>gzip -t</c> and <c>zstd -t</c> find out.</summary>
    public static bool IsWhole(byte[] image)
    {
        try
        {
            using Stream archive = Unpack(image);
            archive.CopyTo(Stream.Null);
            // The unpacker of .NET is content with a stream that simply ends.
            return StoredZstd.IsZstd(image) || BitConverter.ToUInt32(image, image.Length - 4) == Length(image);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException) { return false; }
    }

    static uint Length(byte[] image)
    {
        using Stream archive = Unpack(image);
        return (uint)ReadAll(archive).LongLength;
    }

    static Stream Unpack(byte[] image) => StoredZstd.IsZstd(image)
        ? new MemoryStream(StoredZstd.Unpack(image))
        : new GZipStream(new MemoryStream(image), CompressionMode.Decompress);

    static byte[] Zip(byte[] content)
    {
        using MemoryStream packed = new();
        // Stored, like the zstd of the other form: an image of nothing but text would shrink to next to nothing.
        using (GZipStream zip = new(packed, CompressionLevel.NoCompression)) zip.Write(content);
        return packed.ToArray();
    }

    static byte[] ReadAll(Stream stream)
    {
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
