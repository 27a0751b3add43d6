using WaltG5k.Core.Deployments;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Where the disks of machines are made.</summary>
public enum DiskPlace
{
    /// <summary>Each on the host of its machine.</summary>
    One,
    /// <summary>Each on every host, so that machines can move while they run.</summary>
    All,
}

/// <summary>Where hosts may come from, when they are to be reserved.</summary>
public sealed record VMHostWish
{
    /// <summary>Sites to look at; empty: all. Without <see cref="Counts"/> the hosts come from one of them.</summary>
    public IReadOnlyList<string> Sites { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<string> Clusters { get; init => field = value.AsArray(); } = [];
    /// <summary>Sites, clusters and nodes that are not to be used.</summary>
    public IReadOnlyList<string> Excluded { get; init => field = value.AsArray(); } = [];
    /// <summary>Hosts by site; empty: as many as the machines want.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();
}

/// <summary>Virtual machines to deploy: which, on what, and how.</summary>
public sealed record VMDeploymentRequest
{
    /// <summary>Machines on hosts, real ones or place-holders. Null: <see cref="Machines"/> are placed.</summary>
    public VMTopology? Topology { get; init; }
    public IReadOnlyList<VirtualMachine> Machines { get; init => field = value.AsArray(); } = [];
    public PlacementOptions Placement { get; init; } = new();

    /// <summary>Jobs to use; null: they are reserved first, as <see cref="Reserve"/> says.</summary>
    public Reservation? Reservation { get; init; }
    /// <summary>What to reserve; the planner fills in its nodes and subnets.</summary>
    public ReservationRequest? Reserve { get; init; }
    public VMHostWish Wish { get; init; } = new();
    /// <summary>Those nodes of the jobs that are to be used; empty: all that are needed.</summary>
    public IReadOnlyList<string> Hosts { get; init => field = value.AsArray(); } = [];

    /// <summary>The environment of the hosts; null: they run what they run, and root is asked for there.</summary>
    public string? Environment { get; init; } = VMDeploymentRequest.DefaultEnvironment;
    public const string DefaultEnvironment = "debian12-nfs";
    /// <summary>Whether what is missing of libvirt and QEMU is installed.</summary>
    public bool InstallsPackages { get; init; } = true;
    /// <summary>Packages besides.</summary>
    public IReadOnlyList<string> Packages { get; init => field = value.AsArray(); } = [];

    public DiskPlace DiskPlace { get; init; }
    /// <summary>Remove the virtual machines that are on the hosts, whoever made them, with their disks.</summary>
    public bool Clean { get; init; }
    /// <summary>The image of disks of which nothing is said.</summary>
    public string Image { get; init; } = DefaultImage;
    public const string DefaultImage = "/grid5000/virt-images/debian12.qcow2";
    /// <summary>What the planner found of each image, by the path that was asked for.</summary>
    public IReadOnlyDictionary<string, VMImage> Images { get; init; } = new Dictionary<string, VMImage>();
    /// <summary>Public keys of those who may log in as root.</summary>
    public IReadOnlyList<string> AuthorizedKeys { get; init => field = value.AsArray(); } = [];
    /// <summary>The user's own part of cloud-init's data.</summary>
    public string? UserData { get; init; }
    /// <summary>What the URL of an image on its way between hosts begins with, so that nobody else gets it.</summary>
    public string Secret { get; init; } = "";

    /// <summary>How long a machine may take to answer ssh, from its start.</summary>
    public TimeSpan MachineTimeout { get; init; } = TimeSpan.FromMinutes(4);
    /// <summary>How often one that does not answer is made anew.</summary>
    public int MachineRetries { get; init; } = 1;
    /// <summary>Fewer machines than this is a failure; null: each that is missing is told, and one is enough.</summary>
    public int? MinMachines { get; init; }
    public bool KeepOnFailure { get; init; }

    /// <summary>A shell command that is run on the front-end at the end; null: none.</summary>
    public string? Program { get; init; }
    public TimeSpan ProgramTimeout { get; init; } = TimeSpan.FromHours(12);
    /// <summary>A folder of this machine that gets the lists; null: none but that of the deployment.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>All machines, in their order.</summary>
    public IReadOnlyList<VirtualMachine> AllMachines => Topology?.Machines ?? Machines;
    public VlanKind Vlan => Reservation?.Vlan ?? Reserve?.Vlan ?? VlanKind.None;
    public string ImageOf(VMDisk disk) => disk.Image ?? Image;
}

/// <summary>An image of the front-ends that disks begin as.</summary>
/// <param name="Path">Where it is.</param>
public sealed record VMImage(string Path)
{
    public required DiskImageInfo Info { get; init; }
    /// <summary>In hexadecimal, by site; empty as long as it is not known.</summary>
    public IReadOnlyDictionary<string, string> Sums { get; init; } = new Dictionary<string, string>();
}

/// <summary>A checked request, with what would be done.</summary>
public sealed record VMDeploymentPlan(VMDeploymentRequest Request, ReservationPlan? Reservation, IReadOnlyList<PlannedStep> Steps)
{
    /// <summary>The longest path through the steps.</summary>
    public TimeSpan Expected { get; init; }
    /// <summary>How many hosts are reserved; null: jobs were given.</summary>
    public int? HostCount { get; init; }
    /// <summary>Why these hosts, in words.</summary>
    public string Choice { get; init; } = "";
}

/// <summary>A node that hosts virtual machines.</summary>
public sealed record DeployedHost(string Name, string Site)
{
    /// <summary>Its name for ssh where it is another one: in a VLAN.</summary>
    public string? Address { get; init; }
    public string Cluster { get; init; } = "";
    public int Cpu { get; init; }
    public int Cores { get; init; }
    /// <summary>In MiB.</summary>
    public int Memory { get; init; }
    /// <summary>The second adapter, as the system and as KaVLAN name it, where that one goes into the VLAN.</summary>
    public string? VlanNic { get; init; }
    public string? VlanNicAddress { get; init; }
    /// <summary>Why it was given up; null: it is used.</summary>
    public string? LostBy { get; init; }
    /// <summary>The steps that it has behind it.</summary>
    public IReadOnlyList<string> Stages { get; init => field = value.AsArray(); } = [];
    /// <summary>Virtual machines on it, by name.</summary>
    public IReadOnlyList<string> Machines { get; init => field = value.AsArray(); } = [];
    public int MachineCount => Machines.Count;
    public bool IsReady => LostBy is null && Stages.Contains("machines.start", StringComparer.Ordinal);
    /// <summary>The name without domain.</summary>
    public string ShortName => HostNames.Short(Name);
    public override string ToString() => Name;

    internal string SshName => Address ?? Name;
}

/// <summary>Where a machine of a deployment stands.</summary>
public enum VMStage
{
    Placed,
    /// <summary>Its disks are made.</summary>
    Prepared,
    /// <summary>It was started, and has not answered yet.</summary>
    Started,
    /// <summary>It answers ssh.</summary>
    Ready,
    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>A virtual machine of a deployment, and what became of it.</summary>
public sealed record DeployedMachine(string Name, string Host)
{
    public string DeploymentId { get; init; } = "";
    public string Site { get; init; } = "";
    public VMStage Stage { get; init; }
    public string? Ip { get; init; }
    public string? Mac { get; init; }
    public int Cpu { get; init; }
    /// <summary>In MiB.</summary>
    public int Memory { get; init; }
    /// <summary>From its start until it answered ssh.</summary>
    public TimeSpan? BootTime { get; init; }
    /// <summary>How often it was started.</summary>
    public int Attempts { get; init; }
    /// <summary>Why it was given up.</summary>
    public string? Reason { get; init; }
    public override string ToString() => Name;
}

/// <summary>A deployment of virtual machines as its journal tells it.</summary>
public sealed record VMDeploymentInfo(string Id, DeploymentState State) : IDeploymentInfo, IHasEnd
{
    public string Name { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public VlanKind Vlan { get; init; }
    public int? VlanId { get; init; }
    public IReadOnlyList<ReservationJob> Jobs { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<DeployedHost> Hosts { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<DeployedMachine> Machines { get; init => field = value.AsArray(); } = [];
    public int MachineCount => Machines.Count;
    public int MachinesReady => Machines.Count(m => m.Stage == VMStage.Ready);
    public int HostCount => Hosts.Count;
    public int HostsLost => Hosts.Count(h => h.LostBy is not null);
    /// <summary>Machines on their hosts, with addresses and states: what can be exported and deployed again.</summary>
    public VMTopology? Topology { get; init; }
    public IReadOnlyList<DeploymentStepInfo> Steps { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<Finding> Findings { get; init => field = value.AsArray(); } = [];
    /// <summary>The steps running now, joined by commas.</summary>
    public string CurrentStep { get; init; } = "";
    /// <summary>Expected time to the end, while it runs.</summary>
    public TimeSpan? Remaining { get; init; }
    /// <summary>Part of the expected time that is behind us, 0 to 100.</summary>
    public int PercentComplete { get; init; }
    /// <summary>The process that drives it: <c>pid@host</c>.</summary>
    public string? Driver { get; init; }
    /// <summary>The lists of hosts and machines on the front-end, once they are written.</summary>
    public string? Folder { get; init; }
    /// <summary>The exit status of the program; null: it has not ended, or there is none.</summary>
    public int? ProgramStatus { get; init; }
    /// <summary>What the program printed, its last part.</summary>
    public string? ProgramOutput { get; init; }
    public bool IsAlive => State is DeploymentState.Running or DeploymentState.Interrupted or DeploymentState.Ready or DeploymentState.Releasing;
    /// <summary>Creation to ready (or to the last step's end).</summary>
    public TimeSpan? Duration => (ReadyAt ?? Steps.Max(s => s.EndedAt)) - CreatedAt;
    public override string ToString() => Id;
}

/// <summary>A deployment of virtual machines that this process drives.</summary>
public sealed class VMDeploymentRun : DrivenDeployment
{
    internal VMDeploymentRun(string id, Task<VMDeploymentInfo> completion, Func<Task> cancel) : base(id, completion, cancel) =>
        Completion = completion;

    /// <summary>As <see cref="DrivenDeployment.Ended"/>, with what became of it.</summary>
    public Task<VMDeploymentInfo> Completion { get; }
}
