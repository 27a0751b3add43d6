using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>How a step went.</summary>
public enum KadeployStepStatus
{
    Running,
    Ok,
    /// <summary>It failed for some of its nodes.</summary>
    PartlyFailed,
    /// <summary>It failed for all of its nodes.</summary>
    Failed,
    TimedOut,
    /// <summary>Not needed, and left out.</summary>
    Bypassed,
    /// <summary>Its nodes stand still before it.</summary>
    Breakpoint,
    /// <summary>The operation was ended in the middle of it.</summary>
    Aborted,
}

/// <summary>A macro-step or a micro-step of one node set.</summary>
public sealed record KadeployStep
{
    public string? WorkflowId { get; init; }
    public string? Cluster { get; init; }
    /// <summary>The mark of its lines: empty for an undivided set, else <c>1</c>, <c>c1</c>, <c>c1.1</c>.</summary>
    public string NodeSetId { get; init; } = "";
    public required NodeSet Nodes { get; init; }
    public int NodeCount => Nodes.Count;
    public required string MacroStep { get; init; }
    /// <summary>Null: the macro-step as a whole.</summary>
    public string? MicroStep { get; init; }
    public string Name => MicroStep ?? MacroStep;
    /// <summary>From the beginning of the operation: when its line came, and not before the steps ahead of it were over.</summary>
    public TimeSpan Start { get; init; }
    /// <summary>As Kadeploy tells it, in whole seconds; null: it does not (below verbose level 4, or the step never ended).</summary>
    public TimeSpan? Duration { get; init; }
    public TimeSpan? End => Start + Duration;
    public KadeployStepStatus Status { get; init; }
    public NodeSet FailedNodes { get; init; } = NodeSet.Empty;
    /// <summary>1, or more when the same instance is tried again.</summary>
    public int Attempt { get; init; } = 1;

    public override string ToString() => MicroStep is null ? MacroStep : $"{MacroStep}-{MicroStep}";
}
