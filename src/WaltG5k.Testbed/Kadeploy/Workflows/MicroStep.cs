namespace WaltG5k.Testbed.Kadeploy;

/// <summary>A step within a macro-step.</summary>
/// <param name="Detail">A line beneath the step's name when it begins.</param>
/// <param name="RunAsync">Takes the time that the step takes and names the nodes that fail in it, with the reason.</param>
/// <param name="Conclude">A line beneath the step's name when it has taken that time.</param>
internal sealed record MicroStep(
    string Name,
    Func<IReadOnlyList<NodeModel>, CancellationToken, Task<IReadOnlyDictionary<NodeModel, string>>> RunAsync,
    Func<IReadOnlyList<NodeModel>, string>? Detail = null,
    Func<TimeSpan, string>? Conclude = null)
{
    /// <summary>The line beneath the name is told from this verbose level on.</summary>
    public int DetailLevel { get; init; } = 3;

    /// <summary>The name in the time's line, where it is another.</summary>
    public string TimedName { get; init; } = Name;

    /// <summary>How long it lasts where a node never answers.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>When the nodes that do answer are there.</summary>
    public TimeSpan? Arrival { get; init; }

    /// <summary>What runs on each node, for <c>-d</c>; null: nothing does.</summary>
    public string? Command { get; init; }
}

/// <summary>A macro-step in one of its instances.</summary>
/// <param name="Kind"><c>SetDeploymentMiniOS</c>, <c>BroadcastEnv</c>, <c>BootNewEnv</c>: a failed instance is followed by the next of its
/// kind.</param>
internal sealed record MacroStep(string Kind, string Name, IReadOnlyList<MicroStep> Steps)
{
    static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(1000);

    /// <summary>How often the instance is tried again before the next one of its kind.</summary>
    public int Retries { get; init; }

    /// <summary>After this time it is killed; zero: never.</summary>
    public TimeSpan Timeout { get; init; } = s_defaultTimeout;

    /// <summary>Steps that the request does not need.</summary>
    public IReadOnlyList<string> Bypassed { get; init; } = [];
}
