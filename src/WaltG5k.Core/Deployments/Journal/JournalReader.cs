using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;

namespace WaltG5k.Core.Deployments.Journal;

/// <summary>Folds a journal into what it says now.</summary>
sealed class JournalReader
{
    readonly Dictionary<string, DeploymentStepInfo> _steps = new(StringComparer.Ordinal);
    readonly List<Finding> _findings = [];
    readonly HashSet<string> _booted = new(StringComparer.Ordinal);

    JournalReader(IReadOnlyList<JournalEntry> entries)
    {
        Created = entries[0].Created!;
        CreatedAt = entries[0].At;
        foreach (PlannedStep step in Created.Steps)
            _steps[step.Name] = new DeploymentStepInfo(step.Name, StepState.Pending) { DeploymentId = Created.Id, Description = step.Description };
        foreach (JournalEntry entry in entries) Take(entry);
    }

    public static JournalReader Read(string folder, DeploymentNouns? nouns = null) => new(DeploymentJournal.Read(folder, nouns));

    public CreatedPart Created { get; }
    public DateTimeOffset CreatedAt { get; }
    /// <summary>Of a WalT deployment.</summary>
    public DeploymentRequest Request => Created.Request ?? throw new InvalidOperationException("The journal is not that of a WalT deployment.");
    public DeploymentFacts Facts { get; private set; } = new();
    /// <summary>Of a deployment of virtual machines.</summary>
    public VMDeploymentRecord Machines { get; } = new();
    public StatePart? State { get; private set; }
    public DateTimeOffset? ReadyAt { get; private set; }
    public DriverPart? Driver { get; private set; }
    public IReadOnlyDictionary<string, DeploymentStepInfo> Steps => _steps;
    public IReadOnlyList<Finding> Findings => _findings;
    public IReadOnlySet<string> Booted => _booted;

    void Take(JournalEntry entry)
    {
        if (entry.Driver is { } driver)
        {
            Driver = driver;
            if (State is { State: DeploymentState.Failed }) State = null;   // resumed after a failure whose jobs were kept
        }
        if (entry.Facts is { } facts) Facts = facts;
        Machines.Take(entry);
        if (entry.Finding is { } finding) _findings.Add(finding);
        if (entry.Node is { } node) _ = node.IsBooted ? _booted.Add(node.Name) : _booted.Remove(node.Name);
        if (entry.State is { } state)
        {
            State = state;
            if (state.State == DeploymentState.Ready) ReadyAt = entry.At;
        }
        if (entry.Step is { } step && _steps.TryGetValue(step.Name, out DeploymentStepInfo? known))
        {
            bool begins = step.State == StepState.Running;
            _steps[step.Name] = known with
            {
                State = step.State,
                Attempts = Math.Max(known.Attempts, step.Attempt),
                StartedAt = begins && step.Attempt <= 1 ? entry.At : known.StartedAt,
                EndedAt = begins ? null : entry.At,
                Note = step.Note ?? known.Note,
            };
        }
    }

    /// <summary>The deployment as users see it.</summary>
    /// <param name="isDriven">Whether a process holds its lock.</param>
    public DeploymentInfo ToInfo(DateTimeOffset now, bool isDriven)
    {
        Reservation? reservation = Facts.Reservation;
        DateTimeOffset? endsAt = reservation?.EndsAt;
        (TimeSpan remaining, int percent) = Schedule.Remaining(Created.Steps, _steps, now);
        DeploymentState state = CurrentState(now, endsAt, isDriven);
        bool goesOn = state is DeploymentState.Running or DeploymentState.Interrupted;
        return new DeploymentInfo(Created.Id, state)
        {
            Name = reservation?.Name ?? "",
            Recipe = Created.Recipe,
            CreatedAt = CreatedAt,
            ReadyAt = ReadyAt,
            EndsAt = endsAt,
            ServerSite = reservation?.ServerSite ?? Request.Reserve?.ServerSite,
            Server = Facts.Server,
            Vlan = reservation?.Vlan ?? Request.Reserve?.Vlan ?? VlanKind.None,
            VlanSite = reservation?.Jobs.FirstOrDefault(j => j.HoldsVlan)?.Site,
            VlanId = Facts.VlanId,
            Jobs = reservation?.Jobs ?? [],
            Nodes = [.. Facts.Nodes.Select(n => n with { IsBooted = _booted.Contains(n.Name) })],
            Steps = StepsInOrder,
            Findings = _findings,
            CurrentStep = goesOn ? RunningSteps : "",
            Remaining = goesOn ? remaining : null,
            PercentComplete = state == DeploymentState.Ready ? 100 : percent,
            Driver = Driver is { } d ? $"{d.Pid}@{d.Machine}" : null,
        };
    }

    /// <summary>The steps in the order of the graph.</summary>
    public IReadOnlyList<DeploymentStepInfo> StepsInOrder => [.. Created.Steps.Select(s => _steps[s.Name])];
    /// <summary>Those that run, joined by commas.</summary>
    public string RunningSteps => string.Join(", ", Created.Steps.Where(s => _steps[s.Name].State == StepState.Running).Select(s => s.Name));

    public DeploymentState CurrentState(DateTimeOffset now, DateTimeOffset? endsAt, bool isDriven)
    {
        if (State is { State: DeploymentState.Failed or DeploymentState.Released } ended) return ended.State;
        if (State is { State: DeploymentState.Releasing }) return DeploymentState.Releasing;
        if (endsAt is { } end && now >= end) return DeploymentState.Expired;
        if (State is { State: DeploymentState.Ready }) return DeploymentState.Ready;
        bool awaitsMainJob = Created.Request is { Unattended: true } && Driver is null or { IsMainJob: false }
            && _steps.GetValueOrDefault("reserve")?.State == StepState.Done;
        return isDriven || awaitsMainJob ? DeploymentState.Running : DeploymentState.Interrupted;
    }
}
