namespace WaltG5k.Core.Kadeploy;

/// <summary>Where a node stands in an operation of Kadeploy.</summary>
public enum KadeployNodeStatus
{
    /// <summary>The operation has not reached it yet.</summary>
    Waiting,
    /// <summary>A step works on it.</summary>
    Working,
    /// <summary>It reboots, and does not answer yet.</summary>
    Rebooting,
    /// <summary>It answers after its reboot, and waits for the others.</summary>
    Arrived,
    /// <summary>It stands still at the breakpoint, which Kadeploy counts as success.</summary>
    Breakpoint,
    Ok,
    Failed,
    /// <summary>Left out: another operation works on it.</summary>
    Discarded,
    /// <summary>The operation was ended in the middle; what the node runs is unknown.</summary>
    Aborted,
    /// <summary>It was not done within our time limit, and Kadeploy was told to stop.</summary>
    TimedOut,
    /// <summary>The connection was lost, and what became of it could not be found out.</summary>
    Lost,
    /// <summary>Kadeploy did not take the request: nothing was done to the node.</summary>
    Refused,
}

/// <summary>How long a macro-step took for a node; an instance that failed and its successor each have their own.</summary>
public sealed record KadeployStepTime(string MacroStep, TimeSpan Duration)
{
    public override string ToString() => FormattableString.Invariant($"{MacroStep} {Duration.TotalSeconds:0} s");
}

/// <summary>What became of a node.</summary>
public sealed record KadeployResult(string Node, bool IsOk)
{
    public string Site => KadeployNodes.SiteOf(Node);
    public string Cluster => KadeployNodes.ClusterOf(Node);
    /// <summary>What was deployed; empty where that is not known.</summary>
    public string Environment { get; init; } = "";
    /// <summary>Of the last attempt.</summary>
    public string? WorkflowId { get; init; }
    public KadeployNodeStatus Status { get; init; } = IsOk ? KadeployNodeStatus.Ok : KadeployNodeStatus.Failed;
    /// <summary><c>OK</c> or <c>KO</c>, as Kadeploy says.</summary>
    public string State => IsOk ? "OK" : "KO";
    /// <summary>Where it failed, or stands still: <c>BootNewEnvKexec</c>.</summary>
    public string? MacroStep { get; init; }
    public string? MicroStep { get; init; }
    /// <summary>Both: <c>BootNewEnvKexec-wait_reboot</c>.</summary>
    public string? Step => MacroStep is null ? null : MicroStep is null ? MacroStep : $"{MacroStep}-{MicroStep}";
    /// <summary>In Kadeploy's words; may have several lines.</summary>
    public string? Reason { get; init; }
    /// <summary>Its macro-steps in their order.</summary>
    public IReadOnlyList<KadeployStepTime> Times { get; init; } = [];
    /// <summary>All of them together.</summary>
    public TimeSpan Duration => Times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time.Duration);

    /// <summary>Deployments that this node took part in; 0: none was begun.</summary>
    public int Attempts { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>The failed node whose place this spare has taken.</summary>
    public string? Replaces { get; init; }
    /// <summary>The spare that takes the place of this failed node.</summary>
    public string? ReplacedBy { get; init; }
    /// <summary>What to do next; null: the node is ready.</summary>
    public string? Recommendation { get; init; }

    public override string ToString() => Node;
}

/// <summary>One run of kadeploy3 or kareboot3: a result for each node asked for, in that order; none when nobody waited for them.</summary>
/// <param name="Duration">On the front-end's clock.</param>
public sealed record KadeployRun(string? WorkflowId, IReadOnlyList<KadeployResult> Results, TimeSpan Duration)
{
    /// <summary>Every step that the output told, in the order of its beginning.</summary>
    public IReadOnlyList<KadeployStep> Steps { get; init; } = [];
}
