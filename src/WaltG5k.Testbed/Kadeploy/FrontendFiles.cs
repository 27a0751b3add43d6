using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Files named on a front-end's command line: those of the user's home really exist, in the testbed's folder.</summary>
internal static class FrontendFiles
{
    /// <summary>The real path of a file in the home directory, where a program starts; other absolute paths are those of this machine.</summary>
    public static string? Resolve(CommandContext context, string path)
    {
        string home = context.World.HomeDirectory;
        if (home.Length == 0) return null;
        string emulatedHome = $"/home/{context.User}/";
        if (path.StartsWith("~/", StringComparison.Ordinal)) path = path[2..];
        else if (path.StartsWith(emulatedHome, StringComparison.Ordinal)) path = path[emulatedHome.Length..];
        return Path.Combine(home, path);
    }

    public static string? ReadOrNull(CommandContext context, string path)
        => Resolve(context, path) is string real && File.Exists(real) ? File.ReadAllText(real) : null;

    public static bool TryWrite(CommandContext context, string path, string content)
    {
        if (Resolve(context, path) is not string real || !Directory.Exists(Path.GetDirectoryName(real))) return false;
        File.WriteAllText(real, content);
        return true;
    }
}
