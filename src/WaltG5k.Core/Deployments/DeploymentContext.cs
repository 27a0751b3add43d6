using System.Collections.Concurrent;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

/// <summary>What a step of a WalT deployment has at hand: the facts found so far, the server, and what all deployments have.</summary>
sealed class DeploymentContext : StepContext
{
    /// <summary>The user that owns the images of a deployment, as <c>walt g5k</c> has it.</summary>
    public const string WaltUser = WaltServer.DefaultUser;

    readonly Lock _lock = new();
    readonly TaskCompletionSource _serverBoots = new(TaskCreationOptions.RunContinuationsAsynchronously);
    WaltServer? _server;

    public DeploymentContext(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past) : base(grid, reporter, journal, past)
    {
        Request = past.Request;
        Facts = past.Facts;
        Booted = [.. past.Booted];
    }

    public override DeploymentNouns Nouns => DeploymentNouns.Walt;
    public DeploymentRequest Request { get; }
    public DeploymentFacts Facts { get; private set; }
    public override Reservation? Reservation => Facts.Reservation;
    public override ReservationRequest? Reserve => Request.Reserve;
    public override bool MayRelease => Facts.MayRelease;
    public override bool KeepOnFailure => Request.KeepOnFailure;
    public override bool IsUnattended => Request.Unattended;
    public override string? MainCommand => Request.Unattended ? Unattended.MainCommand(Request, Id) : null;
    ConcurrentHashSet Booted { get; }

    public NodeShell ServerShell => new(Frontend(Facts.ServerSite),
        Facts.Server ?? throw new InvalidOperationException("No server has been chosen."));

    /// <summary>The WalT server, once it is set up.</summary>
    public WaltServer Server
    {
        get
        {
            lock (_lock) return _server ??= WaltServers.Open(Grid, Frontend(Facts.ServerSite), Facts.Server!, Facts.Nodes, Reporter);
        }
    }

    /// <summary>Changes the facts and writes them down.</summary>
    public void Update(Func<DeploymentFacts, DeploymentFacts> change)
    {
        lock (_lock)
        {
            Facts = change(Facts);
            Append(new JournalEntry { Facts = Facts });
        }
    }

    public override void SetReservation(Func<Reservation?, Reservation> change, bool? mayRelease = null) =>
        Update(f => f with { Reservation = change(f.Reservation), MayRelease = mayRelease ?? f.MayRelease });

    public override void OnDone(string step)
    {
        if (step == "server.deploy") SignalServerBoots();   // Kadeploy may not have told of its steps
    }

    /// <summary>Gives up a node: the deployment goes on without it, as long as enough are left.</summary>
    public void Exclude(DeploymentNode node, Finding finding)
    {
        Report(finding with { Target = node.Name });
        Update(f => f with { Excluded = new Dictionary<string, string>(f.Excluded) { [node.Name] = finding.Code } });
    }

    public void NodeBooted(DeploymentNode node)
    {
        if (Booted.Add(node.Name)) Append(new JournalEntry { Node = new NodePart(node.Name, true) });
    }

    public bool HasBooted(DeploymentNode node) => Booted.Contains(node.Name);

    /// <summary>How many nodes must work in the end.</summary>
    public int MinNodes => Request.MinNodes ?? Facts.Nodes.Count;

    /// <exception cref="G5kException"><c>NotEnoughNodes</c> when fewer than <see cref="MinNodes"/> are left.</exception>
    public void EnsureEnoughNodes()
    {
        int left = Facts.UsableNodes.Count;
        if (left < MinNodes)
            throw new G5kException("NotEnoughNodes", ErrorKind.ResourceUnavailable,
                $"Only {left} of {Facts.Nodes.Count} nodes are usable, and {MinNodes} are needed.", Id,
                "Deploy again, with -MinNodes to go on without the nodes that fail; Get-WaltFinding tells what was wrong with each.");
    }

    /// <summary>When this process ordered the first reboot of the nodes; null when an earlier one did.</summary>
    public DateTimeOffset? NodesRebootedAt { get; set; }

    /// <summary>The server begins to boot its new system.</summary>
    public void SignalServerBoots() => _serverBoots.TrySetResult();

    public Task ServerBoots(CancellationToken cancellationToken) => _serverBoots.Task.WaitAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Names of nodes, added to from several steps.</summary>
    sealed class ConcurrentHashSet : IEnumerable<string>
    {
        readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);
        public bool Add(string name) => _names.TryAdd(name, true);
        public bool Contains(string name) => _names.ContainsKey(name);
        public IEnumerator<string> GetEnumerator() => _names.Keys.GetEnumerator();
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
