using System.Formats.Tar;

namespace WaltG5k.Core.Walt.Images;

/// <summary>Writes files and directories of this machine as a tar archive in which everything belongs to root, as WalT's client does.</summary>
sealed class ImageArchive(Stream output, IReporter reporter) : IAsyncDisposable
{
    // The format that every tar reads, busybox's too, with names of any length.
    readonly TarWriter _writer = new(output, TarEntryFormat.Gnu, leaveOpen: true);

    /// <summary>Files written so far.</summary>
    public int Count { get; private set; }

    /// <param name="name">In the archive; empty: the content of a directory without the directory itself.</param>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public async Task AddAsync(FileSystemInfo item, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (item.LinkTarget is { } target)
        {
            await WriteAsync(new GnuTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }, item, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (item is DirectoryInfo directory)
        {
            if (name.Length > 0) await WriteAsync(new GnuTarEntry(TarEntryType.Directory, name + "/"), item, cancellationToken).ConfigureAwait(false);
            foreach (FileSystemInfo inner in directory.EnumerateFileSystemInfos().OrderBy(i => i.Name, StringComparer.Ordinal))
                await AddAsync(inner, name.Length > 0 ? $"{name}/{inner.Name}" : inner.Name, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!item.Attributes.HasFlag(FileAttributes.Normal) && item.Attributes.HasFlag(FileAttributes.Device))
        {
            reporter.Warning($"{item.FullName} is no regular file, and is left out.");
            return;
        }
        FileStream content = new(item.FullName,
            new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        await using (content.ConfigureAwait(false))
            await WriteAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, item, cancellationToken).ConfigureAwait(false);
        Count++;
    }

    Task WriteAsync(GnuTarEntry entry, FileSystemInfo item, CancellationToken cancellationToken)
    {
        entry.UserName = entry.GroupName = "root";
        entry.ModificationTime = item.LastWriteTimeUtc;
        if (!OperatingSystem.IsWindows()) entry.Mode = item.UnixFileMode;
        return _writer.WriteEntryAsync(entry, cancellationToken);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
