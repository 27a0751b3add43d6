using System.Collections.Concurrent;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kavlan;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

/// <summary>What a step has at hand: the grid's services, the facts found so far, and the journal behind them.</summary>
sealed class DeploymentContext : IAsyncDisposable
{
    /// <summary>The user that owns the images of a deployment, as <c>walt g5k</c> has it.</summary>
    public const string WaltUser = WaltServer.DefaultUser;

    readonly DeploymentJournal _journal;
    readonly ConcurrentDictionary<string, IFrontend> _frontends = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _remoteActions = new(16);
    readonly Lock _lock = new();
    readonly TaskCompletionSource _serverBoots = new(TaskCreationOptions.RunContinuationsAsynchronously);
    WaltServer? _server;

    public DeploymentContext(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past)
    {
        Grid = grid;
        Reporter = reporter;
        _journal = journal;
        Id = past.Created.Id;
        Request = past.Created.Request;
        Facts = past.Facts;
        Booted = [.. past.Booted];
        Api = new Grid5000Client(grid);
    }

    public string Id { get; }
    public IGrid Grid { get; }
    public TimeProvider Time => Grid.Time;
    public IReporter Reporter { get; }
    public DeploymentRequest Request { get; }
    public DeploymentFacts Facts { get; private set; }
    public Grid5000Client Api { get; }
    ConcurrentHashSet Booted { get; }

    public IFrontend Frontend(string site) => _frontends.GetOrAdd(site, s => new LimitedFrontend(Grid.GetFrontend(s), _remoteActions));
    public OarClient Oar(string site) => new(Frontend(site), Time);
    public KavlanClient Kavlan(string site) => new(Frontend(site), Time);
    public KadeployClient Kadeploy(string site) => new(Frontend(site));
    public NodeShell ServerShell => new(Frontend(Facts.ServerSite), Facts.Server ?? throw new InvalidOperationException("No server has been chosen."));

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
            _journal.Append(new JournalEntry { Facts = Facts });
        }
    }

    public void Write(StepPart step) => _journal.Append(new JournalEntry { Step = step });

    public void Write(StatePart state) => _journal.Append(new JournalEntry { State = state });

    public void Report(Finding finding)
    {
        finding = finding with { DeploymentId = Id, Date = Time.GetUtcNow() };
        _journal.Append(new JournalEntry { Finding = finding });
        if (finding.Severity != FindingSeverity.Information) Reporter.Warning($"{finding.Code}: {finding.Title}");
        else Reporter.Verbose($"{finding.Code}: {finding.Title}");
    }

    /// <summary>Gives up a node: the deployment goes on without it, as long as enough are left.</summary>
    public void Exclude(DeploymentNode node, Finding finding)
    {
        Report(finding with { Target = node.Name });
        Update(f => f with { Excluded = new Dictionary<string, string>(f.Excluded) { [node.Name] = finding.Code } });
    }

    public void NodeBooted(DeploymentNode node)
    {
        if (Booted.Add(node.Name)) _journal.Append(new JournalEntry { Node = new NodePart(node.Name, true) });
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

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        _remoteActions.Dispose();
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
