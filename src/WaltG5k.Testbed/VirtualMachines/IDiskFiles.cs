using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>The files of a machine, as the programs that work on images need them.</summary>
internal interface IDiskFiles
{
    string Absolute(string path);
    /// <summary>Null: there is no such file.</summary>
    string? Read(string path);
    /// <summary>Null: done; else why not, as the system says it.</summary>
    string? Write(string path, string content);
}

/// <summary>Those of a front-end, or of a node of a job: there the home is the same.</summary>
internal sealed class SiteDiskFiles(CommandContext context) : IDiskFiles
{
    readonly SiteFiles _files = new(context);

    public string Absolute(string path) => _files.Absolute(path);
    public string? Read(string path) => _files.Read(path);
    public string? Write(string path, string content) => _files.Redirect(path, content, appends: false);
}

/// <summary>Those of a node to which somebody has logged in as root. Called under the world's lock.</summary>
internal sealed class NodeDiskFiles(RemoteFiles files) : IDiskFiles
{
    public string Absolute(string path) => RemoteFiles.Absolute(path);
    public string? Read(string path) => files.Read(path) ?? StandardImages.Find(RemoteFiles.Absolute(path));
    public string? Write(string path, string content) => files.TryWrite(path, content) ? null : "No such file or directory";
}
