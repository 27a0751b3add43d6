using System.Globalization;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>How an operation is called in the output.</summary>
/// <param name="Letter">Of its ids: D, R or P.</param>
/// <param name="Tag">Before the bracket of a macro-step.</param>
internal sealed record OperationWords(char Letter, string Tag, string Title, string Launch, string End, string Verb)
{
    public static readonly OperationWords Deployment = new('D', "Deploy", "Deployment", "a deployment", "deployment", "deployment");
    public static readonly OperationWords Reboot = new('R', "Reboot", "Reboot operation", "a reboot", "reboot", "reboot operation");
    public static readonly OperationWords Power = new('P', "Power", "Power operation", "a power operation", "power operation", "power operation");
}

/// <summary>
/// An operation on nodes, run by the Kadeploy server whether its client waits or not. Its lines have the levels of the client's verbosity: 0 the
/// frame, 1 macro-steps, 2 failures, 3 micro-steps, 4 times, 5 what was not needed and which nodes came back.
/// </summary>
internal sealed class Workflow(TestbedWorld world, OperationWords words, string id, IReadOnlyList<NodeModel> nodes)
{
    readonly Lock _lock = new();
    readonly Dictionary<NodeModel, WorkflowNode> _progress = nodes.ToDictionary(n => n, n => new WorkflowNode(n));
    readonly List<(NodeSetRun Set, MicroStep Step, string Macro, long Start)> _active = [];
    readonly long _start = world.Time.GetTimestamp();
    IReadOnlyList<IReadOnlyList<MacroStep>>? _places;
    TimeSpan? _duration;

    public TestbedWorld World => world;
    public string Id => id;
    public OperationWords Words => words;
    public IReadOnlyList<NodeModel> Nodes => nodes;
    public string User { get; set; } = "";
    public DeployEnvironment? Environment { get; init; }
    public DateTimeOffset StartedAt { get; } = world.Time.GetUtcNow();
    /// <summary>Nodes asked for that another operation works on.</summary>
    public IReadOnlyList<NodeModel> Discarded { get; set; } = [];
    public WorkflowOptions Options { get; set; } = new();
    /// <summary>Remarks on the request, before the first node is touched.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public IReadOnlyList<NodeModel> Ok => [.. nodes.Where(n => _progress[n].IsOk == true)];
    public IReadOnlyList<NodeModel> Ko => [.. nodes.Where(n => _progress[n].IsOk == false)];
    public IReadOnlyList<NodeModel> Processing => [.. nodes.Where(n => _progress[n].IsOk is null)];
    public string ReasonOf(NodeModel node) => _progress[node].Error ?? "";
    public WorkflowNode ProgressOf(NodeModel node) => _progress[node];
    public bool IsDone { get; private set; }
    public bool IsAborted { get; private set; }
    public TimeSpan Duration => _duration ?? world.Time.GetElapsedTime(_start);

    /// <summary>Called for each line with its level.</summary>
    public Action<int, string> Log { get; set; } = (_, _) => { };
    /// <summary>Called for each line of the trace of commands.</summary>
    public Action<string> Trace { get; set; } = _ => { };
    /// <summary>The lines that nobody has read yet over the network.</summary>
    public WorkflowLog Unread { get; } = new(world.Time);
    public WorkflowLog UnreadTraces { get; } = new(world.Time);

    /// <summary>The macro-steps for a cluster's nodes.</summary>
    public required Func<IReadOnlyList<MacroStep>> Plan { get; init; }

    /// <summary>The last word on each node.</summary>
    public required Action<NodeModel, bool> Finish { get; init; }

    /// <summary>What becomes of nodes when the operation is ended in the middle.</summary>
    public Action<IEnumerable<NodeModel>> Abort { get; set; } = _ => { };

    /// <summary>The macro-steps in their order, each with its instances.</summary>
    public IReadOnlyList<IReadOnlyList<MacroStep>> Places =>
        _places ??= [.. Plan().GroupBy(m => m.Kind).Select(g => (IReadOnlyList<MacroStep>)[.. g])];

    /// <summary>Somebody has deleted the operation.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Raised when somebody deletes the operation.</summary>
    public event Action? Killed;

    public void Kill()
    {
        IsKilled = true;
        Killed?.Invoke();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IGrouping<ClusterModel, NodeModel>[] clusters = [.. nodes.GroupBy(n => n.Cluster)];
        Log(0, $"{words.Title} #{id} started");
        if (clusters.Length > 1)
        {
            Log(0, "---");
            Log(0, "Clusters involved in the operation:");
            for (int i = 0; i < clusters.Length; i++) Log(0, string.Create(CultureInfo.InvariantCulture, $"  [c{i + 1}] : {clusters[i].Key.Name}"));
            Log(0, "---");
        }
        await Task.WhenAll(clusters.Select((cluster, i) =>
        {
            string mark = clusters.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"c{i + 1}") : "";
            NodeModel[] discarded = [.. Discarded.Where(n => n.Cluster == cluster.Key)];
            return new ClusterRun(this, mark, cluster.Key, [.. cluster], discarded).RunAsync(cancellationToken);
        })).ConfigureAwait(false);
        _duration = world.Time.GetElapsedTime(_start);
        IsDone = true;
        Log(0, $"{words.Title} #{id} done");
    }

    /// <summary>Somebody has ended it: the nodes that it was not through with are left as they are.</summary>
    public void EndAborted()
    {
        IReadOnlyList<NodeModel> left = Processing;
        lock (_lock)
        {
            foreach (NodeModel node in left) _progress[node].IsOk = false;
        }
        _duration = world.Time.GetElapsedTime(_start);
        IsDone = IsAborted = true;
        Abort(left);
        Log(2, $" * Kill a {words.End} instance");
        Log(0, $"{char.ToUpperInvariant(words.End[0])}{words.End[1..]} aborted");
    }

    /// <summary>A line of a cluster's log.</summary>
    public void Write(int level, string cluster, string line)
    {
        lock (_lock)
        {
            if (level <= Options.VerboseLevel) Unread.Add(cluster, line);
            Log(level, line);
        }
    }

    public void WriteTrace(NodeModel node, string command, string output, string error, string status)
    {
        if (!Options.Debugs) return;
        const string Rule = "-------------------------";
        string[] lines =
        [
            Rule, $"NODE: {node.Name}", Rule, $"COMMAND: [\"{command}\"]",
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => "STDOUT: " + l),
            .. error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => "STDERR: " + l),
            $"STATUS: {status}",
        ];
        lock (_lock)
        {
            foreach (string line in lines)
            {
                UnreadTraces.Add(node.Name, line);
                Trace("[dbg] " + line);
            }
        }
    }

    /// <summary>Changes what is known of a node.</summary>
    public void Note(NodeModel node, Action<WorkflowNode> change)
    {
        lock (_lock) change(_progress[node]);
    }

    public IDisposable BeginStep(NodeSetRun set, string macro, MicroStep step)
    {
        (NodeSetRun, MicroStep, string, long) entry = (set, step, macro, world.Time.GetTimestamp());
        lock (_lock) _active.Add(entry);
        return new ActiveStep(() => { lock (_lock) _active.Remove(entry); });
    }

    /// <summary>The micro-steps under way: macro, micro, seconds so far, the nodes.</summary>
    public IReadOnlyList<(string Macro, string Micro, int Seconds, IReadOnlyList<NodeModel> Nodes)> GetActiveSteps()
    {
        lock (_lock) return [.. _active.Select(a => (a.Macro, a.Step.Name, (int)world.Time.GetElapsedTime(a.Start).TotalSeconds, a.Set.Nodes))];
    }

    sealed class ActiveStep(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>What a client may ask of any operation.</summary>
internal sealed record WorkflowOptions
{
    public int VerboseLevel { get; init; } = 3;
    public bool Debugs { get; init; }
    /// <summary>The macro-step before which the nodes stand still, or within which before a micro-step.</summary>
    public (string Macro, string? Micro)? Breakpoint { get; init; }
    public IReadOnlyList<CustomOperation> CustomOperations { get; init; } = [];
}

/// <summary>The nodes of a cluster that go the same way, and the number of their lines.</summary>
internal sealed class NodeSetRun(int number, IReadOnlyList<NodeModel> nodes)
{
    public int Number { get; set; } = number;
    public IReadOnlyList<NodeModel> Nodes { get; set; } = nodes;
}
