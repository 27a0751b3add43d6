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
/// frame, 1 macro-steps, 2 failures, 3 micro-steps, 4 times.
/// </summary>
internal sealed class Workflow(TestbedWorld world, OperationWords words, string id, IReadOnlyList<NodeModel> nodes)
{
    readonly Dictionary<NodeModel, string> _failures = [];
    readonly Lock _lock = new();

    public string Id => id;
    public OperationWords Words => words;
    public IReadOnlyList<NodeModel> Nodes => nodes;
    public IReadOnlyList<NodeModel> Ok => [.. nodes.Where(n => !_failures.ContainsKey(n))];
    public IReadOnlyList<NodeModel> Ko => [.. nodes.Where(_failures.ContainsKey)];
    public string ReasonOf(NodeModel node) => _failures[node];

    /// <summary>Called for each line with its level.</summary>
    public Action<int, string> Log { get; set; } = (_, _) => { };

    /// <summary>The macro-steps for a cluster's nodes.</summary>
    public required Func<IReadOnlyList<MacroStep>> Plan { get; init; }

    /// <summary>The last word on each node.</summary>
    public required Action<NodeModel, bool> Finish { get; init; }

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
            RunClusterAsync(clusters.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"c{i + 1}") : "", cluster.Key, [.. cluster], cancellationToken))).ConfigureAwait(false);
        Log(0, $"{words.Title} #{id} done");
    }

    async Task RunClusterAsync(string cluster, ClusterModel model, IReadOnlyList<NodeModel> present, CancellationToken cancellationToken)
    {
        long start = world.Time.GetTimestamp();
        string clusterPrefix = cluster.Length > 0 ? $"[{cluster}] " : "";
        Log(0, $"{clusterPrefix}Launching {words.Launch} on {HostPattern.Fold(present)}");
        Nodeset nodeset = new(cluster, present);
        IReadOnlyList<MacroStep> plan = Plan();
        for (int i = 0; i < plan.Count && nodeset.Nodes.Count > 0; i++)
        {
            bool hasFallback = i + 1 < plan.Count && plan[i + 1].Kind == plan[i].Kind;
            bool complete = await RunMacroStepAsync(plan[i], hasFallback, nodeset, cancellationToken).ConfigureAwait(false);
            if (complete && hasFallback) i++;
        }
        foreach (NodeModel node in present) Finish(node, !IsFailed(node));
        if (nodeset.Nodes.Count > 0) Log(1, $"{clusterPrefix}End of {words.End} for {HostPattern.Fold(nodeset.Nodes)} after {Seconds(start)}");
        Log(0, $"{clusterPrefix}End of {words.End} on cluster {model.Name} after {Seconds(start)}");
    }

    /// <summary>False when the instance failed for all and the next of its kind has to try.</summary>
    async Task<bool> RunMacroStepAsync(MacroStep macro, bool hasFallback, Nodeset nodeset, CancellationToken cancellationToken)
    {
        long start = world.Time.GetTimestamp();
        Log(1, $"{nodeset.Prefix}Performing a {words.Tag}[{macro.Name}] step");
        foreach (MicroStep micro in macro.Steps)
        {
            long microStart = world.Time.GetTimestamp();
            Log(3, $"{nodeset.Prefix}  {micro.Name}");
            if (micro.Detail is not null) Log(3, $"{nodeset.Prefix}   * {micro.Detail(nodeset.Nodes)}");
            IReadOnlyDictionary<NodeModel, string> failed = await micro.RunAsync(nodeset.Nodes, cancellationToken).ConfigureAwait(false);
            if (micro.Conclude is not null) Log(3, $"{nodeset.Prefix}   * {micro.Conclude(world.Time.GetElapsedTime(microStart))}");
            Log(4, $"{nodeset.Prefix}   ~ Time in {micro.Name}: {Seconds(microStart)}");
            if (failed.Count == 0) continue;
            if (hasFallback) return false;
            Fail(macro, micro, failed, nodeset, start);
            if (nodeset.Nodes.Count == 0) return true;
        }
        Log(1, $"{nodeset.Prefix}End of step {words.Tag}[{macro.Name}] after {Seconds(start)}");
        return true;
    }

    void Fail(MacroStep macro, MicroStep micro, IReadOnlyDictionary<NodeModel, string> failed, Nodeset nodeset, long start)
    {
        lock (_lock)
        {
            foreach ((NodeModel node, string reason) in failed) _failures[node] = $"{macro.Name}-{micro.Name}: {reason}";
        }
        NodeModel[] lost = [.. nodeset.Nodes.Where(failed.ContainsKey)];
        NodeModel[] left = [.. nodeset.Nodes.Where(n => !failed.ContainsKey(n))];
        if (left.Length > 0)
        {
            // When all fail at once nothing of this appears: only the final list tells.
            Log(2, $"{nodeset.Prefix}!!! The nodes {HostPattern.Fold(lost)} failed on step {micro.Name}");
            Log(1, $"{nodeset.Prefix}Step {words.Tag}[{macro.Name}] failed for {HostPattern.Fold(lost)} after {Seconds(start)}");
            (int parent, int first) = (nodeset.Number, nodeset.Split());
            Log(1, "---");
            Log(1, string.Create(CultureInfo.InvariantCulture, $"Nodeset [{parent}] split into :"));
            Log(1, string.Create(CultureInfo.InvariantCulture, $"  [{first}] {HostPattern.Fold(left)}"));
            Log(1, string.Create(CultureInfo.InvariantCulture, $"  [{first + 1}] {HostPattern.Fold(lost)}"));
            Log(1, "---");
        }
        nodeset.Nodes = left;
    }

    bool IsFailed(NodeModel node)
    {
        lock (_lock) return _failures.ContainsKey(node);
    }

    string Seconds(long start) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(world.Time.GetElapsedTime(start).TotalSeconds):0}s");

    /// <summary>The nodes of a cluster that are still in the race, and the prefix of their lines.</summary>
    sealed class Nodeset(string cluster, IReadOnlyList<NodeModel> nodes)
    {
        int _next = 1;

        public int Number { get; private set; }
        public IReadOnlyList<NodeModel> Nodes { get; set; } = nodes;

        public string Prefix => (cluster.Length, Number) switch
        {
            (0, 0) => "",
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"[{Number}] "),
            (_, 0) => $"[{cluster}] ",
            _ => string.Create(CultureInfo.InvariantCulture, $"[{cluster}.{Number}] "),
        };

        public int Split()
        {
            Number = _next;
            _next += 2;
            return Number;
        }
    }
}
