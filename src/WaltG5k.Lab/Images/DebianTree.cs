using System.Security.Cryptography;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Lab.Images;

/// <summary>
/// The Debian that images are made from: made once by mmdebstrap for a release and a set of packages, and kept. An image is a copy by hard links with
/// files of its own.
/// </summary>
sealed class DebianTree(LabFolder folder)
{
    /// <summary>Changed with whatever is done to the tree, so that one made by an earlier version is not taken.</summary>
    const string Version = "1";
    public const string KernelPackage = "linux-image-cloud-amd64";

    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    /// <summary>What every node needs; the essential packages of Debian come by themselves.</summary>
    static readonly string[] s_packages = ["systemd-sysv", "udev", "kmod", "openssh-server", "kexec-tools", "iproute2", "busybox-static"];

    /// <summary>What nobody reads on a node.</summary>
    static readonly string[] s_excluded = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*",
        "/usr/share/lintian/*", "/usr/share/bash-completion/*", "/usr/share/zsh/*"];

    /// <summary>
    /// The kernel is unpacked without its scripts, which would make an initramfs that the lab replaces; of its modules those stay that a virtual node
    /// uses. It is unpacked aside, because its /lib would take the place of the link to /usr/lib.
    /// </summary>
    const string KernelHook = """
        set -e
        cd "$1/tmp"
        package=$(APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-cache depends "$KERNEL" | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | head -n 1)
        APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -q download "$package"
        mkdir kernel
        dpkg-deb -x "$package"_*.deb kernel
        version=$(ls kernel/lib/modules)
        mkdir -p "$1/usr/lib/modules" "$1/boot"
        mv "kernel/lib/modules/$version" "$1/usr/lib/modules/"
        mv "kernel/boot/vmlinuz-$version" "$1/boot/kernel"
        rm -rf kernel "$package"_*.deb
        cd "$1/lib/modules/$version/kernel/drivers"
        rm -rf gpu infiniband media scsi nvme md hv hyperv usb xen vfio nvdimm platform watchdog i2c hwmon
        chroot "$1" depmod "$version"
        """;

    /// <summary>Those of the release and packages, by a name that changes with them.</summary>
    public string GetPath(LabImageRequest request)
    {
        string key = string.Join('\n', [Version, request.Suite, request.Mirror, KernelHook, .. s_packages, .. s_excluded,
            .. request.Packages.Order(StringComparer.Ordinal)]);
        return Path.Combine(folder.Cache, $"{request.Suite}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..12]}");
    }

    /// <summary>The tree, made now where it is not there yet.</summary>
    /// <param name="onStep">Told what mmdebstrap does.</param>
    /// <exception cref="G5kException"><c>LabImageNotBuilt</c>.</exception>
    public async Task<string> GetAsync(LabImageRequest request, Action<string> onStep, CancellationToken cancellationToken)
    {
        string path = GetPath(request);
        if (Directory.Exists(path)) return path;
        string unfinished = LabImageStore.GetUnfinishedPath(folder.Cache, Path.GetFileName(path));
        string hook = unfinished + ".sh";
        await File.WriteAllTextAsync(hook, KernelHook, cancellationToken).ConfigureAwait(false);
        try
        {
            CommandResult result = await new LocalFrontend("lab").RunAsync(GetCommand(request, unfinished, hook), line =>
            {
                if (line.Text.StartsWith("I: ", StringComparison.Ordinal) && !line.Text.Contains("hook in shell", StringComparison.Ordinal))
                    onStep(line.Text[3..].TrimEnd('.'));
            }, cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus != 0) throw LabErrors.BuildFailed(request.Name, "mmdebstrap", result.LastLines(3));
            LabImageStore.Publish(unfinished, path);
            return path;
        }
        finally
        {
            File.Delete(hook);
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    internal static CommandRequest GetCommand(LabImageRequest request, string target, string hook) => new(
    [
        "mmdebstrap", "--variant=essential", "--mode=root", "--format=directory", "--architectures=amd64",
        "--include=" + string.Join(',', [.. s_packages, .. request.Packages]),
        "--aptopt=APT::Install-Recommends \"false\"", "--dpkgopt=force-unsafe-io", .. s_excluded.Select(e => "--dpkgopt=path-exclude=" + e),
        $"--customize-hook=KERNEL={KernelPackage} sh {PosixShell.Quote(hook)} \"$1\"",
        request.Suite, target, request.Mirror,
    ])
    {
        Timeout = s_limit,
        Effect = CommandEffect.Change,
        Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive",
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    };
}
