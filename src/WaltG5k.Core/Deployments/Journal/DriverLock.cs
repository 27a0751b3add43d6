namespace WaltG5k.Core.Deployments.Journal;

/// <summary>Held by the one process that drives a deployment. The system releases it when that process dies, however it dies.</summary>
sealed class DriverLock : IDisposable
{
    readonly FileStream _stream;

    DriverLock(FileStream stream) => _stream = stream;

    /// <summary>The lock, or null when somebody else holds it.</summary>
    public static DriverLock? TryTake(string folder)
    {
        try
        {
            return new DriverLock(new FileStream(Path.Combine(folder, "driver.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (DirectoryNotFoundException) { throw; }
        catch (IOException) { return null; }
        catch (UnauthorizedAccessException) { return null; }
    }

    public static bool IsHeld(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "driver.lock"))) return false;
        using DriverLock? mine = TryTake(folder);
        return mine is null;
    }

    public void Dispose() => _stream.Dispose();
}
