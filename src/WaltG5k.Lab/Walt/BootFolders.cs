using WaltG5k.Core.Walt;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Walt;

/// <summary>
/// What the server has under <c>/var/lib/walt</c>, as WalT lays it out: <c>images/ID/fs/boot/MODEL</c> with an image's boot files (of the rest of its
/// tree NFS alone knows), and for each node <c>nodes/{NAME,IP}/{fs,tftp}</c>, links that change with its image.
/// </summary>
/// <param name="bootFsKey">The key of the speculative root's server; null where there is none.</param>
sealed class BootFolders(LabFolder folder, IReadOnlyList<LabImage> images, WaltBootloader bootloader, string kernelArguments, string? bootFsKey)
{
    readonly Dictionary<string, (long Stamp, byte[] Content)> _read = new(StringComparer.Ordinal);

    const string Model = "pc-x86-64";

    /// <summary>Per node by its address: what TFTP serves.</summary>
    public string Tftp => Path.Combine(folder.Walt, "tftp");

    public void Create()
    {
        foreach (string path in new[] { Tftp, Path.Combine(folder.Walt, "nodes"), SpeculativeImages }) Directory.CreateDirectory(path);
        foreach (LabImage image in images) Write(image);
    }

    /// <summary>The images that the server of the speculative root serves, by their names.</summary>
    public string SpeculativeImages => Path.Combine(folder.Walt, "bootfs");

    /// <summary>Gives a node the files of an image from now on.</summary>
    public void Route(string node, string ip, string imageId)
    {
        foreach (string name in new[] { node, ip })
        {
            string path = Path.Combine(folder.Walt, "nodes", name);
            Directory.CreateDirectory(path);
            Link(Path.Combine(path, "fs"), $"../../images/{imageId}/fs");
            Link(Path.Combine(path, "tftp"), $"../../images/{imageId}/fs/boot/{Model}");
        }
        Link(Path.Combine(Tftp, ip), $"../images/{imageId}/fs/boot/{Model}");
    }

    /// <summary>A boot file of a node, or null. Nothing but plain names.</summary>
    public byte[]? Read(string ip, string name)
    {
        if (name.Length == 0 || name.StartsWith('.') || name.Contains('/', StringComparison.Ordinal)) return null;
        string link = Path.Combine(folder.Walt, "nodes", ip, "tftp");
        if (new DirectoryInfo(link).ResolveLinkTarget(returnFinalTarget: true) is not { } boot) return null;
        FileInfo file = new(Path.Combine(boot.FullName, name));
        if (!file.Exists) return null;
        lock (_read)
        {
            if (_read.TryGetValue(file.FullName, out (long Stamp, byte[] Content) known) && known.Stamp == file.LastWriteTimeUtc.Ticks)
                return known.Content;
            byte[] content = File.ReadAllBytes(file.FullName);
            _read[file.FullName] = (file.LastWriteTimeUtc.Ticks, content);
            return content;
        }
    }

    void Write(LabImage image)
    {
        string path = Path.Combine(folder.Walt, "images", image.Id, "fs/boot", Model);
        Directory.CreateDirectory(path);
        Dictionary<string, string> roots = new() { [BootScripts.Nfs] = BootScripts.GetNfsRoot(image.Id) };
        if (bootFsKey is not null && image.HasSpeculativeRoot)
        {
            roots[BootScripts.Speculative] = BootScripts.GetSpeculativeRoot(image.Name, bootFsKey);
            File.CreateSymbolicLink(Path.Combine(SpeculativeImages, image.Name + ".squashfs"), image.SquashFs);
        }
        foreach ((string name, string text) in BootScripts.Get(roots, bootloader, kernelArguments)) Write(Path.Combine(path, name), text);
        Link(Path.Combine(path, "start-generic.ipxe"), BootScripts.Nfs);
        Link(Path.Combine(path, "kernel"), image.KernelFile);
        Link(Path.Combine(path, "initrd"), image.InitialRamFs);
    }

    /// <summary>Readable to all: dnsmasq, being root, gives nothing else away.</summary>
    static void Write(string path, string text)
    {
        string next = path + ".new";
        File.WriteAllText(next, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(next, LabFolder.Readable);
        File.Move(next, path, overwrite: true);
    }

    /// <summary>In one step: nobody meets a node without files.</summary>
    static void Link(string path, string to)
    {
        string next = path + ".new";
        File.Delete(next);
        File.CreateSymbolicLink(next, to);
        LibC.Checked(LibC.Rename(next, path));
    }
}
