using System.Formats.Tar;

namespace WaltG5k.Core.Walt;

/// <summary>Files and folders of this machine as a tar archive, and the reverse.</summary>
static class NodeArchive
{
    /// <summary>Writes files and folders, each under its own name.</summary>
    /// <returns>Number of files, and their bytes.</returns>
    public static async Task<(int Count, long Length)> WriteAsync(IReadOnlyList<string> paths, Stream output, Action<long>? onBytes,
        CancellationToken cancellationToken)
    {
        int count = 0;
        long length = 0;
        TarWriter writer = new(output, TarEntryFormat.Pax, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            foreach (string path in paths)
            {
                string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
                string parent = Path.GetDirectoryName(root) ?? root;
                IEnumerable<string> entries = Directory.Exists(root)
                    ? Directory.EnumerateFileSystemEntries(root, "*", s_everything).Prepend(root)
                    : [root];
                foreach (string entry in entries)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await writer.WriteEntryAsync(entry, Path.GetRelativePath(parent, entry).Replace('\\', '/'), cancellationToken)
                        .ConfigureAwait(false);
                    FileInfo file = new(entry);
                    if (!file.Exists || file.LinkTarget is not null) continue;
                    count++;
                    length += file.Length;
                    onBytes?.Invoke(length);
                }
            }
        }
        return (count, length);
    }

    /// <summary>Unpacks below a folder; nothing is ever written outside of it.</summary>
    /// <returns>Number of files, and their bytes.</returns>
    public static async Task<(int Count, long Length)> ReadAsync(Stream input, string folder, Action<long>? onBytes,
        CancellationToken cancellationToken)
    {
        int count = 0;
        long length = 0;
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(root);
        TarReader reader = new(input, leaveOpen: true);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                string path = Path.GetFullPath(Path.Combine(root, entry.Name));
                if (!(path + Path.DirectorySeparatorChar).StartsWith(root, StringComparison.Ordinal))
                    throw new G5kException("ArchiveUnsafe", ErrorKind.InvalidData,
                        $"The node sends a file that would not stay in {folder}: '{entry.Name}'.", entry.Name, "Is the node what it should be?");
                if (entry.EntryType == TarEntryType.Directory)
                {
                    Directory.CreateDirectory(path);
                    continue;
                }
                // Links could lead out of the folder, devices belong to the node.
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)) continue;
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await entry.ExtractToFileAsync(path, overwrite: true, cancellationToken).ConfigureAwait(false);
                count++;
                length += entry.Length;
                onBytes?.Invoke(length);
            }
        }
        return (count, length);
    }

    static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
}
