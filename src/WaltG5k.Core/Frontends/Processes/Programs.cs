namespace WaltG5k.Core.Frontends.Processes;

/// <summary>Finds programs as a shell does.</summary>
static class Programs
{
    public const int NotFound = 127, NotExecutable = 126;

    /// <summary>The file that the name stands for, or null and the status that a shell would end with.</summary>
    public static string? Find(string name, string? path, out int status)
    {
        status = 0;
        bool isPath = name.Contains('/', StringComparison.Ordinal);
        IEnumerable<string> candidates = isPath
            ? [name]
            : (path ?? Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => Path.Combine(d, name));
        string? unusable = null;
        foreach (string file in candidates.Where(File.Exists))
        {
            if (IsExecutable(file)) return file;
            unusable ??= file;
        }
        status = unusable is null ? NotFound : NotExecutable;
        return null;
    }

    /// <summary>Whether this machine has a program of that name.</summary>
    public static bool Exists(string name) => Find(name, null, out _) is not null;

    static bool IsExecutable(string file)
    {
        const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Executable) != 0;
    }
}
