using System.IO.Compression;
using System.Text;

namespace WaltG5k.Lab.Images;

/// <summary>The initramfs of an image: busybox, the modules that lead to the root file system, and our first program.</summary>
static class InitialRamFs
{
    static readonly string[] s_modules = ["virtio_pci", "virtio_net", "af_packet", "nfsv3", "overlay", "squashfs", "nbd", "fuse"];

    static readonly string[] s_folders = ["bin", "dev", "proc", "sys", "run", "tmp", "lib", "lib/modules"];

    static readonly string[] s_applets =
    [
        "sh", "mount", "umount", "insmod", "cat", "echo", "sleep", "ifconfig", "hostname", "mkdir", "switch_root", "ls", "setsid", "mknod", "sed",
            "dmesg", "route", "ln", "test", "[",
    ];

    /// <param name="tree">The image's file system.</param>
    /// <param name="extras">More files by their path there; all executable.</param>
    /// <exception cref="Core.G5kException"><c>LabImageIncomplete</c>.</exception>
    public static void Write(string image, string tree, string kernel, string file, IReadOnlyDictionary<string, byte[]> extras)
    {
        string modules = Path.Combine(tree, "lib/modules", kernel);
        IReadOnlyList<string> files = KernelModules.Resolve(image, File.ReadAllText(Path.Combine(modules, "modules.dep")),
            File.ReadAllText(Path.Combine(modules, "modules.builtin")),
            GetPresent(modules));
        string busybox = Path.Combine(tree, "bin/busybox");
        if (!File.Exists(busybox)) throw LabErrors.ImageWithoutKernel(image, "/bin/busybox");

        using FileStream stream = File.Create(file);
        using GZipStream compressed = new(stream, CompressionLevel.Optimal);
        using CpioArchive archive = new(compressed);
        foreach (string folder in s_folders) archive.AddDirectory(folder);
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddFile("bin/busybox", File.ReadAllBytes(busybox), isExecutable: true);
        foreach (string applet in s_applets) archive.AddLink("bin/" + applet, "busybox");
        archive.AddFile("init", GuestFiles.Read("init"), isExecutable: true);
        foreach (string module in files) archive.AddFile("lib/modules/" + Path.GetFileName(module), File.ReadAllBytes(Path.Combine(modules, module)));
        archive.AddFile("modules.load", Encoding.ASCII.GetBytes(string.Concat(files.Select(f => $"/lib/modules/{Path.GetFileName(f)}\n"))));
        foreach ((string path, byte[] content) in extras) archive.AddFile(path, content, isExecutable: true);
    }

    /// <summary>All but af_packet are demanded: some kernels have it built in without saying so.</summary>
    static IEnumerable<string> GetPresent(string modules) =>
        s_modules.Where(m => m != "af_packet" || Directory.Exists(Path.Combine(modules, "kernel/net/packet")));
}
