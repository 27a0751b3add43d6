namespace WaltG5k.Core.Kadeploy;

/// <summary>Where a node stands at this moment.</summary>
/// <param name="Since">From the beginning of the operation, when it came there.</param>
public sealed record KadeployNodeState(string Node, KadeployNodeStatus Status, TimeSpan Since)
{
    public string? Cluster { get; init; }
    public string? MacroStep { get; init; }
    public string? MicroStep { get; init; }
    public string? Reason { get; init; }

    public override string ToString() => $"{Node}: {Status}{(MacroStep is null ? "" : $" {MacroStep}{(MicroStep is null ? "" : "-" + MicroStep)}")}";
}

/// <summary>
/// Folds the events of an operation into the state of each of its nodes. May be asked from any thread while another one feeds it. A line costs the
/// same for one node as for thousands: most lines move a whole node set.
/// </summary>
public sealed class KadeployMonitor
{
    readonly Lock _lock = new();
    readonly Dictionary<string, KadeployNodeProgress> _nodes = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, KadeployNodeGroup> _groups = new(StringComparer.Ordinal);
    readonly KadeployTimeline _timeline = new();
    readonly IReadOnlyList<string> _asked;
    string? _workflowId;

    /// <param name="nodes">The nodes asked for; others that the output names are followed too.</param>
    public KadeployMonitor(IReadOnlyList<string> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _asked = nodes;
        KadeployNodeGroup waiting = _groups[""] = new KadeployNodeGroup();
        foreach (string node in nodes) _nodes[node] = new KadeployNodeProgress(waiting);
    }

    /// <summary>Null: Kadeploy has not taken the operation yet.</summary>
    public string? WorkflowId
    {
        get { lock (_lock) return _workflowId; }
    }

    public void Take(KadeployEvent happened)
    {
        lock (_lock)
        {
            _timeline.Take(happened);
            Follow(happened);
        }
    }

    /// <summary>The state of a node; null for one that was never named.</summary>
    public KadeployNodeState? Find(string node)
    {
        lock (_lock) return _nodes.TryGetValue(node, out KadeployNodeProgress? progress) ? progress.ToState(node) : null;
    }

    /// <summary>The states of the nodes asked for, in that order.</summary>
    public IReadOnlyList<KadeployNodeState> GetStates()
    {
        lock (_lock) return [.. _asked.Select(node => _nodes[node].ToState(node))];
    }

    /// <summary>Every step told so far, in the order of its beginning.</summary>
    public IReadOnlyList<KadeployStep> GetSteps()
    {
        lock (_lock) return _timeline.GetSteps();
    }

    /// <summary>
    /// One result per node asked for, in that order. A node that no list names has failed: Kadeploy has lost sight of it, or left it out.
    /// </summary>
    public IReadOnlyList<KadeployResult> GetResults()
    {
        lock (_lock) return [.. _asked.Select(node => _nodes[node].ToResult(node, _workflowId))];
    }

    void Follow(KadeployEvent happened)
    {
        KadeployNodeGroup group = GroupOf(happened);
        switch (happened)
        {
            case WorkflowStarted started:
                _workflowId = started.WorkflowId;
                break;
            case ClusterLaunched:
                foreach (string node in happened.Nodes) Enter(node).Group = group;
                break;
            case NodeSetSplit split:
                foreach (NodeSetPart part in split.Parts) Divide(group, part);
                break;
            case MacroStepStarted macro:
                group.Begin(macro.MacroStep, happened.Time);
                foreach (string node in happened.Nodes) Enter(node).TryAgain();
                break;
            case InstanceFellBack or InstanceRetried:
                group.EndUnfinished();
                break;
            case MacroStepEnded macro:
                group.Times.Add(new(macro.MacroStep, macro.After));
                group.IsTimed = true;
                break;
            case MacroStepFailed macro:
                foreach (string node in happened.Nodes) Enter(node).Failures.Add((group.Times.Count, new(macro.MacroStep, macro.After)));
                break;
            case MicroStepStarted micro:
                group.Continue(micro.MicroStep, happened.Time);
                break;
            case MicroStepTimed micro:
                group.Passed += micro.Duration;
                break;
            case PowerOrdered { Action: "reboot" }:
                group.IsRebooting = true;
                break;
            case NodeArrived arrived:
                Enter(arrived.Node).Arrive(happened.Time);
                break;
            default:
                Conclude(happened, group);
                break;
        }
    }

    void Conclude(KadeployEvent happened, KadeployNodeGroup group)
    {
        switch (happened)
        {
            case MicroStepFailed micro:
                foreach (string node in happened.Nodes) Enter(node).Fail(group.MacroStep, micro.MicroStep, happened.Time);
                break;
            case BreakpointReached at:
                foreach (string node in happened.Nodes) Enter(node).Stop(KadeployNodeStatus.Breakpoint, happened.Time, at.MacroStep, at.MicroStep);
                break;
            case NodesCompleted:
                foreach (string node in happened.Nodes) Enter(node).Stop(KadeployNodeStatus.Ok, happened.Time);
                break;
            case NodesFailed:
                foreach (string node in happened.Nodes) Enter(node).Stop(KadeployNodeStatus.Failed, happened.Time, group.MacroStep, group.MicroStep);
                break;
            case NodesDiscarded:
                foreach (string node in happened.Nodes) Enter(node).Stop(KadeployNodeStatus.Discarded, happened.Time);
                break;
            case InstanceKilled or WorkflowAborted or ClientInterrupted:
                foreach (KadeployNodeProgress node in _nodes.Values) node.Abort(happened.Time);
                break;
            case NodeReported report:
                Enter(report.Node).Report(report);
                break;
        }
    }

    void Divide(KadeployNodeGroup whole, NodeSetPart part)
    {
        KadeployNodeGroup group = _groups[part.Id] = whole.Copy();
        bool hasFailed = false;
        foreach (string node in part.Nodes)
        {
            KadeployNodeProgress progress = Enter(node);
            hasFailed = progress.Status == KadeployNodeStatus.Failed;
            progress.Group = group;
        }
        // How long the step took for these was told before.
        group.IsTimed = hasFailed;
    }

    KadeployNodeProgress Enter(string node)
    {
        if (!_nodes.TryGetValue(node, out KadeployNodeProgress? progress)) _nodes[node] = progress = new KadeployNodeProgress(_groups[""]);
        return progress;
    }

    KadeployNodeGroup GroupOf(KadeployEvent happened)
    {
        if (_groups.TryGetValue(happened.NodeSetId, out KadeployNodeGroup? group)) return group;
        int dot = happened.NodeSetId.IndexOf('.', StringComparison.Ordinal);
        KadeployNodeGroup? whole = dot > 0 ? _groups.GetValueOrDefault(happened.NodeSetId[..dot]) : null;
        return _groups[happened.NodeSetId] = (whole ?? _groups[""]).Copy(happened.Cluster);
    }
}
