using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Seeds;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

public sealed partial class VMService
{
    /// <summary>Checks everything that can be checked before anything is made: names, images, sizes, room.</summary>
    /// <exception cref="G5kException"><c>VMExists</c>, <c>ImageMissing</c>, <c>ImageNotFound</c>, <c>DiskTooSmall</c>, <c>VMTooLarge</c>,
    /// <c>NoVirtualization</c>, <c>ImageInUse</c>.</exception>
    public async Task<IReadOnlyList<VMPlan>> PlanAsync(VMRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        string site = request.Site;
        IReadOnlyList<VMRecord> known = _records.ReadAll();
        var names = new HashSet<string>(known.Select(r => r.Name), StringComparer.OrdinalIgnoreCase);
        foreach (VirtualMachine machine in request.Machines) if (!names.Add(machine.Id)) throw VMErrors.Exists(machine.Id);
        string home = await GetHomeAsync(site, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<NodeInfo> nodes = await GetNodesAsync(site, request.Clusters, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> keys = await VMKeys.GatherAsync(grid, site, request.PublicKeys, cancellationToken).ConfigureAwait(false);
        if (keys.Count == 0)
            reporter.Warning(
            $"Neither this machine nor the front-end of {site} has a public key in ~/.ssh: nobody will be able to log in. Make one with ssh-keygen, or give one with -PublicKey.");
        var images = new Dictionary<DiskLocation, (DiskLocation Location, DiskImageInfo Info)>();
        var plans = new List<VMPlan>();
        foreach (VirtualMachine machine in request.Machines)
        {
            DiskLocation wanted = machine.Image is { } named ? ParseImage(named, home) : request.Image ?? throw VMErrors.NoImage(machine.Id);
            if (!images.TryGetValue(wanted, out (DiskLocation Location, DiskImageInfo Info) image))
                images[wanted] = image = await new DiskImages(grid.GetFrontend(site)).FindAsync(wanted, cancellationToken).ConfigureAwait(false);
            if (machine.SystemDisk.Strategy == DiskStrategy.Direct) CheckDirect(image.Location, known);
            IReadOnlyList<string> resources = VMSizing.Choose(site, machine, nodes, request.Clusters, request.Filter);
            plans.Add(Plan(request, machine, home, image.Location, image.Info, resources, keys));
        }
        return plans;
    }

    /// <summary>An image as a user names it: <c>rbd:…</c>, a path from the home on, or one of Grid'5000's own.</summary>
    static DiskLocation ParseImage(string text, string home)
    {
        if (text.StartsWith("~/", StringComparison.Ordinal)) text = home + text[1..];
        else if (!text.StartsWith("rbd:", StringComparison.Ordinal) && !text.StartsWith('/'))
            text = text.Contains('/', StringComparison.Ordinal) ? $"{home}/{text}" : $"{DiskImages.StandardFolder}/{text}";
        try { return DiskLocation.Parse(text); }
        catch (FormatException e) { throw new G5kException("ImageInvalid", ErrorKind.InvalidArgument, e.Message, text,
            "Name a file, one of Grid'5000's images (debian12), or rbd:POOL/NAME@SNAPSHOT.", e); }
    }

    static void CheckDirect(DiskLocation image, IReadOnlyList<VMRecord> known)
    {
        string[] over = [.. known.Where(r => r.Strategy is DiskStrategy.Cow or DiskStrategy.Direct && r.Image == image.ToString())
            .Select(r => r.Name)];
        if (over.Length > 0) throw VMErrors.ImageInUse(image.ToString(), over);
    }

    async Task<IReadOnlyList<NodeInfo>> GetNodesAsync(string site, IReadOnlyList<string> clusters, CancellationToken cancellationToken)
    {
        var nodes = new List<NodeInfo>();
        var api = new Grid5000Client(grid);
        await foreach (ClusterInfo cluster in api.GetClustersAsync(site, cancellationToken).ConfigureAwait(false))
        {
            // Special clusters are taken only by those who name them.
            if (clusters.Count > 0 ? !clusters.Contains(cluster.Name, StringComparer.OrdinalIgnoreCase)
                : cluster.IsExotic || !cluster.Queues.Contains("default")) continue;
            await foreach (NodeInfo node in api.GetNodesAsync(cluster, cancellationToken).ConfigureAwait(false)) nodes.Add(node);
        }
        return nodes;
    }

    VMPlan Plan(VMRequest request, VirtualMachine machine, string home, DiskLocation image, DiskImageInfo info, IReadOnlyList<string> resources,
        IReadOnlyList<string> keys)
    {
        string folder = $"{home}/{Root}/{machine.Id}";
        DiskStrategy strategy = machine.SystemDisk.Strategy;
        bool isBridge = request.Network == VMNetwork.Bridge, isOnNode = request.DiskOnNode && strategy is DiskStrategy.Cow or DiskStrategy.Copy;
        DiskLocation place = image is RbdLocation rbd && !request.DiskOnNode ? new RbdLocation(rbd.Pool, $"vm-{grid.User}-{machine.Id}")
            : new FileLocation(isOnNode ? $"/tmp/walt-g5k-{grid.User}-{machine.Id}.qcow2" : $"{folder}/{VMScript.DiskFile}");
        // A size that nobody chose is no reason to refuse: the image's own is taken where it is larger.
        int size = machine.SystemDisk.Size == VirtualMachine.DefaultDisk
            && (strategy is DiskStrategy.Snapshot or DiskStrategy.Direct || info.VirtualSize > (long)VirtualMachine.DefaultDisk << 30)
            ? 0
            : machine.SystemDisk.Size;
        DiskPlan disk = DiskPlan.Create(strategy, image, info, place, size);
        int[] ports = isBridge ? [] : [.. request.Ports.Prepend(G5kVM.SshPort).Distinct()];
        var seed = new CloudInitSeed(machine.Id) { AuthorizedKeys = keys, ExtraUserData = request.UserData };
        List<string> types = [];
        if (request.Container is { } container) types.Add(FormattableString.Invariant($"inner={container}"));
        if (request.IsBestEffort) types.Add("besteffort");
        string walltime = request.Walltime.ToString();
        var record = new VMRecord
        {
            Name = machine.Id, Site = request.Site, CreatedAt = grid.Time.GetUtcNow(), Cpu = machine.Cpu, Memory = machine.Memory,
                Groups = machine.Groups,
            Image = image.ToString(), Strategy = strategy, DiskSize = size > 0 ? (long)size << 30 : info.VirtualSize, Disk = disk.Disk.ToString(),
            Removal = isOnNode ? [] : disk.Removal ?? [], Network = request.Network, Ports = ports, Folder = folder,
            Job = new VMJobShape(resources[0], walltime) { Alternatives = [.. resources.Skip(1)], Types = types, Queue = request.Queue },
            Script = new VMScriptSettings
            {
                Name = machine.Id, Folder = folder, Cpu = machine.Cpu, Memory = machine.Memory, Drive = disk.Drive,
                    Seed = $"{folder}/{VMScript.SeedFile}", Ports = ports,
                Prepare = isOnNode ? string.Join(" && ", disk.Commands.Select(PosixShell.Join)) : "",
                Scratch = isOnNode ? ((FileLocation)place).Path : "",
                Share = request.SharesHome ? home : "", Extra = PosixShell.Join(request.QemuArguments),
            },
        };
        seed.ToImage(); // what is wrong with keys or user data is said before anything is made
        return new VMPlan(machine, record, disk, seed);
    }

    /// <summary>Makes a machine and submits its job. Where anything fails nothing of it is left.</summary>
    /// <exception cref="G5kException"><c>VMExists</c>, <c>FolderNotMade</c>, <c>DiskNotMade</c>, <c>SeedNotWritten</c>, and those of a
    /// submission.</exception>
    public async Task<G5kVM> CreateAsync(VMPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        VMRecord record = plan.Record;
        if (!await _records.TryAddAsync(record, cancellationToken).ConfigureAwait(false)) throw VMErrors.Exists(record.Name);
        bool hasFolder = false;
        try
        {
            await MakeFolderAsync(record, cancellationToken).ConfigureAwait(false);
            hasFolder = true;
            await grid.GetFrontend(record.Site).WriteFileAsync($"{record.Folder}/{VMScript.RecordFile}", VMRecords.ToText(record), cancellationToken)
                .ConfigureAwait(false);
            record = _records.Write(await MakeDiskAsync(record, plan.Disk, cancellationToken).ConfigureAwait(false));
            await grid.GetFrontend(record.Site).WriteSeedAsync($"{record.Folder}/{VMScript.SeedFile}", plan.Seed, cancellationToken)
                .ConfigureAwait(false);
            return await StartAsync(record.Name, null, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            using var limit = new CancellationTokenSource(s_undoLimit, grid.Time);
            try
            {
                // A folder of that name that was there before is somebody else's.
                if (hasFolder) await RemoveAsync(record.Name, limit.Token).ConfigureAwait(false);
                else _records.Remove(record.Name);
            }
            catch (Exception e) when (e is G5kException or OperationCanceledException) { reporter.Warning(
                $"Something of {record.Name} is left: {e.Message} Remove-G5kVM {record.Name}"); }
            throw;
        }
    }

    async Task MakeFolderAsync(VMRecord record, CancellationToken cancellationToken)
    {
        string parent = record.Folder[..record.Folder.LastIndexOf('/')];
        string line = $"mkdir -p {PosixShell.Quote(parent)} && mkdir {PosixShell.Quote(record.Folder)}";
        CommandResult result = await ChangeAsync(record.Site, ["sh", "-c", line], null, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == 0) return;
        throw result.Error.Contains("File exists", StringComparison.Ordinal)
            ? VMErrors.FolderExists(record.Name, record.Site)
            : VMErrors.FolderNotMade(record.Name, record.Site, result);
    }

    async Task<VMRecord> MakeDiskAsync(VMRecord record, DiskPlan disk, CancellationToken cancellationToken)
    {
        if (record.Script.Prepare.Length == 0)
        {
            foreach (IReadOnlyList<string> command in disk.Commands)
            {
                CommandResult result = await ChangeAsync(record.Site, command, s_diskLimit, cancellationToken).ConfigureAwait(false);
                if (result.ExitStatus != 0) throw VMErrors.DiskNotMade(record.Name, result);
            }
        }
        if (record.Strategy != DiskStrategy.Cow || disk.Image is not FileLocation { Path: var image }) return record;
        // Only an image of one's own can be protected, or needs to be.
        string quoted = PosixShell.Quote(image);
        CommandResult locked = await ChangeAsync(record.Site, ["sh", "-c", $"test -O {quoted} && test -w {quoted} && chmod a-w -- {quoted}"], null,
            cancellationToken).ConfigureAwait(false);
        return record with { ImageMark = await GetMarkAsync(record.Site, image, cancellationToken).ConfigureAwait(false),
            ProtectsImage = locked.ExitStatus == 0 };
    }

    /// <summary>Size and date of a file: when they are the same, so is what is in it.</summary>
    async Task<string?> GetMarkAsync(string site, string path, CancellationToken cancellationToken)
    {
        CommandResult result = await grid.GetFrontend(site).RunAsync(new CommandRequest("stat", "-c", "%s %Y", "--", path), null, cancellationToken)
            .ConfigureAwait(false);
        return result.ExitStatus == 0 ? result.Output.Trim() : null;
    }
}
