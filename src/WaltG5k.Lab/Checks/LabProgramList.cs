using WaltG5k.Core;
using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Lab.Checks;

/// <summary>The programs and files of Debian that the lab is made of, and the package of each.</summary>
static class LabProgramList
{
    const string BootRoms = "/usr/lib/ipxe/qemu/pxe-virtio.rom", GaneshaFiles = "/usr/lib/*/ganesha/libfsalvfs.so";

    static readonly (string Program, string Package)[] s_both =
    [
        ("unshare", "util-linux"), ("nsenter", "util-linux"), ("setsid", "util-linux"), ("ssh-keygen", "openssh-client"),
    ];

    static readonly (string Program, string Package)[] s_images =
    [
        ("mmdebstrap", "mmdebstrap"), ("mksquashfs", "squashfs-tools"), ("apt-get", "apt"), ("dpkg-deb", "dpkg"), ("cp", "coreutils"),
    ];

    static readonly (string Program, string Package)[] s_running =
    [
        ("ip", "iproute2"), ("mount", "mount"), ("ssh", "openssh-client"), ("qemu-system-x86_64", "qemu-system-x86"), (BootRoms, "ipxe-qemu"),
            ("dnsmasq", "dnsmasq-base"),
        ("rpcbind", "rpcbind"), ("ganesha.nfsd", "nfs-ganesha"), (GaneshaFiles, "nfs-ganesha-vfs"),
    ];

    /// <summary>Names all that is missing at once.</summary>
    /// <exception cref="G5kException"><c>LabProgramsMissing</c>.</exception>
    public static void RequireForImages(Func<string, bool>? exists = null) => Require([.. s_both, .. s_images], exists);

    /// <inheritdoc cref="RequireForImages"/>
    public static void RequireForRunning(Func<string, bool>? exists = null) => Require([.. s_both, .. s_running], exists);

    static void Require(IEnumerable<(string Program, string Package)> programs, Func<string, bool>? exists)
    {
        (string, string)[] missing = [.. programs.Where(p => !(exists ?? Exists)(p.Program))];
        if (missing.Length > 0) throw LabErrors.ProgramsMissing(missing);
    }

    static bool Exists(string program)
    {
        if (!program.Contains('*', StringComparison.Ordinal))
            return File.Exists(program) || Programs.Exists(program) || File.Exists("/usr/sbin/" + program);
        string[] parts = program.Split("/*/", 2);
        return Directory.Exists(parts[0]) && Directory.EnumerateDirectories(parts[0]).Any(d => File.Exists(Path.Combine(d, parts[1])));
    }
}
