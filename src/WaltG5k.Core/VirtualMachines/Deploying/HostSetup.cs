using System.Text.Json;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Makes a node a host of virtual machines: a bridge, a folder, libvirt.</summary>
static class HostSetup
{
    /// <summary>From as many neighbours on the tables of the kernel have to be larger than usual.</summary>
    const int ManyNeighbours = 500;
    static readonly TimeSpan s_short = TimeSpan.FromMinutes(1), s_install = TimeSpan.FromMinutes(15);

    /// <summary>What Debian calls QEMU, libvirt, virt-install and what images are passed on with.</summary>
    static readonly string[] s_packages = ["qemu-system-x86", "qemu-utils", "libvirt-daemon-system", "libvirt-clients", "virtinst", "curl",
        "python3"];

    /// <summary>Where there is most room on a deployed node. libvirt is given another path to it: it opens no files elsewhere.</summary>
    public static string RealFolder(VMDeploymentContext context) => $"/tmp/g5k-{context.Id}";

    public static async Task NetworkAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken)
    {
        string bridge = HostMachines.Bridge;
        HostAnswer there = await context.Shell.RunAsync(host, $"test -d /sys/class/net/{bridge}/bridge", s_short, cancellationToken,
            effect: CommandEffect.Read).ConfigureAwait(false);
        if (!there.IsSuccess)
        {
            string script = host.VlanNic is { } nic
                ? BridgeOver(bridge, nic)
                : await BridgeOverMainAsync(context, host, bridge, cancellationToken).ConfigureAwait(false);
            (await context.Shell.RunAsync(host, script, s_short, cancellationToken).ConfigureAwait(false))
                .EnsureSuccess("BridgeNotMade", "the bridge cannot be made", $"Look at its network: ssh root@{host.SshName} ip addr");
        }
        string work = PosixShell.Quote(context.WorkFolder), real = PosixShell.Quote(RealFolder(context));
        string folder = $"mkdir -p {work} {real} && mountpoint -q {work} || mount --bind {real} {work}";
        if (context.Shell.IsBySudo(host)) folder += $" && chown {PosixShell.Quote(context.Grid.User)} {work}";
        (await context.Shell.RunAsync(host, folder, s_short, cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("FolderNotMade", "there is no place for disks", $"Look at it: ssh root@{host.SshName} df -h");
        if (context.Facts.Topology!.MachineCount > ManyNeighbours) await RaiseNeighboursAsync(context, host, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A second adapter has no address: nothing of the host's own goes over it.</summary>
    static string BridgeOver(string bridge, string nic) =>
        $"ip link add name {bridge} type bridge stp_state 0 forward_delay 0 && ip link set dev {bridge} up && ip link set dev {nic} up && ip link set dev {nic} master {bridge}";

    /// <summary>The host's own address moves to the bridge in one go: connections survive that.</summary>
    static async Task<string> BridgeOverMainAsync(VMDeploymentContext context, DeployedHost host, string bridge, CancellationToken cancellationToken)
    {
        const string advice = "Look at it: ip addr; ip route";
        HostAnswer route = (await context.Shell.RunAsync(host, "ip -j route show default", s_short, cancellationToken, effect: CommandEffect.Read)
            .ConfigureAwait(false)).EnsureSuccess("BridgeNotMade", "the host tells no default route", advice);
        string device, gateway, mac, address;
        try
        {
            using JsonDocument routes = JsonDocument.Parse(route.Output);
            device = routes.RootElement[0].GetProperty("dev").GetString()!;
            gateway = routes.RootElement[0].GetProperty("gateway").GetString()!;
            HostAnswer adapter = (await context.Shell.RunAsync(host, $"ip -j addr show dev {PosixShell.Quote(device)}", s_short, cancellationToken,
                effect: CommandEffect.Read).ConfigureAwait(false)).EnsureSuccess("BridgeNotMade", "the host does not tell its address", advice);
            using JsonDocument addresses = JsonDocument.Parse(adapter.Output);
            mac = addresses.RootElement[0].GetProperty("address").GetString()!;
            JsonElement own = addresses.RootElement[0].GetProperty("addr_info").EnumerateArray()
                .First(a => a.GetProperty("family").GetString() == "inet");
            address = FormattableString.Invariant($"{own.GetProperty("local").GetString()}/{own.GetProperty("prefixlen").GetInt32()}");
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or ArgumentException)
        {
            throw new G5kException("BridgeNotMade", ErrorKind.ProtocolError,
                $"{host.ShortName}: 'ip -j' does not tell the network of the host: {e.Message}", host.Name, advice, e);
        }
        string[][] commands =
        [
            ["ip", "link", "add", "name", bridge, "type", "bridge", "stp_state", "0", "forward_delay", "0"],
                ["ip", "link", "set", "dev", bridge, "address", mac],
            ["ip", "link", "set", "dev", bridge, "up"], ["ip", "link", "set", "dev", device, "master", bridge],
            ["ip", "addr", "flush", "dev", device],
            ["ip", "addr", "add", address, "dev", bridge], ["ip", "route", "replace", "default", "via", gateway, "dev", bridge],
        ];
        return string.Join(" && ", commands.Select(c => PosixShell.Join(c)));
    }

    static async Task RaiseNeighboursAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken)
    {
        int most = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)context.Facts.Topology!.MachineCount);
        string script = FormattableString.Invariant(
            $"sysctl -q -w net.ipv4.neigh.default.gc_thresh3={3 * most} net.ipv4.neigh.default.gc_thresh2={2 * most} net.ipv4.neigh.default.gc_thresh1={most}");
        await context.Shell.RunAsync(host, script, s_short, cancellationToken).ConfigureAwait(false);
    }

    public static async Task PackagesAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken)
    {
        await InstallAsync(context, host, [.. s_packages, .. context.Request.Packages], cancellationToken).ConfigureAwait(false);
        (await context.Shell.RunAsync(host, "modprobe -q kvm; systemctl start libvirtd", s_short, cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("LibvirtNotStarted", "libvirt does not start", $"Look at it: ssh root@{host.SshName} journalctl -u libvirtd");
        if (context.Request.Clean) await HostMachines.CleanAsync(context, host, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Installs those packages that are not there.</summary>
    public static async Task InstallAsync(VMDeploymentContext context, DeployedHost host, IReadOnlyList<string> packages,
        CancellationToken cancellationToken)
    {
        HostAnswer asked = await context.Shell.RunAsync(host, $"dpkg-query -W -f='${{Package}} ${{Status}}\\n' {PosixShell.Join(packages)}", s_short,
            cancellationToken, effect: CommandEffect.Read).ConfigureAwait(false);
        HashSet<string> present = [.. asked.Output.Split('\n').Where(l => l.EndsWith(" install ok installed", StringComparison.Ordinal))
            .Select(l => l.Split(' ')[0])];
        string[] missing = [.. packages.Where(p => !present.Contains(p)).Distinct(StringComparer.Ordinal)];
        if (missing.Length == 0) return;
        if (!context.Request.InstallsPackages)
            throw new G5kException("PackagesMissing", ErrorKind.NotInstalled, $"{host.ShortName} lacks {string.Join(", ", missing)}.", host.Name,
                "Let them be installed: leave -NoInstall out; or deploy an environment that has them.");
        string install =
            $"export DEBIAN_FRONTEND=noninteractive && apt-get -q update && apt-get -q -y -oDPkg::Lock::Timeout=300 -oAcquire::Retries=5 --no-install-recommends install {PosixShell.Join(missing)}";
        (await context.Shell.RunAsync(host, install, s_install, cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("PackagesNotInstalled", $"{string.Join(", ", missing)} cannot be installed",
            $"Try it by hand: ssh root@{host.SshName} apt-get install {missing[0]}");
    }
}
