using System.Globalization;
using System.Text.Json;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.VirtualMachines;

namespace WaltG5k.Testbed.Ssh;

/// <summary>libvirt on a node: domains are files of its disk, those that run are guests.</summary>
internal static partial class RemotePrograms
{
    const string DomainFolder = "/etc/libvirt/qemu";

    /// <summary>A domain as libvirt keeps it.</summary>
    sealed record Domain(string Name, int Memory, int Cpu, string Disk, string Mac, string? Bridge, string? Address);

    static string DomainFile(string name) => $"{DomainFolder}/{name}.xml";

    static bool HasPackage(RemoteRun run, string package) => run.Files.IsFile(PackageFile(package));

    static int NotThere(RemoteRun run)
    {
        run.Complain($"{run.Program}: command not found");
        return 127;
    }

    static async Task<int> VirtInstallAsync(RemoteRun run)
    {
        if (!HasPackage(run, "virtinst")) return NotThere(run);
        await PassAsync(run, 2).ConfigureAwait(false);
        ILookup<string, string> options = ReadOptions(run.Arguments);
        string name = options["name"].LastOrDefault() ?? "";
        string? Complaint() =>
            options["print-xml"].Any() || name.Length == 0 ? "--name is required"
            : !HasPackage(run, "libvirt-daemon-system") ? "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory"
            : !options["osinfo"].Concat(options["os-variant"]).Any() ? "--os-variant/--osinfo OS name is required, but no value was\nset or detected."
            : run.Files.IsFile(DomainFile(name)) ? $"Guest name '{name}' is already in use."
            : null;
        lock (run.Machine.World.Sync)
        {
            if (Complaint() is { } complaint) return InstallFails(run, complaint);
            string[] disks = [.. options["disk"].Select(d => FieldsOf(d)["path"].FirstOrDefault() ?? "")];
            if (disks.FirstOrDefault(d => !run.Files.IsFile(d)) is { } missing)
                return InstallFails(run, $"Error: --disk path={missing}: Size must be specified for non existent volume '{missing}'");
            ILookup<string, string> network = FieldsOf(options["network"].FirstOrDefault() ?? "");
            string? bridge = network["bridge"].FirstOrDefault();
            string? adapter = bridge is null ? null : BridgedAdapter(run, bridge);
            if (bridge is not null && adapter is null) return InstallFails(run, $"Cannot get interface MTU on '{bridge}': No such device");
            var domain = new Domain(name, Number(options["memory"], options["ram"]), Math.Max(1, Number(options["vcpus"])),
                disks.FirstOrDefault() ?? "",
                (network["mac"].FirstOrDefault() ?? "").ToUpperInvariant(), adapter, null);
            if (TryStart(run, domain) is { } refusal) return InstallFails(run, $"internal error: qemu unexpectedly closed the monitor: {refusal}");
            run.Files.MakeDirectories(DomainFolder);
            run.Files.TryWrite(DomainFile(name), JsonSerializer.Serialize(domain));
        }
        run.Print("\nStarting install...\nDomain creation completed.");
        return 0;
    }

    static int InstallFails(RemoteRun run, string message)
    {
        run.Error.Append("ERROR    ").Append(message).Append("\nDomain installation does not appear to have been successful.\n");
        return 1;
    }

    static string? TryStart(RemoteRun run, Domain domain)
    {
        TestbedWorld world = run.Machine.World;
        return world.Guests.TryStart(run.Machine.Node, new GuestSpecification(domain.Name)
        {
            Cpu = domain.Cpu, Memory = domain.Memory, Mac = domain.Mac, Bridge = domain.Bridge, Disk = new NodeDisk { Environment = "guest" },
        }, out _);
    }

    static async Task<int> VirshAsync(RemoteRun run)
    {
        if (!HasPackage(run, "libvirt-clients")) return NotThere(run);
        List<string> words = [.. run.Arguments];
        while (words is ["-c" or "--connect", _, ..]) words.RemoveRange(0, 2);
        words.RemoveAll(w => w is "-q" or "--quiet");
        await PassAsync(run, 0.2).ConfigureAwait(false);
        if (words is ["list", ..]) return ListDomains(run, words);
        if (words is not [var action, .. var rest] || rest.FirstOrDefault(w => w[0] != '-') is not { } name)
            return run.Fail("command 'list' expected", 1);
        Guest? guest;
        lock (run.Machine.World.Sync)
        {
            if (!run.Files.IsFile(DomainFile(name))) return VirshFails(run, $"failed to get domain '{name}'");
            guest = run.Machine.World.Guests.Find(run.Machine.Node, name);
        }
        switch (action)
        {
            case "domstate":
                run.Print(guest is null ? "shut off" : "running");
                return 0;
            case "destroy" or "shutdown" or "reboot" when guest is null:
                return VirshFails(run, $"Failed to {action} domain '{name}'\nerror: Requested operation is not valid: domain is not running");
            case "domblklist":
                run.Print(
                $" Target   Source\n------------------------\n vda      {JsonSerializer.Deserialize<Domain>(run.Files.Read(DomainFile(name))!)!.Disk}\n");
                return 0;
            case "destroy":
                run.Machine.World.Guests.Kill(guest);
                run.Print($"Domain '{name}' destroyed\n");
                return 0;
            case "shutdown":
                _ = run.Machine.World.Guests.ShutDownAsync(guest, run.Machine.World.NodeLife.Closed);
                run.Print($"Domain '{name}' is being shutdown\n");
                return 0;
            case "start" when guest is not null:
                return VirshFails(run, "Domain is already active");
            case "start":
                Domain domain = JsonSerializer.Deserialize<Domain>(run.Files.Read(DomainFile(name))!)!;
                if (TryStart(run, domain) is { } refusal)
                    return VirshFails(run,
                    $"Failed to start domain '{name}'\nerror: internal error: qemu unexpectedly closed the monitor: {refusal}");
                run.Print($"Domain '{name}' started\n");
                return 0;
            case "undefine":
                lock (run.Machine.World.Sync)
                {
                    if (words.Contains("--remove-all-storage"))
                        run.Files.Remove(JsonSerializer.Deserialize<Domain>(run.Files.Read(DomainFile(name))!)!.Disk, recursively: false);
                    run.Files.Remove(DomainFile(name), recursively: false);
                }
                run.Print($"Domain '{name}' has been undefined\n");
                return 0;
            default:
                return VirshFails(run, $"unknown command: '{action}'");
        }
    }

    static int ListDomains(RemoteRun run, List<string> words)
    {
        lock (run.Machine.World.Sync)
        {
            HashSet<string> running = [.. run.Machine.World.Guests.On(run.Machine.Node).Select(g => g.Name)];
            string[] names = [.. run.Files.Disk.Files.Keys.Where(f => f.StartsWith(DomainFolder + "/", StringComparison.Ordinal))
                .Select(f => f[(DomainFolder.Length + 1)..^4])];
            bool all = words.Contains("--all");
            string[] shown = [.. names.Where(n => all || running.Contains(n))];
            if (words.Contains("--name")) foreach (string name in shown) run.Print(name);
            else
            {
                run.Print(" Id   Name   State\n--------------------");
                foreach (string name in shown) run.Print($" -    {name}   {(running.Contains(name) ? "running" : "shut off")}");
            }
            run.Print("");
        }
        return 0;
    }

    static int VirshFails(RemoteRun run, string message)
    {
        run.Error.Append("error: ").Append(message).Append('\n');
        return 1;
    }

    /// <summary>Values by option, of <c>--name value</c> and <c>--name=value</c>; a switch has an empty one.</summary>
    static ILookup<string, string> ReadOptions(IReadOnlyList<string> arguments)
    {
        var options = new List<(string Name, string Value)>();
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal)) continue;
            string word = arguments[i][2..];
            if (word.Split('=', 2) is [var name, var value] && !name.Contains(',', StringComparison.Ordinal)) options.Add((name, value));
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal)) options.Add((word, arguments[++i]));
            else options.Add((word, ""));
        }
        return options.ToLookup(o => o.Name, o => o.Value, StringComparer.Ordinal);
    }

    /// <summary>The fields of <c>bridge=br0,model=virtio</c>.</summary>
    static ILookup<string, string> FieldsOf(string value) =>
        value.Split(',').Select(f => f.Split('=', 2)).ToLookup(f => f[0], f => f.Length > 1 ? f[1] : "", StringComparer.Ordinal);

    static int Number(params IEnumerable<string>[] values) =>
        values.SelectMany(v => v).Select(v => int.TryParse(v.Split(',')[0], CultureInfo.InvariantCulture, out int number) ? number : 0)
        .FirstOrDefault(n => n > 0);
}
