using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Deployments.Journal;

/// <summary>Held by the one process that drives a deployment.</summary>
static class DriverLock
{
    public static FileLock? TryTake(string folder) => FileLock.TryTake(PathIn(folder));
    public static bool IsHeld(string folder) => FileLock.IsHeld(PathIn(folder));
    static string PathIn(string folder) => Path.Combine(folder, "driver.lock");
}
