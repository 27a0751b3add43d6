using System.Formats.Tar;
using System.Text;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.Walt.Images;

/// <summary>
/// The files of an image, or of a container made from it, as far as they are emulated: the usual directories of a system, a few files of its own, and
/// what was put there. Binary files are text of one character per byte. Under the world's lock.
/// </summary>
internal sealed class ImageFiles
{
    const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Program = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>What a shell in a container works on.</summary>
    public NodeDisk Disk { get; } = new();
    /// <summary>Files that are no UTF-8.</summary>
    public SortedSet<string> Binaries { get; } = new(StringComparer.Ordinal);
    /// <summary>Modes other than those of plain files.</summary>
    public SortedDictionary<string, int> Modes { get; } = new(StringComparer.Ordinal);

    RemoteFiles Files => new(Disk);

    /// <summary>The files of an image as it comes from the hub.</summary>
    public static ImageFiles CreateInitial(string name)
    {
        ImageFiles files = new();
        files.Disk.Files["/etc/os-release"] = $"PRETTY_NAME=\"WalT image {name}\"\nID=walt\n";
        files.Disk.Files["/root/.profile"] = "export PATH=/usr/local/bin:/usr/bin:/bin\n";
        files.Put("/bin/walt-reboot", "#!/bin/sh\nexec walt-ipxe-kexec-reboot\n"u8.ToArray(), Program);
        return files;
    }

    public ImageFiles Copy()
    {
        ImageFiles copy = new();
        foreach ((string path, string content) in Disk.Files) copy.Disk.Files[path] = content;
        copy.Disk.Directories.UnionWith(Disk.Directories);
        copy.Binaries.UnionWith(Binaries);
        foreach ((string path, int mode) in Modes) copy.Modes[path] = mode;
        return copy;
    }

    /// <summary><c>f</c>, <c>d</c>, or null where there is nothing.</summary>
    public string? GetKind(string path) => Files.IsFile(path) ? "f" : Files.IsDirectory(path) ? "d" : null;

    public byte[] Read(string path) => (Binaries.Contains(path) ? Encoding.Latin1 : Encoding.UTF8).GetBytes(Disk.Files[path]);

    public void Put(string path, byte[] content, UnixFileMode mode)
    {
        Binaries.Remove(path);
        try
        {
            Disk.Files[path] = s_strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            Disk.Files[path] = Encoding.Latin1.GetString(content);
            Binaries.Add(path);
        }
        if (mode == Plain) Modes.Remove(path);
        else Modes[path] = (int)mode;
        Files.MakeDirectories(Parent(path));
    }

    /// <summary>What <c>tar x</c> does in that directory. Links are emulated as files that hold their target.</summary>
    /// <exception cref="InvalidDataException">It is no archive.</exception>
    public async Task ReadArchiveAsync(Stream archive, string directory, CancellationToken cancellationToken)
    {
        TarReader reader = new(archive, leaveOpen: true);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.GetNextEntryAsync(copyData: true, cancellationToken).ConfigureAwait(false) is TarEntry entry)
            {
                string path = Combine(directory, entry.Name);
                if (entry.EntryType == TarEntryType.Directory) Files.MakeDirectories(path);
                else if (entry.EntryType == TarEntryType.SymbolicLink) Put(path, Encoding.UTF8.GetBytes(entry.LinkName), Plain);
                else Put(path, await ReadAllAsync(entry, cancellationToken).ConfigureAwait(false), entry.Mode);
            }
        }
    }

    /// <summary>What <c>tar c</c> gives of a file or directory, under another name.</summary>
    public async Task WriteArchiveAsync(Stream archive, string path, string name, CancellationToken cancellationToken)
    {
        TarWriter writer = new(archive, TarEntryFormat.Gnu, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            if (GetKind(path) == "f") await WriteFileAsync(writer, path, name, cancellationToken).ConfigureAwait(false);
            else
            {
                await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, name + "/"), cancellationToken).ConfigureAwait(false);
                foreach (string inner in Disk.Directories.Where(d => d.StartsWith(path + "/", StringComparison.Ordinal)))
                    await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, name + inner[path.Length..] + "/"), cancellationToken)
                        .ConfigureAwait(false);
                foreach (string inner in Disk.Files.Keys.Where(f => f.StartsWith(path + "/", StringComparison.Ordinal)))
                    await WriteFileAsync(writer, inner, name + inner[path.Length..], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    async Task WriteFileAsync(TarWriter writer, string path, string name, CancellationToken cancellationToken)
    {
        GnuTarEntry entry = new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Read(path)),
            Mode = (UnixFileMode)Modes.GetValueOrDefault(path, (int)Plain) };
        await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    static async Task<byte[]> ReadAllAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        if (entry.DataStream is not null) await entry.DataStream.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
        return content.ToArray();
    }

    static string Combine(string directory, string name)
    {
        string relative = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        return $"{directory.TrimEnd('/')}/{relative.Trim('/')}" is var path && path.Length > 1 ? path.TrimEnd('/') : "/";
    }

    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and int last ? path[..last] : "/";
}
