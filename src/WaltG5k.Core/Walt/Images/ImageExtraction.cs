using System.Formats.Tar;

namespace WaltG5k.Core.Walt.Images;

/// <summary>
/// Unpacks an archive that came from an image, below one directory and nowhere else: no entry may lead out of it, by its name or by a link.
/// </summary>
/// <param name="root">The directory; it exists.</param>
/// <param name="overwrites">Replace files that are there.</param>
sealed class ImageExtraction(string root, bool overwrites, IReporter reporter)
{
    readonly string _root = Path.GetFullPath(root);

    /// <param name="rename">The name of an entry in the archive, to its name below the directory.</param>
    /// <returns>What the archive holds at its top.</returns>
    /// <exception cref="G5kException"><c>ImageArchiveUnsafe</c>, <c>FileExists</c>.</exception>
    /// <exception cref="InvalidDataException">It is no archive.</exception>
    public async Task<IReadOnlyList<string>> ExtractAsync(Stream archive, Func<string, string> rename, CancellationToken cancellationToken)
    {
        List<string> tops = [];
        TarReader reader = new(archive, leaveOpen: true);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                string name = rename(entry.Name.TrimEnd('/'));
                string path = Resolve(name, entry.Name);
                if (!name.Contains('/', StringComparison.Ordinal) && !tops.Contains(path)) tops.Add(path);
                await ExtractAsync(entry, path, rename, cancellationToken).ConfigureAwait(false);
            }
        }
        return tops;
    }

    async Task ExtractAsync(TarEntry entry, string path, Func<string, string> rename, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                MakeRoom(path);
                FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
                await using (file.ConfigureAwait(false))
                    if (entry.DataStream is { } content) await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                // Set-user-ID and the like mean nothing good here.
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, entry.Mode & (UnixFileMode)0b111_111_111);
                break;
            case TarEntryType.SymbolicLink:
                string target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, entry.LinkName));
                if (Path.IsPathRooted(entry.LinkName) || !IsBelow(target))
                    reporter.Warning($"The link {entry.Name} leads out of what is copied, to {entry.LinkName}, and is left out.");
                else
                {
                    MakeRoom(path);
                    File.CreateSymbolicLink(path, entry.LinkName);
                }
                break;
            case TarEntryType.HardLink:
                string source = Resolve(rename(entry.LinkName), entry.LinkName);
                MakeRoom(path);
                File.Copy(source, path);
                break;
            default:
                reporter.Warning($"{entry.Name} is no regular file, and is left out.");
                break;
        }
    }

    void MakeRoom(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
            throw new G5kException("FileExists", ErrorKind.ResourceExists, $"{path} is a directory: it is not replaced by a file.", path,
                "Copy to another directory.");
        if (new FileInfo(path) is not { Exists: true } and not { LinkTarget: not null }) return;
        if (!overwrites) throw new G5kException("FileExists", ErrorKind.ResourceExists, $"There is a file {path} already.", path,
            "Copy to another directory, or give -Force.");
        File.Delete(path);
    }

    string Resolve(string name, string shown)
    {
        if (name.Length == 0 || name.StartsWith('/') || name.Split('/', '\\').Contains("..")) throw Unsafe(shown);
        string path = Path.GetFullPath(Path.Combine(_root, name));
        if (!IsBelow(path)) throw Unsafe(shown);
        // A directory on the way that is a link would lead elsewhere.
        for (string? parent = Path.GetDirectoryName(path); parent is not null && IsBelow(parent); parent = Path.GetDirectoryName(parent))
            if (new DirectoryInfo(parent).LinkTarget is not null) throw Unsafe(shown);
        return path;
    }

    bool IsBelow(string path) => path.StartsWith(_root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    static G5kException Unsafe(string name) => new("ImageArchiveUnsafe", ErrorKind.InvalidData,
        $"The image holds a file whose name leads out of the directory it is copied to: '{name}'. Nothing more was copied.", name,
        "Look at the files in the image: Enter-WaltImage");
}
