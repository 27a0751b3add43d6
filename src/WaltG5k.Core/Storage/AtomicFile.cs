namespace WaltG5k.Core.Storage;

/// <summary>Files that are either old or new, never half-written, whatever happens to the process or the machine.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes through a temporary file beside the target, synced to disk, then renamed over it. Files and new folders are for the user alone.
    /// </summary>
    /// <exception cref="G5kException"><c>FileNotWritten</c>: read-only, full, or no permission.</exception>
    public static void Write(string path, string text)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Path.GetRandomFileName()}.tmp";
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            try { File.Delete(temporary); } catch (Exception x) when (x is IOException or UnauthorizedAccessException) { /* the first failure is the one to tell */ }
            throw NotWritten(path, e);
        }
    }

    /// <summary>Deletes a file if it is there.</summary>
    public static void Delete(string path)
    {
        try { File.Delete(path); }
        catch (DirectoryNotFoundException) { /* gone already */ }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw NotWritten(path, e); }
    }

    /// <summary>Makes a folder and its parents, readable by the user alone where they are new.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw NotWritten(folder, e); }
    }

    /// <summary>The failure of a write, with what to do about it.</summary>
    public static G5kException NotWritten(string path, Exception cause) => new("FileNotWritten", ErrorKind.WriteError,
        $"{path} could not be written: {cause.Message}", path,
        "Check that the disk is neither full nor read-only (df -h, quota) and that the folder belongs to you.", cause);
}
