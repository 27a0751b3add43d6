using System.Security.Cryptography;
using System.Text;

namespace WaltG5k.Testbed.State;

/// <summary>The folder of a kept testbed: its home, its lock, its socket.</summary>
static class StateFolder
{
    // The longest path that every system takes for a Unix socket, with its final NUL.
    const int SocketPathLimit = 104;

    /// <summary>Creates the folder, for its owner only, and gives its full path.</summary>
    /// <exception cref="Core.G5kException"><c>TestbedStateUnavailable</c>.</exception>
    public static string Prepare(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            CreatePrivate(full);
            Directory.CreateDirectory(HomeIn(full));
            return full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SavedState.Unavailable(full, e);
        }
    }

    public static string HomeIn(string folder) => Path.Combine(folder, "home");

    /// <summary>
    /// Takes the folder for this grid until the result is disposed, or gives null: another one has it. The system frees it when its process dies.
    /// </summary>
    /// <exception cref="Core.G5kException"><c>TestbedStateUnavailable</c>.</exception>
    public static IDisposable? TryOwn(string folder)
    {
        string path = Path.Combine(folder, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw SavedState.Unavailable(folder, e);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (IOException e)
        {
            throw SavedState.Unavailable(folder, e);
        }
    }

    /// <summary>Where the folder's owner listens. A path too long for a socket is replaced by a short one in the user's runtime folder.</summary>
    public static string GetSocketPath(string folder)
    {
        string path = Path.Combine(folder, "testbed.sock");
        if (Encoding.UTF8.GetByteCount(path) < SocketPathLimit) return path;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        return Path.Combine(GetRuntimeFolder(), $"waltg5k-{hash}.sock");
    }

    static string GetRuntimeFolder()
    {
        string? given = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (Directory.Exists(given)) return given;
        string own = Path.Combine(Path.GetTempPath(), $"waltg5k-{Environment.UserName}");
        CreatePrivate(own);
        return own;
    }

    static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
