using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>
/// An operation on the nodes of one cluster. Nodes that fail in a step leave their set and go on by themselves: the same instance again, the next one
/// of the macro-step, or nothing.
/// </summary>
internal sealed class ClusterRun(Workflow workflow, string mark, ClusterModel cluster, IReadOnlyList<NodeModel> nodes,
    IReadOnlyList<NodeModel> discarded)
{
    enum End { Passed, Stopped, Failed }

    readonly TestbedWorld _world = workflow.World;
    readonly Lock _lock = new();
    readonly List<Task> _branches = [];
    readonly bool _isSilent = workflow.World.Faults.Strikes(FaultNames.KadeploySilent, cluster.Name, cluster.Site);
    long _start;
    int _lastSet;

    OperationWords Words => workflow.Words;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _start = _world.Time.GetTimestamp();
        foreach (string remark in workflow.Remarks) Log(0, 0, remark);
        Log(0, 0, $"Launching {Words.Launch} on {HostPattern.Fold(nodes.Concat(discarded).OrderBy(n => n.Number))}");
        if (discarded.Count > 0) Log(0, 0, $"The nodes {HostPattern.Fold(discarded)} are already involved in {Words.End}, let's discard them");
        await AdvanceAsync(new NodeSetRun(0, nodes), 0, 0, 0, cancellationToken).ConfigureAwait(false);
        await AwaitBranchesAsync().ConfigureAwait(false);
        if (_world.Faults.Strikes(FaultNames.KadeployNeverEnds, cluster.Name, cluster.Site))
            await Task.Delay(Timeout.InfiniteTimeSpan, _world.Time, cancellationToken).ConfigureAwait(false);
        Log(0, 0, $"End of {Words.End} on cluster {cluster.Name} after {Seconds(_start)}");
    }

    async Task AwaitBranchesAsync()
    {
        for (int i = 0; ; i++)
        {
            Task branch;
            lock (_lock)
            {
                if (i == _branches.Count) return;
                branch = _branches[i];
            }
            await branch.ConfigureAwait(false);
        }
    }

    async Task AdvanceAsync(NodeSetRun set, int place, int instance, int attempt, CancellationToken cancellationToken)
    {
        while (place < workflow.Places.Count)
        {
            MacroStep macro = workflow.Places[place][instance];
            if (workflow.Options.Breakpoint is (string stop, null) && (stop == macro.Name || stop == macro.Kind))
            {
                Break(set);
                return;
            }
            switch (await RunInstanceAsync(set, macro, place, instance, attempt, cancellationToken).ConfigureAwait(false))
            {
                case End.Passed:
                    (place, instance, attempt) = (place + 1, 0, 0);
                    break;
                case End.Stopped:
                    Break(set);
                    return;
                default:
                    if (TryNext(set.Nodes, place, ref instance, ref attempt)) break;
                    foreach (NodeModel node in set.Nodes) Conclude(node, false);
                    return;
            }
        }
        foreach (NodeModel node in set.Nodes) Conclude(node, true);
        Log(1, 0, $"End of {Words.End} for {HostPattern.Fold(set.Nodes)} after {Seconds(_start)}");
    }

    async Task<End> RunInstanceAsync(NodeSetRun set, MacroStep macro, int place, int instance, int attempt, CancellationToken cancellationToken)
    {
        long start = _world.Time.GetTimestamp();
        foreach (string bypassed in macro.Bypassed) Log(5, set.Number, $" * Bypassing the step {Tag(macro)}-{bypassed}");
        Log(1, set.Number, $"Performing a {Tag(macro)} step");
        foreach (NodeModel node in set.Nodes) workflow.Note(node,
            n => (n.Steps[place], n.Timeouts[place]) = (macro.Name, (int)macro.Timeout.TotalSeconds));
        using var limit = macro.Timeout > TimeSpan.Zero ? new CancellationTokenSource(macro.Timeout, _world.Time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        int last = set.Number;
        foreach (MicroStep micro in CustomOperation.Insert(workflow.Options.CustomOperations, macro, _world))
        {
            last = set.Number;
            if (workflow.Options.Breakpoint is (string stop, string at) && (stop == macro.Name || stop == macro.Kind) && at == micro.Name)
            {
                Log(2, set.Number, $"*** Breakpoint on {micro.Name} reached for {HostPattern.Fold(set.Nodes)}");
                Log(1, set.Number, $"Step {Tag(macro)} breakpointed");
                SetDuration(set.Nodes, place, start);
                return End.Stopped;
            }
            IReadOnlyDictionary<NodeModel, string> failed;
            try
            {
                failed = await new MicroRun(workflow, Prefix, cluster).RunAsync(set, macro, micro, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                Log(1, set.Number, $"Timeout in the {macro.Name} step, let's kill the instance");
                Blame(set.Nodes, macro, micro, _ => $"Timeout in the {macro.Name} step");
                SetDuration(set.Nodes, place, start);
                return End.Failed;
            }
            if (failed.Count == 0) continue;
            NodeModel[] lost = [.. set.Nodes.Where(failed.ContainsKey)];
            Blame(lost, macro, micro, n => failed[n]);
            SetDuration(lost, place, start);
            // When all fail at once nothing of this appears: only the final list tells.
            if (lost.Length == set.Nodes.Count) return End.Failed;
            Divide(set, lost, macro, micro, start, place, instance, attempt, cancellationToken);
        }
        // With the number that the last micro-step had, also when the set was divided in it.
        Log(1, last, $"End of step {Tag(macro)} after {Seconds(start)}");
        SetDuration(set.Nodes, place, start);
        return End.Passed;
    }

    /// <summary>Sends the nodes that failed on their own way; the others remain the set, under a new number.</summary>
    void Divide(NodeSetRun set, NodeModel[] lost, MacroStep macro, MicroStep micro, long start, int place, int instance, int attempt,
        CancellationToken cancellationToken)
    {
        NodeModel[] left = [.. set.Nodes.Except(lost)];
        int first;
        lock (_lock)
        {
            first = _lastSet + 1;
            _lastSet += 2;
        }
        if (!_isSilent)
        {
            Log(2, set.Number, $"!!! The nodes {HostPattern.Fold(lost)} failed on step {micro.Name}");
            Log(1, set.Number, $"Step {Tag(macro)} failed for {HostPattern.Fold(lost)} after {Seconds(start)}");
            string whole = Prefix(set.Number);
            Log(1, set.Number, "---");
            Log(1, set.Number, $"Nodeset {(whole.Length > 0 ? whole : "[0] ")}split into :");
            Log(1, set.Number, $"  {Prefix(first)}{HostPattern.Fold(left)}");
            Log(1, set.Number, $"  {Prefix(first + 1)}{HostPattern.Fold(lost)}");
            Log(1, set.Number, "---");
        }
        (set.Number, set.Nodes) = (first, left);
        if (!TryNext(lost, place, ref instance, ref attempt))
        {
            foreach (NodeModel node in lost) Conclude(node, false);
            return;
        }
        Task branch = AdvanceAsync(new NodeSetRun(first + 1, lost), place, instance, attempt, cancellationToken);
        lock (_lock) _branches.Add(branch);
    }

    /// <summary>The same instance again, as often as it may be, then the next one of the macro-step.</summary>
    bool TryNext(IReadOnlyList<NodeModel> failed, int place, ref int instance, ref int attempt)
    {
        if (attempt < workflow.Places[place][instance].Retries) attempt++;
        else if (instance + 1 < workflow.Places[place].Count) (instance, attempt) = (instance + 1, 0);
        else return false;
        foreach (NodeModel node in failed) workflow.Note(node, n => n.Retries[place]++);
        return true;
    }

    void Break(NodeSetRun set)
    {
        foreach (NodeModel node in set.Nodes)
        {
            workflow.Note(node, n => (n.State, n.Macro, n.Micro, n.IsOk) = ("brk", "", "", true));
            workflow.Finish(node, true);
        }
        Log(1, 0, $"Breakpoint reached for {HostPattern.Fold(set.Nodes)}");
    }

    void Conclude(NodeModel node, bool isOk)
    {
        workflow.Finish(node, isOk);
        workflow.Note(node, n =>
        {
            n.IsOk = isOk;
            n.State = isOk ? "ok" : "ko";
            if (isOk) (n.Macro, n.Micro, n.Error) = ("", "", null);
        });
    }

    void Blame(IEnumerable<NodeModel> failed, MacroStep macro, MicroStep micro, Func<NodeModel, string> reason)
    {
        foreach (NodeModel node in failed) workflow.Note(node, n => (n.State, n.Error) = ("ko", $"{macro.Name}-{micro.Name}: {reason(node)}"));
    }

    void SetDuration(IEnumerable<NodeModel> done, int place, long start)
    {
        int seconds = (int)Math.Round(_world.Time.GetElapsedTime(start).TotalSeconds);
        foreach (NodeModel node in done) workflow.Note(node, n => n.Durations[place] = seconds);
    }

    void Log(int level, int set, string line) => workflow.Write(level, cluster.Name, Prefix(set) + line);

    string Prefix(int set) => (mark.Length, set) switch
    {
        (0, 0) => "",
        (0, _) => string.Create(CultureInfo.InvariantCulture, $"[{set}] "),
        (_, 0) => $"[{mark}] ",
        _ => string.Create(CultureInfo.InvariantCulture, $"[{mark}.{set}] "),
    };

    string Tag(MacroStep macro) => $"{Words.Tag}[{macro.Name}]";

    string Seconds(long start) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(_world.Time.GetElapsedTime(start).TotalSeconds):0}s");
}
