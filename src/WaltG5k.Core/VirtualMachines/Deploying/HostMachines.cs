using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>The machines of a host under libvirt: started, looked at, taken away.</summary>
static partial class HostMachines
{
    const string Connect = "virsh --connect qemu:///system -q";
    static readonly TimeSpan s_short = TimeSpan.FromMinutes(2), s_each = TimeSpan.FromSeconds(60), s_scan = TimeSpan.FromSeconds(40);
    /// <summary>Machines that one look asks.</summary>
    const int ScanAtOnce = 100;

    public static string Bridge => "br0";

    /// <summary>Removes all machines that are not this deployment's, with their disks.</summary>
    public static async Task CleanAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken)
    {
        string[] foreign = [.. (await ListAsync(context, host, cancellationToken).ConfigureAwait(false)).Where(d => !d.IsOurs).Select(d => d.Name)];
        if (foreign.Length == 0) return;
        string script = string.Join("\n", foreign.Select(n =>
            $"{Connect} destroy {PosixShell.Quote(n)}; {Connect} undefine --remove-all-storage --nvram {PosixShell.Quote(n)}"));
        await context.Shell.RunAsync(host, script, s_short + s_each * foreign.Length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What libvirt has on the host, and whose it is: ours have their disks in our folder.</summary>
    static async Task<IReadOnlyList<(string Name, bool IsOurs)>> ListAsync(VMDeploymentContext context, DeployedHost host,
        CancellationToken cancellationToken)
    {
        HostAnswer list = (await context.Shell.RunAsync(host, $"{Connect} list --all --name", s_short, cancellationToken, effect: CommandEffect.Read)
            .ConfigureAwait(false))
            .EnsureSuccess("LibvirtSilent", "libvirt does not answer", $"Look at it: ssh root@{host.SshName} systemctl status libvirtd");
        string[] names = [.. list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (names.Length == 0) return [];
        IReadOnlyDictionary<string, (int Status, string Seen)> disks =
            await MarkedScript.RunAsync(context, host, names.Select(n => (n, $"{Connect} domblklist {PosixShell.Quote(n)}")), s_short,
            cancellationToken).ConfigureAwait(false);
        return [.. names.Select(n => (n, disks.TryGetValue(n, out var seen)
            && seen.Seen.Contains(context.WorkFolder + "/", StringComparison.Ordinal)))];
    }

    /// <summary>Starts machines whose disks are there. One that cannot be started is given up with what virt-install said.</summary>
    public static async Task StartAsync(VMDeploymentContext context, DeployedHost host, IReadOnlyList<VirtualMachine> machines,
        CancellationToken cancellationToken)
    {
        if (machines.Count == 0) return;
        // A process that died between a start and its line in the journal has left machines that run already.
        Dictionary<string, bool> there = (await ListAsync(context, host, cancellationToken).ConfigureAwait(false))
            .ToDictionary(d => d.Name, d => d.IsOurs, StringComparer.Ordinal);
        foreach (VirtualMachine taken in machines.Where(m => there.TryGetValue(m.Id, out bool ours) && !ours))
            context.Fail(taken, VMFindings.NameTaken(taken, host));
        VirtualMachine[] ours = [.. machines.Where(m => there.GetValueOrDefault(m.Id, true))];
        IReadOnlyDictionary<string, (int Status, string Seen)> answers = await MarkedScript.RunAsync(context, host,
            ours.Select(m => (m.Id, there.ContainsKey(m.Id)
            ? $"{Connect} start {PosixShell.Quote(m.Id)} || {Connect} domstate {PosixShell.Quote(m.Id)}"
            : InstallLine(context, host, m))),
            s_short + s_each * ours.Length, cancellationToken).ConfigureAwait(false);
        var started = new List<string>();
        var failed = new List<(VirtualMachine Machine, string Seen)>();
        foreach (VirtualMachine machine in ours)
        {
            (int status, string seen) = answers.GetValueOrDefault(machine.Id, (1, "nothing was told of it"));
            if (status == 0) started.Add(machine.Id);
            else failed.Add((machine, seen));
        }
        context.Advance(started, VMStage.Started);
        foreach ((VirtualMachine machine, string seen) in failed)
            await context.RepeatOrFailAsync(host, machine, VMFindings.MachineNotMade(machine, host, "it cannot be started", seen), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>
    /// The command of one machine, for virt-install 4 and later: without an operating system it refuses, and without a model the adapter is an old
    /// one.
    /// </summary>
    public static string InstallLine(VMDeploymentContext context, DeployedHost host, VirtualMachine machine)
    {
        var words = new List<string>
        {
            "virt-install", "--connect", "qemu:///system", "--name", machine.Id, "--memory", machine.Memory.ToString(CultureInfo.InvariantCulture),
            "--vcpus", machine.Cpuset is "auto" or ""
            ? machine.Cpu.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{machine.Cpu},cpuset={machine.Cpuset}"),
            "--import", "--osinfo", "detect=on,require=off",
        };
        for (int i = 0; i < machine.Disks.Count; i++)
        {
            DiskPlan? plan = HostDisks.PlanOf(context, host.Site, machine, i);
            string path = plan?.Disk.QemuName ?? HostDisks.PathOf(context, machine, i);
            words.AddRange(
                ["--disk",
                $"path={path},format={plan?.Format ?? "qcow2"},bus=virtio,cache={(plan?.Strategy == DiskStrategy.Snapshot ? "unsafe,transient=on" : "none")}"]);
        }
        words.AddRange(["--disk", $"path={HostDisks.SeedOf(context, machine)},device=cdrom,readonly=on"]);
        words.AddRange(["--network", $"bridge={Bridge},model=virtio,mac={machine.Mac}"]);
        words.AddRange(["--serial", $"pty,log.file={ConsoleOf(context, machine)}", "--graphics", "none", "--noautoconsole"]);
        return PosixShell.Join(words);
    }

    static string ConsoleOf(VMDeploymentContext context, VirtualMachine machine) => $"{context.WorkFolder}/{machine.Id}.log";

    /// <summary>Takes a machine away, with what it has written.</summary>
    public static Task RemoveAsync(VMDeploymentContext context, DeployedHost host, VirtualMachine machine, CancellationToken cancellationToken) =>
        context.Shell.RunAsync(host, $"{Connect} destroy {PosixShell.Quote(machine.Id)}; {Connect} undefine --nvram {PosixShell.Quote(machine.Id)}",
        s_short, cancellationToken);

    /// <summary>The last lines of its console.</summary>
    public static async Task<string> ReadConsoleAsync(VMDeploymentContext context, DeployedHost host, VirtualMachine machine,
        CancellationToken cancellationToken)
    {
        try { return (await context.Shell.RunAsync(host, $"tail -n 5 {PosixShell.Quote(ConsoleOf(context, machine))}", s_short, cancellationToken,
            effect: CommandEffect.Read).ConfigureAwait(false)).Output.Trim(); }
        catch (G5kException) { return ""; }
    }

    /// <summary>Which of these machines answer ssh, as seen from their host: a banner counts, whatever the keys.</summary>
    public static async Task<IReadOnlySet<string>> LookAsync(VMDeploymentContext context, DeployedHost host, IReadOnlyList<VirtualMachine> machines,
        CancellationToken cancellationToken)
    {
        var answering = new HashSet<string>(StringComparer.Ordinal);
        foreach (VirtualMachine[] chunk in machines.Where(m => m.Ip is not null).Chunk(ScanAtOnce))
        {
            string script = $"ssh-keyscan -T 3 -t ed25519 {string.Join(' ', chunk.Select(m => PosixShell.Quote(m.Ip!)))} 2>&1";
            HostAnswer answer = await context.Shell.RunAsync(host, script, s_scan, cancellationToken, effect: CommandEffect.Read)
                .ConfigureAwait(false);
            HashSet<string> banners = [.. Banner().Matches(answer.Output).Select(m => m.Groups["ip"].Value)];
            answering.UnionWith(chunk.Where(m => banners.Contains(m.Ip!)).Select(m => m.Id));
        }
        return answering;
    }

    [GeneratedRegex(@"^# (?<ip>[\d.]+):22 SSH-", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Banner();
}
