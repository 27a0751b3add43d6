using System.Formats.Tar;
using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Seeds;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>The disks and seeds of machines on their hosts.</summary>
static class HostDisks
{
    /// <summary>Machines whose neighbours are named in each seed: lists of thousands would be larger than the images' cloud-init likes.</summary>
    const int MostNeighbours = 2_000;
    const int CommandsAtOnce = 60;
    static readonly TimeSpan s_each = TimeSpan.FromSeconds(20), s_base = TimeSpan.FromMinutes(10);

    public static Func<VirtualMachine, IEnumerable<string>> ImagesOf(VMDeploymentRequest request) =>
        machine => machine.Disks.Select((disk, i) => i == 0 || disk.Image is not null ? request.ImageOf(disk) : null).OfType<string>();

    public static string PathOf(VMDeploymentContext context, VirtualMachine machine, int disk) =>
        $"{context.WorkFolder}/{machine.Id}{(disk == 0 ? "" : FormattableString.Invariant($"-{disk}"))}.qcow2";

    public static string SeedOf(VMDeploymentContext context, VirtualMachine machine) => $"{context.WorkFolder}/{machine.Id}-seed.iso";

    /// <summary>How a disk is made; null: it is an empty one.</summary>
    public static DiskPlan? PlanOf(VMDeploymentContext context, string site, VirtualMachine machine, int index)
    {
        VMDisk disk = machine.Disks[index];
        if (index > 0 && disk.Image is null) return null;
        (FileLocation location, DiskImageInfo info) = context.Spread.OnHost(site, context.Facts.Images[context.Request.ImageOf(disk)]);
        return DiskPlan.Create(disk.Strategy, location, info, new FileLocation(PathOf(context, machine, index)),
            disk.Strategy == DiskStrategy.Snapshot ? 0 : disk.Size);
    }

    /// <summary>Makes disks and seeds. A machine for which that fails is given up, or the host, where its disk is full.</summary>
    /// <exception cref="G5kException"><c>HostDiskFull</c>, and what <see cref="HostShell"/> throws.</exception>
    public static async Task MakeAsync(VMDeploymentContext context, DeployedHost host, IReadOnlyList<VirtualMachine> machines,
        CancellationToken cancellationToken)
    {
        if (machines.Count == 0) return;
        await WriteSeedsAsync(context, host, machines, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<VirtualMachine> disks = context.Request.DiskPlace == DiskPlace.All
            ? [.. machines, .. context.Facts.Topology!.Machines.Except(machines)]
            : machines;
        var failed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (VirtualMachine[] chunk in disks.Chunk(CommandsAtOnce))
        {
            IReadOnlyDictionary<string, (int Status, string Seen)> answers =
                await MarkedScript.RunAsync(context, host, chunk.Select(m => (m.Id, LineOf(context, host, m))), s_base + s_each * chunk.Length,
                cancellationToken).ConfigureAwait(false);
            foreach (VirtualMachine machine in chunk)
            {
                (int status, string seen) = answers.GetValueOrDefault(machine.Id, (1, "nothing was told of it"));
                if (status == 0) continue;
                if (seen.Contains("No space left", StringComparison.Ordinal))
                    throw new G5kException("HostDiskFull", ErrorKind.LimitsExceeded,
                        $"{host.ShortName}: there is no room for the disk of {machine.Id}: {seen}", host.Name,
                        "Take smaller disks, the strategy Cow, or hosts with larger disks.");
                failed[machine.Id] = seen;
            }
        }
        context.Advance([.. machines.Select(m => m.Id).Where(m => !failed.ContainsKey(m))], VMStage.Prepared);
        foreach (VirtualMachine machine in machines.Where(m => failed.ContainsKey(m.Id)))
            await context.RepeatOrFailAsync(host, machine, VMFindings.MachineNotMade(machine, host, "its disk cannot be made", failed[machine.Id]),
                cancellationToken).ConfigureAwait(false);
    }

    static string LineOf(VMDeploymentContext context, DeployedHost host, VirtualMachine machine)
    {
        var commands = new List<string>();
        for (int i = 0; i < machine.Disks.Count; i++)
        {
            DiskPlan? plan = PlanOf(context, host.Site, machine, i);
            IReadOnlyList<IReadOnlyList<string>> words = plan?.Commands
                ?? [QemuImg.CreateEmpty(new FileLocation(PathOf(context, machine, i)), machine.Disks[i].Size)];
            commands.AddRange(words.Select(w => PosixShell.Join(w)));
        }
        return commands.Count == 0 ? "true" : string.Join(" && ", commands);
    }

    static async Task WriteSeedsAsync(VMDeploymentContext context, DeployedHost host, IReadOnlyList<VirtualMachine> machines,
        CancellationToken cancellationToken)
    {
        VirtualMachine[] all = context.Facts.Topology!.Machines;
        (string, string)[] neighbours = all.Length <= MostNeighbours ? [.. all.Where(m => m.Ip is not null).Select(m => (m.Ip!, m.Id))] : [];
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (VirtualMachine machine in machines)
            {
                var seed = new CloudInitSeed(machine.Id) { AuthorizedKeys = context.Request.AuthorizedKeys, Hosts = neighbours,
                    ExtraUserData = context.Request.UserData };
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile,
                    $"{machine.Id}-seed.iso") { DataStream = new MemoryStream(seed.ToImage()) });
            }
        }
        string text = Convert.ToBase64String(archive.ToArray());
        (await context.Shell.RunAsync(host, $"base64 -d | tar -x -f - -C {PosixShell.Quote(context.WorkFolder)}", s_base, cancellationToken, text)
            .ConfigureAwait(false))
            .EnsureSuccess("SeedsNotWritten", "the seeds cannot be written", $"Look at the host's disk: ssh root@{host.SshName} df -h");
    }
}

/// <summary>Several commands in one script, each with its own end.</summary>
static class MarkedScript
{
    const string Mark = "@@g5k";

    /// <summary>Status and output of each, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, (int Status, string Seen)>> RunAsync(
        VMDeploymentContext context, DeployedHost host, IEnumerable<(string Name, string Line)> commands, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var script = new StringBuilder();
        // Each in a shell of its own: an error of its grammar is its own too.
        foreach ((string name, string line) in commands)
            script.Append("/bin/sh -c ").Append(PosixShell.Quote(line)).Append(" 2>&1; echo ").Append(Mark).Append(' ').Append(PosixShell.Quote(name))
            .Append(" $?\n");
        HostAnswer answer = await context.Shell.RunAsync(host, script.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        var results = new Dictionary<string, (int, string)>(StringComparer.Ordinal);
        var seen = new List<string>();
        foreach (string line in answer.Output.Split('\n'))
        {
            string[] words = line.Split(' ');
            if (words is not [Mark, var name, var status] || !int.TryParse(status, System.Globalization.CultureInfo.InvariantCulture, out int number))
            {
                if (line.Trim().Length > 0) seen.Add(line.Trim());
                continue;
            }
            results[name] = (number, string.Join("; ", seen.TakeLast(3)));
            seen.Clear();
        }
        return results;
    }
}
