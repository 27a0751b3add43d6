using System.Security.Cryptography;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// Checks a request and lays out its steps, before anything is reserved: names, images and their sizes, room, addresses. Changes nothing.
/// </summary>
sealed class VMDeploymentPlanner(IGrid grid, IReporter reporter)
{
    const int SecretBytes = 12;
    const string KeyFile = ".ssh/authorized_keys";

    public async Task<VMDeploymentPlan> PlanAsync(VMDeploymentRequest request, CancellationToken cancellationToken)
    {
        CheckMachines(request);
        CheckWay(request);
        ReservationPlan? reservation = null;
        string choice = "";
        if (request.Reservation is { } given)
        {
            await CheckGivenAsync(request, given, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            (ReservationRequest reserve, choice) = await new VMHostChooser(grid, reporter).ChooseAsync(request, cancellationToken)
                .ConfigureAwait(false);
            reservation = await new ReservationService(grid, reporter).PlanAsync(reserve, cancellationToken).ConfigureAwait(false);
            request = request with { Reserve = reserve };
        }
        IReadOnlyList<string> sites = VMDeploymentKind.SitesOf(request);
        request = request with
        {
            Images = await FindImagesAsync(request, sites, cancellationToken).ConfigureAwait(false),
            AuthorizedKeys = request.AuthorizedKeys.Count > 0
            ? request.AuthorizedKeys
            : await ReadKeysAsync(sites[0], cancellationToken).ConfigureAwait(false),
            Secret = RandomNumberGenerator.GetHexString(2 * SecretBytes, lowercase: true),
            Program = request.Program ?? request.Topology?.Program,
        };
        CheckDisks(request);
        PlannedStep[] steps = [.. VMGraph.Build(request, sites).Select(s => s.ToPlanned())];
        return new VMDeploymentPlan(request, reservation, steps) { Expected = Schedule.CriticalPath(steps),
            HostCount = reservation?.Request.NodeCounts.Values.Sum(), Choice = choice };
    }

    static void CheckMachines(VMDeploymentRequest request)
    {
        IReadOnlyList<VirtualMachine> machines = request.AllMachines;
        if (machines.Count == 0)
            throw new G5kException("NoMachines", ErrorKind.InvalidArgument, "No virtual machines are asked for.", null,
                "Give a template (New-G5kVMDeployment 10x2cpu,4GB) or a topology with machines.");
        if (machines.GroupBy(m => m.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twins)
            throw new G5kException("DuplicateMachine", ErrorKind.InvalidData, $"{twins.Count()} machines are called {twins.Key}.", twins.Key,
                "Every machine needs a name of its own.");
        if (machines.FirstOrDefault(m => !VirtualMachineNames.IsValid(m.Id)) is { } odd)
            throw new G5kException("InvalidMachineName", ErrorKind.InvalidData, $"'{odd.Id}' cannot be the name of a machine.", odd.Id,
                "Use letters, digits, '.', '-' and '_', at most 63 characters.");
        if (machines.FirstOrDefault(m => m.Disks.Any(d => d.Strategy == DiskStrategy.Direct)) is { } direct)
            throw new G5kException("DiskStrategyUnsuitable", ErrorKind.InvalidArgument,
                $"{direct.Id} wants to write into its image itself (Direct), but each host has a copy of its own.", direct.Id,
                "Take the strategy Copy or Cow.");
        if (request.Topology is { } topology && TopologyCheck.Run(topology).FirstOrDefault(p => !p.IsWarning) is { } problem)
            throw new G5kException(problem.Code, ErrorKind.InvalidData, problem.Message, problem.Target,
                "Test-G5kVMTopology shows all that is wrong.");
        if (request.MinMachines is { } least && (least < 1 || least > machines.Count))
            throw new G5kException("InvalidMinMachines", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"-MinMachines {least} is not between 1 and the number of machines ({machines.Count})."), least,
                "Leave it out to go on with those that work.");
    }

    static void CheckWay(VMDeploymentRequest request)
    {
        if (request.Environment is null && request.Vlan != VlanKind.None)
            throw new G5kException("VlanNeedsDeployment", ErrorKind.InvalidArgument,
                "Nodes of the standard environment stay in Grid'5000's default network: a VLAN needs deployed hosts.", request.Vlan,
                "Leave -NoDeploy out, or -Vlan.");
        if (request.Reservation is null && request.Reserve is null)
            throw new G5kException("NothingToDeployOn", ErrorKind.InvalidArgument, "Neither jobs nor sites are given.", null,
                "Give -Site, -JobId, or reserved nodes.");
    }

    async Task CheckGivenAsync(VMDeploymentRequest request, Reservation given, CancellationToken cancellationToken)
    {
        if (given.State == "Ended")
            throw new G5kException("JobEnded", ErrorKind.InvalidOperation, $"The jobs of {given.Name} have ended.", given,
                "Reserve anew, or leave it to New-G5kVMDeployment.");
        if (given.Vlan is VlanKind.Local or VlanKind.Routed && given.Jobs.Count > 1)
            throw new G5kException("VlanNeedsOneSite", ErrorKind.InvalidArgument,
                $"The reservation {given.Name} spans several sites, but its VLAN exists at one only.", given, "Reserve with -Vlan Global.");
        // What runs is known already: it is looked at before anything is done to it.
        if (given.State != "Running") return;
        var api = new Grid5000Client(grid);
        IEnumerable<string> names = given.Nodes.Where(n => request.Hosts.Count == 0 || request.Hosts.Contains(n, StringComparer.OrdinalIgnoreCase));
        NodeInfo[] nodes = await Task.WhenAll(names.Distinct(StringComparer.Ordinal).Select(n => api.GetNodeAsync(n, cancellationToken)))
            .ConfigureAwait(false);
        VMHost[] hosts = [.. VMTopology.Sort(nodes.Where(n => n.CanHostMachines).Select(VMHost.From))];
        if (hosts.Length == 0)
            throw new G5kException("NoHosts", ErrorKind.ResourceUnavailable, "None of the nodes can host virtual machines.", given,
                "Hosts that can: Get-G5kNode, those with a Virtualization.");
        VMTopology placed = VMPlacement.Arrange(request, hosts);
        if (given.Vlan != VlanKind.None) return;
        foreach (string site in placed.Sites)
        {
            VMTopology part = placed with { Hosts = [.. placed.Hosts.Where(h => h.Site == site)] };
            (await MachineAddresses.ReadSubnetsAsync(grid.GetFrontend(site), given.Jobs.First(j => j.Site == site).JobId, cancellationToken)
                .ConfigureAwait(false)).Assign(part);
        }
    }

    /// <summary>Where each image is, at every site whose hosts need it.</summary>
    async Task<IReadOnlyDictionary<string, VMImage>> FindImagesAsync(VMDeploymentRequest request, IReadOnlyList<string> sites,
        CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, VMImage>(StringComparer.Ordinal);
        foreach (string asked in request.AllMachines.SelectMany(HostDisks.ImagesOf(request)).Distinct(StringComparer.Ordinal))
        {
            DiskLocation location;
            try { location = DiskLocation.Parse(asked); }
            catch (FormatException e) { throw new G5kException("InvalidImage", ErrorKind.InvalidArgument, e.Message, asked,
                "Give the path of an image on the front-end.", e); }
            if (location is not FileLocation)
                throw new G5kException("ImageUnsuitable", ErrorKind.InvalidArgument, $"{asked} is an image in Ceph: those are for machines in jobs.",
                    asked, "Give a file on the front-end, or use New-G5kVM.");
            (DiskLocation Location, DiskImageInfo Info)[] found =
                await Task.WhenAll(sites.Select(s => new DiskImages(grid.GetFrontend(s)).FindAsync(location, cancellationToken)))
                .ConfigureAwait(false);
            if (found[0].Info.BackingFile is { } under)
                throw new G5kException("ImageUnsuitable", ErrorKind.InvalidArgument,
                    $"{asked} lies over another image ({under}), which the hosts would not have.", asked,
                    $"Make one whole image of it: qemu-img convert -O qcow2 {asked} whole.qcow2");
            images[asked] = new VMImage(((FileLocation)found[0].Location).Path) { Info = found[0].Info };
        }
        return images;
    }

    static void CheckDisks(VMDeploymentRequest request)
    {
        foreach (VirtualMachine machine in request.AllMachines)
        {
            foreach (VMDisk disk in machine.Disks)
            {
                if (disk.Image is null && disk != machine.SystemDisk) continue;
                VMImage image = request.Images[request.ImageOf(disk)];
                DiskPlan.Create(disk.Strategy, new FileLocation(image.Path), image.Info, new FileLocation("/disk"),
                    disk.Strategy == DiskStrategy.Snapshot ? 0 : disk.Size);
            }
        }
    }

    /// <summary>Those that Kadeploy gives to the hosts open the machines as well.</summary>
    async Task<IReadOnlyList<string>> ReadKeysAsync(string site, CancellationToken cancellationToken)
    {
        string? text = await grid.GetFrontend(site).TryReadFileAsync(KeyFile, cancellationToken).ConfigureAwait(false);
        string[] keys = [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(l => !l.StartsWith('#'))];
        if (keys.Length == 0)
            reporter.Warning(
            $"There are no public keys in ~/{KeyFile} at {site}: nobody will be able to log in to the machines. Give some: -AuthorizedKey");
        return keys;
    }
}
