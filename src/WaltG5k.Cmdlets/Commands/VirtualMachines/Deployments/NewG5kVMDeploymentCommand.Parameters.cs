using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

public sealed partial class NewG5kVMDeploymentCommand
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TemplateSet)]
    [VMTemplateConversion]
    public VMTemplate[] Template { get; set; } = [];

    [Parameter(ParameterSetName = TopologySet, ValueFromPipeline = true)]
    public VMTopology[] Topology { get; set; } = [];

    /// <summary>Nodes of running jobs of one's own, reservations or jobs.</summary>
    [Parameter(ParameterSetName = TemplateSet, ValueFromPipeline = true)]
    [Alias("Node", "Reservation")]
    public object[] InputObject { get; set; } = [];

    [Parameter]
    [OarJobConversion]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] JobId { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter]
    [NodeCountConversion]
    public NodeCounts? HostCount { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter]
    public VlanKind Vlan { get; set; }

    [Parameter]
    [StartConversion]
    public ReservationStart Start { get; set; } = ReservationStart.Now;

    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    public string? Property { get; set; }

    [Parameter]
    public string[] Type { get; set; } = [];

    [Parameter]
    [DeployedEnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef Environment { get; set; } = new(VMDeploymentRequest.DefaultEnvironment);

    [Parameter]
    public SwitchParameter NoDeploy { get; set; }

    [Parameter]
    public SwitchParameter NoInstall { get; set; }

    [Parameter]
    public string[] Package { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(VMImageCompleter))]
    public string Image { get; set; } = VMDeploymentRequest.DefaultImage;

    [Parameter]
    public DiskPlace DiskPlace { get; set; }

    [Parameter]
    public SwitchParameter Clean { get; set; }

    [Parameter]
    public string[] AuthorizedKey { get; set; } = [];

    [Parameter]
    public string? UserData { get; set; }

    [Parameter]
    public Distribution Distribution { get; set; }

    [Parameter]
    public int Seed { get; set; }

    [Parameter]
    public string[] Apart { get; set; } = [];

    [Parameter]
    public string[] Together { get; set; } = [];

    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double CpuOvercommit { get; set; } = 1;

    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double MemoryOvercommit { get; set; } = 1;

    /// <summary>In MiB; by default 2 % of the host's, 256 at least and 4096 at most.</summary>
    [Parameter]
    [ValidateRange(0, 1 << 24)]
    public int? HostMemory { get; set; }

    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? MinMachines { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan MachineTimeout { get; set; } = TimeSpan.FromMinutes(4);

    [Parameter]
    public SwitchParameter KeepOnFailure { get; set; }

    [Parameter]
    public string? Program { get; set; }

    [Parameter]
    public string? OutputPath { get; set; }
}
