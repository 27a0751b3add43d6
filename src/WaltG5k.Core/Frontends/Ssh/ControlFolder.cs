using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// The folder of the sockets over which ssh shares its connections: who can write to one works as the user, so nobody else may get in.
/// </summary>
sealed class ControlFolder
{
    /// <summary>A socket's path has 108 bytes on Linux and 104 elsewhere, of which ssh takes 17 while it makes one.</summary>
    const int LongestPath = 104 - 1 - 17;
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    ControlFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>A path for a socket that no other process uses.</summary>
    public string NewSocketName() =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessId:x}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}"));

    /// <summary>The user's own, in the runtime folder or the temporary one; made when it is not there.</summary>
    /// <exception cref="G5kException"><c>ControlFolderUnusable</c>.</exception>
    public static ControlFolder Open()
    {
        List<string> reasons = [];
        foreach (string path in Candidates())
        {
            if (TryUse(path, out string reason)) return new ControlFolder(path);
            reasons.Add(reason);
        }
        throw new G5kException("ControlFolderUnusable", ErrorKind.PermissionDenied,
            $"There is no private folder for ssh's sockets: {string.Join("; ", reasons)}", null,
            "Set XDG_RUNTIME_DIR to a short path of your own with mode 700.");
    }

    static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime) yield return System.IO.Path.Combine(runtime, "waltg5k");
        string user = OperatingSystem.IsWindows() ? Environment.UserName : GetUser().ToString(CultureInfo.InvariantCulture);
        yield return System.IO.Path.Combine(System.IO.Path.GetTempPath(), "waltg5k-" + user);
        yield return System.IO.Path.Combine("/tmp", "waltg5k-" + user);
    }

    /// <summary>Makes the folder, or checks that it is a real one of this user that nobody else may enter.</summary>
    internal static bool TryUse(string path, out string reason)
    {
        reason = "";
        if (Encoding.UTF8.GetByteCount(path) + 24 > LongestPath) reason = $"{path} is too long";
        else if (!OperatingSystem.IsWindows()) reason = MakeOrCheck(path);
        return reason.Length == 0;
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static string MakeOrCheck(string path)
    {
        try
        {
            Directory.CreateDirectory(path, Private);
            if ((File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0) return $"{path} is a link";
            if (GetOwner(path) is { } owner && owner != GetUser()) return $"{path} belongs to somebody else";
            return File.GetUnixFileMode(path) == Private ? "" : $"{path} has not mode 700";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Null where the system has no such call; then only the mode is checked.</summary>
    static uint? GetOwner(string path)
    {
        const int CurrentFolder = -100, NoFollow = 0x100, OwnerMask = 8, OwnerOffset = 20;
        byte[] status = new byte[256];
        try
        {
            return StatX(CurrentFolder, Encoding.UTF8.GetBytes(path + "\0"), NoFollow, OwnerMask, status) == 0
                ? BitConverter.ToUInt32(status, OwnerOffset)
                : throw new IOException($"{path} cannot be examined");
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern uint GetUser();

    /// <summary>statx: the one call of its kind whose record is alike on all processors.</summary>
    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int StatX(int folder, byte[] path, int flags, uint mask, [Out] byte[] status);
}
