using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Files named on a front-end's command line: those of the user's home really exist, in the testbed's folder.</summary>
internal static class FrontendFiles
{
    /// <summary>Where the files of front-ends outside of the home are kept, by site.</summary>
    const string OwnFolder = ".testbed-frontends";

    /// <summary>
    /// The real path of a file in the home directory, where a program starts; other absolute paths are the front-end's own, or those of this machine
    /// where the front-end has no such file.
    /// </summary>
    public static string? Resolve(CommandContext context, string path)
    {
        if (ResolveOwn(context, path) is not string own) return null;
        bool isOutside = own.StartsWith(Path.Combine(context.World.HomeDirectory, OwnFolder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isOutside && !File.Exists(own) ? path : own;
    }

    /// <summary>The real path of a front-end's own file, whether it is there or not. Null: the testbed has no home.</summary>
    public static string? ResolveOwn(CommandContext context, string path)
    {
        string home = context.World.HomeDirectory;
        if (home.Length == 0) return null;
        string emulatedHome = $"/home/{context.User}";
        if (path == emulatedHome || path == "~") return home;
        if (path.StartsWith("~/", StringComparison.Ordinal)) path = path[2..];
        else if (path.StartsWith(emulatedHome + "/", StringComparison.Ordinal)) path = path[(emulatedHome.Length + 1)..];
        else if (path == home || path.StartsWith(home + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return path;
        else if (path.StartsWith('/')) return Path.Combine(home, OwnFolder, context.Site, path.TrimStart('/'));
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
