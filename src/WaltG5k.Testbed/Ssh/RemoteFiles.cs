using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Ssh;

/// <summary>The file system of a node as far as it is emulated: the usual directories, and what was put there.</summary>
internal sealed class RemoteFiles(NodeDisk disk)
{
    static readonly HashSet<string> s_directories = new(StringComparer.Ordinal)
    {
        "/", "/bin", "/etc", "/home", "/opt", "/proc", "/root", "/run", "/srv", "/tmp", "/usr", "/usr/bin", "/usr/local", "/usr/local/bin", "/var",
            "/var/lib", "/var/log", "/var/tmp",
    };

    static readonly HashSet<string> s_waltDirectories = new(StringComparer.Ordinal) { "/etc/walt", "/var/lib/walt" };

    public NodeDisk Disk => disk;

    public bool HasWalt => disk.Environment?.StartsWith("walt-server", StringComparison.Ordinal) == true;

    /// <summary>Whether WalT's server was installed, with the environment or by packages.</summary>
    public bool HasWaltServer => HasWalt || disk.Files.ContainsKey("/usr/local/bin/walt-server-setup");

    /// <summary>Programs start in root's home.</summary>
    public static string Absolute(string path)
    {
        string full = path.StartsWith('/') ? path : "/root/" + (path.StartsWith("~/", StringComparison.Ordinal) ? path[2..] : path);
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }

    public bool IsFile(string path) => disk.Files.ContainsKey(Absolute(path));

    public bool IsDirectory(string path) => Absolute(path) is var full
        && (s_directories.Contains(full) || disk.Directories.Contains(full) || (HasWalt && s_waltDirectories.Contains(full)));

    public string? Read(string path) => disk.Files.GetValueOrDefault(Absolute(path));

    /// <summary>False where there is no such directory.</summary>
    public bool TryWrite(string path, string content, bool appends = false)
    {
        string full = Absolute(path);
        if (full == "/dev/null") return true;
        if (!IsDirectory(full[..Math.Max(1, full.LastIndexOf('/'))]) || IsDirectory(full)) return false;
        disk.Files[full] = (appends ? disk.Files.GetValueOrDefault(full) : null) + content;
        return true;
    }

    /// <summary>Makes a directory and those above it.</summary>
    public void MakeDirectories(string path)
    {
        for (string full = Absolute(path); full.Length > 1; full = full[..full.LastIndexOf('/')]) disk.Directories.Add(full);
    }

    public bool Remove(string path, bool recursively)
    {
        string full = Absolute(path);
        if (disk.Files.Remove(full)) return true;
        if (!recursively || !IsDirectory(full)) return false;
        foreach (string inner in disk.Files.Keys.Where(f => f.StartsWith(full + "/", StringComparison.Ordinal)).ToArray()) disk.Files.Remove(inner);
        disk.Directories.RemoveWhere(d => d == full || d.StartsWith(full + "/", StringComparison.Ordinal));
        return true;
    }
}
