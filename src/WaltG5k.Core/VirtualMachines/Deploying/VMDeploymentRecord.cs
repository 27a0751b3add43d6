using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>What is found out rarely and written whole: the jobs, the hosts, who is where with which address.</summary>
sealed record VMDeploymentFacts
{
    public Reservation? Reservation { get; init; }
    public bool MayRelease { get; init; }
    public int? VlanId { get; init; }
    /// <summary>Nodes that were chosen or are at hand.</summary>
    public IReadOnlyList<DeployedHost> Hosts { get; init => field = value.AsArray(); } = [];
    public VMTopology? Topology { get; init; }
    public bool HasAddresses { get; init; }
    public IReadOnlyDictionary<string, VMImage> Images { get; init; } = new Dictionary<string, VMImage>();
    /// <summary>The host that gives addresses and names in a VLAN.</summary>
    public string? ServiceHost { get; init; }
    public string? Folder { get; init; }
    public int? ProgramStatus { get; init; }
    public string? ProgramOutput { get; init; }
}

/// <summary>A host has a step behind it, or was given up.</summary>
sealed record HostPart(string Name, string Stage, string? LostBy = null);

/// <summary>Machines have come further.</summary>
/// <param name="Seconds">From the start to the answer.</param>
sealed record MachinePart(IReadOnlyList<string> Names, VMStage Stage, double? Seconds = null, string? Reason = null);

/// <summary>What a journal tells of virtual machines, folded.</summary>
sealed class VMDeploymentRecord
{
    readonly Dictionary<string, HashSet<string>> _stages = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _lost = new(StringComparer.Ordinal);
    readonly Dictionary<string, MachineProgress> _machines = new(StringComparer.Ordinal);

    public VMDeploymentFacts Facts { get; private set; } = new();

    public void Take(JournalEntry entry)
    {
        if (entry.Virtual is { } facts) Facts = facts;
        if (entry.Host is { LostBy: { } lost } gone) _lost[gone.Name] = lost;
        else if (entry.Host is { } host) StagesOf(host.Name).Add(host.Stage);
        if (entry.Machine is not { } machine) return;
        foreach (string name in machine.Names)
        {
            MachineProgress before = ProgressOf(name);
            _machines[name] = before with
            {
                Stage = machine.Stage, Seconds = machine.Seconds ?? (machine.Stage == VMStage.Ready ? before.Seconds : null), Reason = machine.Reason,
                Attempts = before.Attempts + (machine.Stage == VMStage.Started ? 1 : 0),
                StartedAt = machine.Stage == VMStage.Started ? entry.At : before.StartedAt,
            };
        }
    }

    public HashSet<string> StagesOf(string host)
    {
        if (!_stages.TryGetValue(host, out HashSet<string>? stages)) _stages[host] = stages = new HashSet<string>(StringComparer.Ordinal);
        return stages;
    }

    public string? LossOf(string host) => _lost.GetValueOrDefault(host);

    public MachineProgress ProgressOf(string machine) => _machines.GetValueOrDefault(machine) ?? new MachineProgress();
}

/// <summary>Where a machine stands.</summary>
sealed record MachineProgress
{
    public VMStage Stage { get; init; }
    public double? Seconds { get; init; }
    public string? Reason { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>The deployment as users see it.</summary>
static class VMDeploymentView
{
    public static VMDeploymentInfo Of(JournalReader past, DateTimeOffset now, bool isDriven)
    {
        VMDeploymentFacts facts = past.Machines.Facts;
        DateTimeOffset? endsAt = facts.Reservation?.EndsAt;
        DeploymentState state = past.CurrentState(now, endsAt, isDriven);
        bool goesOn = state is DeploymentState.Running or DeploymentState.Interrupted;
        (TimeSpan remaining, int percent) = Schedule.Remaining(past.Created.Steps, past.Steps, now);
        VMTopology? topology = facts.Topology;
        var on = (topology?.Hosts ?? []).ToDictionary(h => h.Name, h => h.Machines, StringComparer.Ordinal);
        return new VMDeploymentInfo(past.Created.Id, state)
        {
            Name = topology?.Name is { Length: > 0 } name ? name : facts.Reservation?.Name ?? "",
            CreatedAt = past.CreatedAt,
            ReadyAt = past.ReadyAt,
            EndsAt = endsAt,
            Vlan = facts.Reservation?.Vlan ?? past.Created.Machines?.Vlan ?? VlanKind.None,
            VlanId = facts.VlanId,
            Jobs = facts.Reservation?.Jobs ?? [],
            Hosts = [.. facts.Hosts.Select(h => h with { LostBy = past.Machines.LossOf(h.Name), Stages = [.. past.Machines.StagesOf(h.Name)],
            Machines = [.. on.GetValueOrDefault(h.Name, []).Select(m => m.Id)] })],
            Machines = MachinesOf(past, topology),
            Topology = topology is null ? null : WithStates(topology, past.Machines),
            Steps = past.StepsInOrder,
            Findings = past.Findings,
            CurrentStep = goesOn ? past.RunningSteps : "",
            Remaining = goesOn ? remaining : null,
            PercentComplete = state == DeploymentState.Ready ? 100 : percent,
            Driver = past.Driver is { } d ? $"{d.Pid}@{d.Machine}" : null,
            Folder = facts.Folder,
            ProgramStatus = facts.ProgramStatus,
            ProgramOutput = facts.ProgramOutput,
        };
    }

    static IReadOnlyList<DeployedMachine> MachinesOf(JournalReader past, VMTopology? topology)
    {
        IEnumerable<(VMHost? Host, VirtualMachine Machine)> all = topology is null
            ? (past.Created.Machines?.AllMachines ?? []).Select(m => ((VMHost?)null, m))
            : topology.Hosts.SelectMany(h => h.Machines, (h, m) => ((VMHost?)h, m));
        return
        [
            .. all.Select(pair => (pair.Host, pair.Machine, Progress: past.Machines.ProgressOf(pair.Machine.Id)))
            .Select(m => new DeployedMachine(m.Machine.Id, m.Host?.Name ?? "")
            {
                DeploymentId = past.Created.Id, Site = m.Host?.Site ?? "", Stage = m.Progress.Stage, Ip = m.Machine.Ip, Mac = m.Machine.Mac,
                    Cpu = m.Machine.Cpu,
                Memory = m.Machine.Memory, Attempts = m.Progress.Attempts, Reason = m.Progress.Reason,
                BootTime = m.Progress.Seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            }).OrderBy(m => m.Name, NaturalComparer.Instance),
        ];
    }

    /// <summary>With the states that vm5k's files have.</summary>
    public static VMTopology WithStates(VMTopology topology, VMDeploymentRecord record) => topology with
    {
        Hosts =
        [
            .. topology.Hosts.Select(h => h with
            {
                State = record.LossOf(h.Name) is not null
                    ? TopologyState.Failed
                    : record.StagesOf(h.Name).Contains(VMStages.Start) ? TopologyState.Ready : TopologyState.Undeployed,
                Machines = [.. h.Machines.Select(m => m with { State = StateOf(record.ProgressOf(m.Id).Stage) })],
            }),
        ],
    };

    static TopologyState StateOf(VMStage stage) =>
        stage switch { VMStage.Ready => TopologyState.Ready, VMStage.Failed => TopologyState.Failed, _ => TopologyState.Undeployed };
}

/// <summary>The steps that hosts go through one by one; each is a step of the graph as well.</summary>
static class VMStages
{
    public const string Deploy = "hosts.deploy", Network = "hosts.network", Packages = "hosts.packages", Image = "hosts.image",
        Disks = "machines.disks", Start = "machines.start";
}
