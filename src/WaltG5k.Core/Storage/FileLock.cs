namespace WaltG5k.Core.Storage;

/// <summary>
/// A lock held through an open file: by one process at a time, and given back by the system when that process dies, however it dies.
/// </summary>
sealed class FileLock : IDisposable
{
    readonly FileStream _stream;

    FileLock(FileStream stream) => _stream = stream;

    /// <summary>The lock, or null when somebody else holds it. The folder must exist.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (DirectoryNotFoundException) { throw; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }

    public static bool IsHeld(string path)
    {
        if (!File.Exists(path)) return false;
        using FileLock? mine = TryTake(path);
        return mine is null;
    }

    public void Dispose() => _stream.Dispose();
}
