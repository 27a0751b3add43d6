using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Ssh;
using WaltG5k.Testbed.VirtualMachines;

namespace WaltG5k.Testbed.Commands;

/// <summary>
/// The files of a front-end, as its programs see them. The home really exists in the testbed's folder and is the same at every site; what lies
/// elsewhere, such as in <c>/tmp</c>, is the site's own and is kept in a hidden folder of the home. Files of running jobs in <c>/var/lib/oar</c> and
/// the configuration of Kadeploy's
/// clients are made as they are read.
/// </summary>
internal sealed class SiteFiles(CommandContext context)
{
    const string JobFolder = "/var/lib/oar/";
    static readonly HashSet<string> s_directories = new(StringComparer.Ordinal) { "/", "/home", "/tmp", "/var", "/var/tmp", "/var/lib",
        "/var/lib/oar", "/etc", "/etc/kadeploy3" };

    string EmulatedHome => $"/home/{context.User}";

    /// <summary>The folder in which a relative path begins.</summary>
    public string CurrentDirectory => context.Environment.GetValueOrDefault("PWD") ?? EmulatedHome;

    /// <summary>The full emulated path.</summary>
    public string Absolute(string path)
    {
        string full = path is "~" ? EmulatedHome
            : path.StartsWith("~/", StringComparison.Ordinal) ? EmulatedHome + path[1..]
            : path.StartsWith('/') ? path
            : $"{CurrentDirectory.TrimEnd('/')}/{path}";
        var parts = new List<string>();
        foreach (string part in full.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "." || (part == ".." && parts.Count == 0)) continue;
            if (part == "..") parts.RemoveAt(parts.Count - 1);
            else parts.Add(part);
        }
        return "/" + string.Join('/', parts);
    }

    public bool IsDirectory(string path) =>
        s_directories.Contains(Absolute(path)) || StandardImages.IsDirectory(Absolute(path)) || (Locate(path) is { } real && Directory.Exists(real));

    public bool Exists(string path) => IsDirectory(path) || IsFile(path);

    /// <summary>What every home has had since its account was made.</summary>
    string? UnlessWritten(string path) => path == $"{EmulatedHome}/.ssh/id_rsa.pub"
        ? $"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDtestbed {context.User}@grid5000\n"
        : null;

    public bool IsFile(string path) => MadeFile(path) is not null || (Locate(path) is { } real && File.Exists(real));

    /// <summary>A file that belongs to the user.</summary>
    public bool IsOwn(string path) => Absolute(path).StartsWith(EmulatedHome + "/", StringComparison.Ordinal) && IsFile(path);

    /// <summary>The text of a file, or null: there is none.</summary>
    public string? Read(string path)
    {
        if (MadeFile(path) is { } made) return made;
        if (Locate(path) is not { } real || !File.Exists(real)) return UnlessWritten(Absolute(path));
        // A job may be writing to it.
        return NodeBytes.ToText(ReadShared(real));
    }

    /// <summary>What a file holds, or null: there is none.</summary>
    public byte[]? ReadBytes(string path) => MadeFile(path) is { } made ? NodeBytes.FromText(made) : Locate(path) is { } real && File.Exists(real)
        ? ReadShared(real) : null;

    /// <summary>
    /// Writes what a program prints into a file, as a shell's redirection does. Null: done; else why not, and a full disk has taken only a part.
    /// </summary>
    public string? Redirect(string path, string content, bool appends)
    {
        bool isFull = content.Length > 0 && Absolute(path) != "/dev/null" && context.World.Faults.Strikes(FaultNames.FrontendDiskFull, context.Site);
        if (!TryWrite(path, isFull ? content[..(content.Length / 2)] : content, appends)) return FrontendPrograms.NoSuchFile;
        return isFull ? "No space left on device" : null;
    }

    static byte[] ReadShared(string real)
    {
        using var stream = new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>False where there is no such directory.</summary>
    public bool TryWrite(string path, string content, bool appends = false)
    {
        string full = Absolute(path);
        if (full == "/dev/null") return true;
        if (!TryLocateNew(full, out string real)) return false;
        byte[] bytes = NodeBytes.FromText(content);
        if (appends) File.AppendAllBytes(real, bytes);
        else File.WriteAllBytes(real, bytes);
        return true;
    }

    /// <summary>Makes a directory and those above it.</summary>
    public bool TryMakeDirectories(string path)
    {
        if (Locate(path) is not { } real || File.Exists(real)) return false;
        Directory.CreateDirectory(real);
        return true;
    }

    public bool TryMove(string from, string to, bool keeps)
    {
        string target = IsDirectory(to) ? $"{Absolute(to)}/{Absolute(from)[(Absolute(from).LastIndexOf('/') + 1)..]}" : Absolute(to);
        if (Locate(from) is not { } source || !File.Exists(source) || !TryLocateNew(target, out string real)) return false;
        if (keeps) File.Copy(source, real, overwrite: true);
        else File.Move(source, real, overwrite: true);
        return true;
    }

    public bool Remove(string path, bool recursively)
    {
        if (Locate(path) is not { } real) return false;
        if (File.Exists(real))
        {
            File.Delete(real);
            return true;
        }
        // The home itself stays, whatever is asked.
        if (!recursively || !Directory.Exists(real) || Absolute(path) == EmulatedHome) return false;
        Directory.Delete(real, recursive: true);
        return true;
    }

    public IEnumerable<string> List(string path) =>
        StandardImages.IsDirectory(Absolute(path)) ? StandardImages.List(Absolute(path))
        : Locate(path) is { } real && Directory.Exists(real)
            ? Directory.EnumerateFileSystemEntries(real).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)
            : [];

    bool TryLocateNew(string full, out string real)
    {
        real = Locate(full) ?? "";
        string folder = full[..Math.Max(1, full.LastIndexOf('/'))];
        if (real.Length == 0 || IsDirectory(full) || !IsDirectory(folder) || StandardImages.IsDirectory(folder)) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        return true;
    }

    // Null: a testbed without a home has no files.
    string? Locate(string path) => FrontendFiles.ResolveOwn(context, Absolute(path));

    string? MadeFile(string path) => Absolute(path) switch
    {
        ClientConfiguration.Path when context.World.Kadeploy is not null => ClientConfiguration.Write(context.Site, context.World.Sites.Keys),
        string full => JobFile(full) ?? StandardImages.Find(full),
    };

    string? JobFile(string full)
    {
        if (!full.StartsWith(JobFolder, StringComparison.Ordinal)) return null;
        if (!long.TryParse(full[JobFolder.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long id)) return null;
        lock (context.World.Sync)
        {
            if (!context.World.Jobs.TryGetValue((context.Site, id), out JobModel? job) || !job.IsRunning) return null;
            return string.Concat(job.Nodes.SelectMany(n => Enumerable.Repeat(n.Name + "\n", Math.Max(1, n.Cluster.Cores))));
        }
    }
}
