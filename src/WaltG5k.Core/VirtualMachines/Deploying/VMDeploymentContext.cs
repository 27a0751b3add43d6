using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>What a step of a deployment of virtual machines has at hand: the hosts and how far each is, the machines and where each stands.</summary>
sealed class VMDeploymentContext : StepContext
{
    public static DeploymentNouns Words { get; } =
        new("G5kVMDeployment", "vm-deployments", "vms") { Next = "Get-G5kVMDeployment", Findings = "(Get-G5kVMDeployment {0}).Findings" };

    readonly Lock _lock = new();
    readonly Dictionary<string, MachineProgress> _progress = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    readonly MachineRelocation _relocation;

    public VMDeploymentContext(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past) : base(grid, reporter, journal, past)
    {
        Request = past.Created.Machines ?? throw new InvalidOperationException("The journal is not that of a deployment of virtual machines.");
        Facts = past.Machines.Facts;
        Board = new HostBoard();
        Shell = new HostShell(new NodeExecutor(grid), grid, isDeployed: Request.Environment is not null);
        Addresses = new MachineAddresses(this);
        Spread = new ImageSpreads(this);
        _relocation = new MachineRelocation(this);
        foreach (DeployedHost host in Facts.Hosts)
        {
            foreach (string stage in past.Machines.StagesOf(host.Name)) Board.Pass(host.Name, stage);
            if (past.Machines.LossOf(host.Name) is not null) Board.Lose(host.Name);
        }
        foreach (VirtualMachine machine in Facts.Topology?.Machines ?? []) _progress[machine.Id] = past.Machines.ProgressOf(machine.Id);
    }

    public VMDeploymentRequest Request { get; }
    public VMDeploymentFacts Facts { get; private set; }
    public HostBoard Board { get; }
    public HostShell Shell { get; }
    public MachineAddresses Addresses { get; }
    public ImageSpreads Spread { get; }

    public override DeploymentNouns Nouns => Words;
    public override Reservation? Reservation => Facts.Reservation;
    public override ReservationRequest? Reserve => Request.Reserve;
    public override bool MayRelease => Facts.MayRelease;
    public override bool KeepOnFailure => Request.KeepOnFailure;

    public override bool KeepsGivenJobs => true;

    /// <summary>On the hosts: all that belongs to this deployment is in it, or bears its name.</summary>
    public string WorkFolder => $"/var/lib/libvirt/images/g5k-{Id}";

    /// <summary>Hosts that are still used.</summary>
    public IReadOnlyList<DeployedHost> Hosts => [.. Facts.Hosts.Where(h => !Board.IsLost(h.Name))];

    /// <summary>The host as it is now: in a VLAN it has got another name.</summary>
    public DeployedHost Current(DeployedHost host) => Facts.Hosts.FirstOrDefault(h => h.Name == host.Name) ?? host;

    public IReadOnlyList<VirtualMachine> MachinesOn(string host) => Facts.Topology?.Hosts.FirstOrDefault(h => h.Name == host)?.Machines ?? [];

    public MachineProgress ProgressOf(string machine)
    {
        lock (_lock) return _progress.GetValueOrDefault(machine) ?? new MachineProgress();
    }

    /// <summary>Changes the facts and writes them down.</summary>
    public void Update(Func<VMDeploymentFacts, VMDeploymentFacts> change)
    {
        lock (_lock)
        {
            Facts = change(Facts);
            Append(new JournalEntry { Virtual = Facts });
        }
    }

    public override void SetReservation(Func<Reservation?, Reservation> change, bool? mayRelease = null) =>
        Update(f => f with { Reservation = change(f.Reservation), MayRelease = mayRelease ?? f.MayRelease });

    /// <summary>The host has a stage behind it.</summary>
    public void Pass(DeployedHost host, string stage)
    {
        if (Board.HasPassed(host.Name, stage)) return;
        Append(new JournalEntry { Host = new HostPart(host.Name, stage) });
        Board.Pass(host.Name, stage);
    }

    /// <summary>Machines have come further, or fall back.</summary>
    public void Advance(IReadOnlyList<string> machines, VMStage stage, double? seconds = null, string? reason = null)
    {
        if (machines.Count == 0) return;
        lock (_lock)
        {
            Append(new JournalEntry { Machine = new MachinePart(machines, stage, seconds, reason) });
            foreach (string machine in machines)
            {
                MachineProgress before = ProgressOf(machine);
                _progress[machine] = before with
                {
                    Stage = stage, Seconds = seconds, Reason = reason, Attempts = before.Attempts + (stage == VMStage.Started ? 1 : 0),
                    StartedAt = stage == VMStage.Started ? Time.GetUtcNow() : before.StartedAt,
                };
            }
        }
    }

    /// <summary>Gives up a host: its machines go to others, or are given up with the reason.</summary>
    public void Lose(DeployedHost host, Finding finding)
    {
        lock (_lock)
        {
            if (!Board.Lose(host.Name)) return;
            Append(new JournalEntry { Host = new HostPart(host.Name, "", finding.Code) });
            Report(finding with { Target = host.Name });
            _relocation.MoveFrom(host);
        }
    }

    /// <summary>A machine could not be made: it is taken away and made anew, a number of times, before it is given up.</summary>
    public async Task RepeatOrFailAsync(DeployedHost host, VirtualMachine machine, Finding finding, CancellationToken cancellationToken)
    {
        bool repeats;
        lock (_lock) repeats = (_failures[machine.Id] = _failures.GetValueOrDefault(machine.Id) + 1) <= Request.MachineRetries;
        if (!repeats)
        {
            Fail(machine, finding);
            return;
        }
        Report(VMFindings.MachineRepeated(machine, host, finding.Seen));
        await HostMachines.RemoveAsync(this, host, machine, cancellationToken).ConfigureAwait(false);
        Advance([machine.Id], VMStage.Placed);
    }

    /// <summary>Gives up a machine.</summary>
    public void Fail(VirtualMachine machine, Finding finding)
    {
        Advance([machine.Id], VMStage.Failed, reason: finding.Title);
        Report(finding with { Target = machine.Id });
    }

    /// <exception cref="G5kException"><c>NotEnoughHosts</c>, <c>NotEnoughMachines</c>: what is left is not what was asked for.</exception>
    public void EnsureEnough()
    {
        VirtualMachine[] all = Facts.Topology?.Machines ?? [];
        if (Hosts.Count == 0)
            throw new G5kException("NotEnoughHosts", ErrorKind.LimitsExceeded, $"None of the {Facts.Hosts.Count} hosts is usable.", Id,
                "Deploy again; the findings tell what was wrong with each.");
        int left = all.Count(m => ProgressOf(m.Id).Stage != VMStage.Failed), wanted = Request.MinMachines ?? Math.Min(1, all.Length);
        if (left < wanted)
            throw new G5kException("NotEnoughMachines", ErrorKind.LimitsExceeded,
                $"Only {left} of {all.Length} machines are left, and {wanted} are needed.", Id,
                "Deploy again, with -MinMachines to go on with fewer; the findings tell what was wrong with each.");
    }

    public override Task CleanAsync(bool jobsEnd, CancellationToken cancellationToken) => HostCleaning.RunAsync(this, jobsEnd, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        Addresses.Dispose();
        await Shell.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
