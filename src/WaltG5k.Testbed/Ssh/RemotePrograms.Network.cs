using System.Globalization;
using System.Text;
using WaltG5k.Testbed.VirtualMachines;

namespace WaltG5k.Testbed.Ssh;

/// <summary>The network of a node: adapters, bridges, DHCP for machines, and who answers ssh.</summary>
internal static partial class RemotePrograms
{
    const string NetFolder = "/sys/class/net";

    /// <summary>What a node that hosts virtual machines has or can get.</summary>
    static readonly Dictionary<string, Func<RemoteRun, Task<int>>> s_ofHosts = new(StringComparer.Ordinal)
    {
        ["virsh"] = VirshAsync,
        ["virt-install"] = VirtInstallAsync,
        ["ip"] = Locked(Ip),
        ["ssh-keyscan"] = ScanKeysAsync,
        ["dpkg-query"] = Locked(QueryPackages),
        ["sha256sum"] = SumAsync,
        ["mount"] = Locked(_ => 0),
        ["umount"] = Locked(_ => 0),
        ["mountpoint"] = Locked(_ => 1),
        ["sysctl"] = Locked(_ => 0),
        ["modprobe"] = Locked(_ => 0),
        ["chown"] = Locked(ChangeMode),
        ["sudo"] = SudoAsync,
        ["sudo-g5k"] = SudoAsync,
        ["systemd-run"] = Locked(RunUnit),
        ["df"] = Locked(FreeSpace),
        ["tail"] = Locked(Tail),
    };

    /// <summary>The adapter of the node that is in a bridge, as the world calls it.</summary>
    static string? BridgedAdapter(RemoteRun run, string bridge)
    {
        if (!run.Files.IsDirectory($"{NetFolder}/{bridge}/bridge")) return null;
        string prefix = $"{NetFolder}/{bridge}/lower_";
        string? device = run.Files.Disk.Files.Keys.FirstOrDefault(f => f.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        return run.Machine.Node.Nics.FirstOrDefault(n => n.Name == device || n.Device == device)?.Device;
    }

    static int Ip(RemoteRun run)
    {
        string[] words = [.. run.Arguments.Where(a => a is not ("-j" or "-json" or "-4"))];
        NicModel? main = run.Machine.Node.MainNic;
        if (main is null) return run.Fail("no adapter");
        bool isBridged = run.Files.IsFile($"{NetFolder}/br0/lower_{main.Name}");
        string device = isBridged ? "br0" : main.Name;
        SiteModel site = run.Machine.World.Sites[run.Machine.Node.Site];
        string address = NodeAddresses.GetDefault(site, run.Machine.Node, main) ?? "";
        if (run.Machine.World.FindVlan(site.Name, run.Machine.Node.GetVlan(main.Device)) is { } vlan)
            address = NodeAddresses.GetInVlan(vlan, site, run.Machine.Node, main) ?? address;
        string gateway = address[..Math.Max(0, address.LastIndexOf('.'))] + ".254";
        switch (words)
        {
            case ["route", "show", "default"]:
                run.Print($$"""[{"dst":"default","gateway":"{{gateway}}","protocol":"dhcp","dev":"{{device}}","flags":[]}]""");
                return 0;
            case ["addr", "show", "dev", var asked]:
                run.Print(
                $$"""[{"ifindex":2,"ifname":"{{asked}}","operstate":"UP","address":"{{main.Mac}}","addr_info":[{"family":"inet","local":"{{address}}","prefixlen":20,"scope":"global"}]}]""");
                return 0;
            case ["link", "add", "name", var bridge, "type", "bridge", ..]:
                if (run.Files.IsDirectory($"{NetFolder}/{bridge}")) return IpFails(run, "RTNETLINK answers: File exists", 2);
                run.Files.MakeDirectories($"{NetFolder}/{bridge}/bridge");
                return 0;
            case ["link", "set", "dev", var lower, "master", var bridge]:
                if (!run.Files.IsDirectory($"{NetFolder}/{bridge}/bridge")) return IpFails(run, $"Cannot find device \"{bridge}\"");
                run.Files.TryWrite($"{NetFolder}/{bridge}/lower_{lower}", "");
                return 0;
            case ["link" or "addr" or "route", "set" or "add" or "replace" or "flush" or "del", ..]:
                return 0;
            default:
                return IpFails(run, $"Command \"{string.Join(' ', words)}\" is unknown, try \"ip help\".");
        }
    }

    static int IpFails(RemoteRun run, string message, int status = 1)
    {
        run.Error.Append(message).Append('\n');
        return status;
    }

    /// <summary>Prints the banner of each host that answers, as a remark, and its key.</summary>
    static async Task<int> ScanKeysAsync(RemoteRun run)
    {
        double limit = 5;
        var hosts = new List<string>();
        for (int i = 0; i < run.Arguments.Count; i++)
        {
            string word = run.Arguments[i];
            if (word == "-T" && i + 1 < run.Arguments.Count) limit = double.Parse(run.Arguments[++i], CultureInfo.InvariantCulture);
            else if (word is "-t" or "-p" or "-f") i++;
            else if (!word.StartsWith('-')) hosts.Add(word);
        }
        hosts.AddRange(run.Arguments.Contains("-f")
            ? run.Input.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : []);
        TestbedWorld world = run.Machine.World;
        string[] answering = [.. hosts.Where(h => world.Guests.FindByAddress(h) is { Answers: true } guest
            && world.Guests.Reaches(run.Machine.Node, guest))];
        await PassAsync(run, answering.Length == hosts.Count ? 0.3 : limit).ConfigureAwait(false);
        foreach (string host in answering)
        {
            run.Error.Append("# ").Append(host).Append(":22 SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\n");
            run.Print($"{host} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Convert.ToBase64String(Encoding.ASCII.GetBytes(host.PadRight(31, '.')))}");
        }
        return answering.Length > 0 ? 0 : 1;
    }

    static int QueryPackages(RemoteRun run)
    {
        int status = 0;
        for (int i = 0; i < run.Arguments.Count; i++)
        {
            string word = run.Arguments[i];
            if (word.StartsWith('-'))
            {
                if (word == "-f") i++;
                continue;
            }
            if (HasPackage(run, word))
            {
                run.Print($"{word} install ok installed");
                continue;
            }
            run.Error.Append("dpkg-query: no packages found matching ").Append(word).Append('\n');
            status = 1;
        }
        return status;
    }

    /// <summary>Root may do everything; others what the site lets them.</summary>
    static async Task<int> SudoAsync(RemoteRun run)
    {
        string[] words = [.. run.Arguments.SkipWhile(a => a.StartsWith('-'))];
        if (words.Length == 0) return 0;
        if (Find(run.Files, words[0]) is not { } program) return run.Fail($"{words[0]}: command not found");
        var inner = new RemoteRun(run.Machine, words, run.Input) { TellError = run.TellError };
        int status = await program(inner).ConfigureAwait(false);
        run.Output.Append(inner.Output);
        run.Error.Append(inner.Error);
        return status;
    }

    /// <summary>A program in the background that somebody can stop by its name: it is there as long as this file is.</summary>
    static int RunUnit(RemoteRun run)
    {
        string? unit = run.Arguments.FirstOrDefault(a => a.StartsWith("--unit=", StringComparison.Ordinal))?["--unit=".Length..];
        string[] words = [.. run.Arguments.SkipWhile(a => a.StartsWith('-'))];
        if (unit is null || words.Length == 0) return run.Fail("Command line to execute required.");
        if (Find(run.Files, words[0]) is null) return run.Fail($"Failed to find executable {words[0]}: No such file or directory");
        if (run.Files.IsFile(UnitFile(unit))) return run.Fail(
            $"Failed to start transient service unit: Unit {unit}.service was already loaded or has a fragment file.");
        run.Files.MakeDirectories("/run/systemd/transient");
        run.Files.TryWrite(UnitFile(unit), Core.Frontends.PosixShell.Join(words));
        return 0;
    }

    static string UnitFile(string unit) => $"/run/systemd/transient/{unit}.service";

    static int Tail(RemoteRun run)
    {
        string path = run.Operands.Count > 0 ? run.Operands[^1] : "";
        if (run.Files.Read(path) is not { } content) return run.Fail($"cannot open '{path}' for reading: {NoSuchFile}");
        foreach (string line in content.TrimEnd('\n').Split('\n').TakeLast(10)) run.Print(line);
        return 0;
    }

    static int FreeSpace(RemoteRun run)
    {
        run.Print("      Avail\n" + (200L << 30).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    static int ControlDnsmasq(RemoteRun run, string action)
    {
        if (!HasPackage(run, "dnsmasq")) return run.Fail($"Failed to {action} dnsmasq.service: Unit dnsmasq.service not found.", 5);
        lock (run.Machine.World.Sync)
        {
            run.Files.MakeDirectories("/run/dnsmasq");
            if (action is "start" or "restart" or "reload") run.Files.TryWrite(GuestLife.DnsmasqRunning, "812\n");
            else if (action == "stop") run.Files.Remove(GuestLife.DnsmasqRunning, recursively: false);
        }
        return 0;
    }
}
