using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kVMDeployment: virtual machines on hosts that are found and reserved, or that the user has.</summary>
[Cmdlet(VerbsCommon.New, "G5kVMDeployment", SupportsShouldProcess = true, DefaultParameterSetName = TopologySet)]
[OutputType(typeof(VMDeploymentInfo))]
public sealed partial class NewG5kVMDeploymentCommand : OwningCmdlet
{
    const string TopologySet = "Topology", TemplateSet = "Template";
    readonly List<VMTopology> _topologies = [];
    readonly List<object> _hosts = [];
    string? _folder;

    protected override void Prepare()
    {
        base.Prepare();
        if (OutputPath is not null) _folder = GetUnresolvedProviderPathFromPSPath(OutputPath);
    }

    protected override void ProcessRecord()
    {
        _topologies.AddRange(Topology);
        _hosts.AddRange(InputObject.Select(o => o is PSObject wrapped ? wrapped.BaseObject : o));
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        bool isMade = MyInvocation.ExpectingInput && _topologies.Count + _hosts.Count == 0;
        if (isMade) return;   // an upstream that wrote nothing leaves nothing to do
        (Reservation? jobs, IReadOnlyList<string> hosts) = await VMHostSource.FindAsync(this, _hosts, JobId, cancellationToken).ConfigureAwait(false);
        if (ParameterSetName == TopologySet && _topologies.Count == 0) throw VMDeploymentFailures.NothingAsked();
        if (ParameterSetName == TemplateSet) await DeployAsync(ToRequest(jobs, hosts) with { Machines = VMTemplate.Expand(Template) },
            cancellationToken).ConfigureAwait(false);
        foreach (VMTopology topology in _topologies)
            await DeployAsync(ToRequest(jobs, hosts) with { Topology = topology }, cancellationToken).ConfigureAwait(false);
    }

    async Task DeployAsync(VMDeploymentRequest request, CancellationToken cancellationToken)
    {
        using IDisposable listening = Session.Relay.Attach(this);
        // The engine goes on when this cmdlet is over: it reports to the session.
        var service = new VMDeploymentService(new ReportedGrid(Session.Grid, Session.Relay), Session.Relay);
        VMDeploymentPlan plan = await service.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        string description = VMPlanText.Describe(plan);
        if (!await AskAsync(() => ShouldProcess(description, $"{description}\nDeploy it?", "virtual machines")).ConfigureAwait(false)) return;
        VMDeploymentRun run = await service.StartAsync(plan, cancellationToken).ConfigureAwait(false);
        Session.Add(run);
        Own(run.CancelAsync);
        Write(service.Get(run.Id));
    }

    VMDeploymentRequest ToRequest(Reservation? jobs, IReadOnlyList<string> hosts) => new()
    {
        Reservation = jobs,
        Hosts = hosts,
        Reserve = jobs is not null ? null : new ReservationRequest { NodeCounts = new Dictionary<string, int>(), Name = Name, Walltime = Walltime,
        Vlan = Vlan, Start = Start, Property = Property, Types = Type },
        Wish = new VMHostWish { Sites = Site, Clusters = Cluster, Excluded = Exclude,
        Counts = HostCount is null ? new Dictionary<string, int>() : CountsOf(HostCount) },
        Placement = new PlacementOptions
        {
            Distribution = Distribution, Seed = Seed, CpuOvercommit = CpuOvercommit, MemoryOvercommit = MemoryOvercommit,
            Reserve = HostMemory is { } kept ? HostReserve.Fixed(kept) : HostReserve.Default, Apart = Apart, Together = Together,
        },
        Environment = NoDeploy ? null : Environment.Name,
        InstallsPackages = !NoInstall,
        Packages = Package,
        Image = Image,
        DiskPlace = DiskPlace,
        Clean = Clean,
        AuthorizedKeys = AuthorizedKey,
        UserData = UserData,
        MinMachines = MinMachines,
        MachineTimeout = MachineTimeout,
        KeepOnFailure = KeepOnFailure,
        Program = Program,
        OutputFolder = _folder,
    };

    SortedDictionary<string, int> CountsOf(NodeCounts counts) => counts.For(Site) is { Count: > 0 } bySite ? bySite : throw Failures.SiteMissing();
}
