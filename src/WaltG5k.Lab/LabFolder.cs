using WaltG5k.Core.Storage;

namespace WaltG5k.Lab;

/// <summary>
/// Where a lab is kept: <c>images/NAME</c> (with <c>fs</c>, <c>boot</c> and <c>image.json</c>), <c>cache</c> (the Debian that images are made from),
/// <c>keys</c>, and <c>run</c> while it runs.
/// </summary>
public sealed class LabFolder
{
    /// <summary>Folders of the server's that the lab covers by its own.</summary>
    static readonly string[] s_covered = ["/run", "/var/lib", "/opt", "/var/run", "/proc", "/sys", "/dev"];

    /// <summary>Of files that daemons give away.</summary>
    internal const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public LabFolder(string path) => Root = Path.GetFullPath(path);

    public static string GetDefault(string home) => Path.Combine(home, ".walt-g5k", "lab");

    public string Root { get; }
    public string Images => Path.Combine(Root, "images");
    public string Cache => Path.Combine(Root, "cache");
    public string Keys => Path.Combine(Root, "keys");
    /// <summary>Key, traces and hashes of the speculative root: the second lab knows what the boots of the first have read.</summary>
    public string BootFs => Path.Combine(Root, "bootfs");
    public string Run => Path.Combine(Root, "run");
    /// <summary>What the server has as <c>/var/lib/walt</c>.</summary>
    public string Walt => Path.Combine(Run, "walt");
    public string Logs => Path.Combine(Run, "logs");
    public string StateFile => Path.Combine(Run, "lab.json");
    public string LockFile => Path.Combine(Root, "lab.lock");
    public string NodeKey => Path.Combine(Keys, "root");
    public string HostKey => Path.Combine(Keys, "host");

    public string GetLog(string name) => Path.Combine(Logs, name + ".log");

    /// <summary>The folder of the system that would hide this one from the lab's server, or null.</summary>
    public string? HiddenBy => s_covered.FirstOrDefault(c => (Root + "/").StartsWith(c + "/", StringComparison.Ordinal));

    public void Create()
    {
        AtomicFile.CreateFolder(Root);
        foreach (string folder in new[] { Images, Cache, Keys }) AtomicFile.CreateFolder(folder);
    }

    public void DeleteRun()
    {
        if (Directory.Exists(Run)) Directory.Delete(Run, recursive: true);
    }

    public override string ToString() => Root;
}
