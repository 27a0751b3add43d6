using System.Globalization;
using System.Text;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

/// <summary>What bears on booting, on a WalT server and on its nodes.</summary>
internal static partial class RemotePrograms
{
    const string ImagesFolder = "/var/lib/walt/images/";

    /// <summary>Files that the server writes or finds in the images that it has mounted, and what the kernel of a node tells.</summary>
    static string? BootSystemFile(RemoteRun run, string path)
    {
        if (run.Machine.Device is WaltDevice device)
        {
            double uptime = (run.Machine.World.Time.GetUtcNow() - device.KernelStart).TotalSeconds;
            return path switch
            {
                "/proc/uptime" => string.Create(CultureInfo.InvariantCulture, $"{uptime:0.00} {uptime * 1.9:0.00}\n"),
                "/proc/cmdline" => GetKernelArguments(device),
                _ => null,
            };
        }
        if (run.Machine.Server is not WaltHost host) return null;
        if (path == WaltHost.NbfsExports && host.HasNbfsDaemon) return host.GetNbfsExports();
        if (path == "/var/lib/walt/services/dhcpd/dhcpd.conf") return GetDhcpConfiguration(host);
        return MountedImage(host, path) is (WaltImage { HasNbfs: true }, "/etc/walt/image.spec")
            ? $"{{ \"features\": {{ \"{WaltHost.NbfsFeature}\": \"{WaltHost.NbfsActivation}\" }} }}\n" : null;
    }

    static bool IsSocket(RemoteRun run, string path) => path == WaltHost.NbfsSocket && run.Machine.Server is WaltHost { ServesNbfs: true };

    static bool IsMountedFolder(RemoteRun run, string path) => run.Machine.Server is WaltHost host && MountedImage(host, path) is (not null, "");

    static string GetKernelArguments(WaltDevice device) =>
        (device.Root == BootRoot.Speculative
            ? $"initrd=initrd-bootfs root=/dev/bootfs boot=bootfs rootfstype=erofs bootfsroot=192.168.204.1:5960/{device.BootedImageId[..16]} "
            : device.Root == BootRoot.Nbfs
            ? $"initrd=initrd root=/dev/nbfs boot=walt rootfstype=walt nbfsroot=192.168.204.1:/var/lib/walt/nodes/{device.Mac}/fs "
            : $"initrd=initrd root=/dev/nfs boot=walt rootfstype=walt nfsroot=192.168.204.1:/var/lib/walt/nodes/{device.Mac}/fs,ro,vers=3,nolock,nocto ")
        + $"walt.node.model={device.Model} walt.server.ip=192.168.204.1 init=/bin/walt-init panic=30 "
        + $"ip={device.Ip}:192.168.204.1::255.255.252.0:{device.Name}::off BOOTIF=01-{device.Mac.Replace(':', '-')}\n";

    static string GetDhcpConfiguration(WaltHost host)
    {
        StringBuilder text = new("subnet 192.168.204.0 netmask 255.255.252.0 {\n    next-server 192.168.204.1;\n}\n");
        foreach (WaltDevice device in host.Devices.Nodes)
            text.Append(CultureInfo.InvariantCulture,
                $"host {device.Name} {{\n    hardware ethernet {device.Mac};\n    fixed-address {device.Ip};\n    option host-name \"{device.Name}\";\n}}\n");
        return text.ToString();
    }

    /// <summary>The mounted image that a path leads into, and the path within it.</summary>
    static (WaltImage? Image, string Path) MountedImage(WaltHost host, string path)
    {
        if (!path.StartsWith(ImagesFolder, StringComparison.Ordinal)) return (null, "");
        string[] parts = path[ImagesFolder.Length..].Split('/', 3);
        if (parts is not [string id, "fs", ..] || !host.Mounts.IsMounted(id, host.World.Time.GetUtcNow())) return (null, "");
        return (host.Images.All.FirstOrDefault(i => i.Id == id), parts.Length > 2 && parts[2].Length > 0 ? "/" + parts[2] : "");
    }

    /// <summary>Of all that could be run in a mounted image only its switch to NBFS.</summary>
    static int ChangeRoot(RemoteRun run)
    {
        if (run.Operands is not [string root, string program, ..] || run.Machine.Server is not WaltHost host
            || MountedImage(host, root) is not (WaltImage image, ""))
            return run.Fail($"cannot change root directory to '{(run.Operands is [string given, ..] ? given : "")}': {NoSuchFile}", 125);
        if (!image.HasNbfs || program != WaltHost.NbfsActivation) return run.Fail($"failed to run command '{program}': {NoSuchFile}", 127);
        host.Mounts.SetRoot(image.Id, BootRoot.Nbfs);
        return 0;
    }

    /// <summary>Of all links only that of a mounted image's boot script.</summary>
    static int Link(RemoteRun run)
    {
        if (run.Operands is not [string target, string path] || run.Machine.Server is not WaltHost host
            || MountedImage(host, path) is not (WaltImage image, string inside) || !inside.EndsWith("/start-generic.ipxe", StringComparison.Ordinal))
            return run.Fail($"failed to create symbolic link: {NoSuchFile}");
        host.Mounts.SetRoot(image.Id, target.Contains("nbfs", StringComparison.Ordinal) ? BootRoot.Nbfs : BootRoot.Nfs);
        return 0;
    }

    /// <summary>
    /// Boot files over HTTP, from a WalT server to itself or from one of its nodes: of curl and wget Alpine has the one, the others have the other.
    /// </summary>
    static int Fetch(RemoteRun run)
    {
        const int CannotConnect = 7, HttpFailure = 22, NotFound = 127;
        if (run.Machine.Device is not null && run.Program == (KernelOf(run.Machine).EndsWith("-lts", StringComparison.Ordinal) ? "curl" : "wget"))
        {
            run.Complain($"{run.Program}: command not found");
            return NotFound;
        }
        if (run.Arguments.LastOrDefault(a => a.StartsWith("http://", StringComparison.Ordinal)) is not string text
            || !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)) return run.Fail("no URL specified!", 2);
        WaltHost? server = run.Machine.Device is WaltDevice self ? run.Machine.Walt.Find(self) : run.Machine.Server;
        if (server is not { IsRunning: true, ServesHttp: true } host || uri.Host != "192.168.204.1")
            return run.Fail($"(7) Failed to connect to {uri.Host} port 80: Connection refused", CannotConnect);
        string ip = uri.Query.StartsWith("?node_ip=", StringComparison.Ordinal) ? uri.Query["?node_ip=".Length..] : run.Machine.Device?.Ip ?? "";
        bool isThere = uri.AbsolutePath.StartsWith("/boot/", StringComparison.Ordinal) && host.Devices.ByIp(ip) is { IsNode: true } device
            && host.GetBootFile(device, uri.AbsolutePath["/boot/".Length..]) is not null;
        if (!isThere) return run.Fail("(22) The requested URL returned error: 404", HttpFailure);
        if (run.Arguments.Contains("%{http_code}")) run.Output.Append("200");
        return 0;
    }
}
