namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// What is known of each node while it is deployed, and the one place where results are made: a node gets one, at the moment it is settled, and never
/// another. Called from any thread.
/// </summary>
sealed class NodeBoard(string environment, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _nodes = new(StringComparer.OrdinalIgnoreCase);
    readonly List<KadeployResult> _results = [];

    /// <summary>Gets each result, outside of any lock.</summary>
    public Action<KadeployResult> OnResult { get; init; } = _ => { };

    /// <summary>Something has changed that a progress bar may show.</summary>
    public Action OnChange { get; init; } = () => { };

    public IReadOnlyList<KadeployResult> Results
    {
        get { lock (_lock) return [.. _results]; }
    }

    public IReadOnlyList<NodeDeploymentStatus> Status
    {
        get { lock (_lock) return [.. _nodes.Select(n => n.Value.ToStatus(n.Key))]; }
    }

    /// <param name="replaces">The failed node whose place it takes.</param>
    public void Add(string node, string? replaces = null)
    {
        lock (_lock) _nodes.TryAdd(node, new Entry { Replaces = replaces });
    }

    /// <summary>An attempt begins; the monitor follows it.</summary>
    public void Begin(IEnumerable<string> nodes, KadeployMonitor monitor)
    {
        DateTimeOffset now = time.GetUtcNow();
        Change(nodes, e =>
        {
            e.Attempts++;
            e.StartedAt ??= now;
            e.Monitor = monitor;
            e.Phase = NodeDeploymentPhase.Deploying;
        });
    }

    /// <summary>The attempt was none: Kadeploy did not take the request.</summary>
    public void TakeBack(IEnumerable<string> nodes) => Change(nodes, e =>
    {
        e.Attempts--;
        e.Monitor = null;
        if (e.Attempts == 0) e.StartedAt = null;
        e.Phase = NodeDeploymentPhase.Waiting;
    });

    /// <summary>Tried again later.</summary>
    public void Retry(string node) => Change([node], e => e.Phase = NodeDeploymentPhase.Retrying);

    public int AttemptsOf(string node)
    {
        lock (_lock) return _nodes[node].Attempts;
    }

    public bool IsSettled(string node)
    {
        lock (_lock) return _nodes[node].Result is not null;
    }

    /// <summary>Adds to the result of a node what the board knows and makes it final, unless the node has one already.</summary>
    public void Settle(KadeployResult result)
    {
        lock (_lock)
        {
            Entry entry = _nodes[result.Node];
            if (entry.Result is not null) return;
            entry.Result = result = result with
            {
                Environment = environment,
                WorkflowId = result.WorkflowId ?? entry.Monitor?.WorkflowId,
                Attempts = entry.Attempts,
                StartedAt = entry.StartedAt,
                EndedAt = entry.StartedAt is null ? null : time.GetUtcNow(),
                Replaces = entry.Replaces,
            };
            entry.Phase = NodeDeploymentPhase.Done;
            _results.Add(result);
        }
        OnResult(result);
        OnChange();
    }

    public void Changed() => OnChange();

    void Change(IEnumerable<string> nodes, Action<Entry> change)
    {
        lock (_lock)
        {
            foreach (string node in nodes)
                if (_nodes.TryGetValue(node, out Entry? entry) && entry.Result is null) change(entry);
        }
        OnChange();
    }

    sealed class Entry
    {
        public string? Replaces { get; init; }
        public NodeDeploymentPhase Phase { get; set; }
        public int Attempts { get; set; }
        public DateTimeOffset? StartedAt { get; set; }
        public KadeployMonitor? Monitor { get; set; }
        public KadeployResult? Result { get; set; }

        public NodeDeploymentStatus ToStatus(string node) => new(node, Phase, Attempts, Monitor?.Find(node), Result);
    }
}
