namespace WaltG5k.Testbed.Kadeploy;

/// <summary>A step within a macro-step.</summary>
/// <param name="Detail">A line beneath the step's name when it begins.</param>
/// <param name="RunAsync">Takes the time that the step takes and names the nodes that fail in it, with the reason.</param>
/// <param name="Conclude">A line beneath the step's name when it has taken that time.</param>
internal sealed record MicroStep(
    string Name,
    Func<IReadOnlyList<NodeModel>, CancellationToken, Task<IReadOnlyDictionary<NodeModel, string>>> RunAsync,
    Func<IReadOnlyList<NodeModel>, string>? Detail = null,
    Func<TimeSpan, string>? Conclude = null);

/// <summary>A macro-step in one of its instances.</summary>
/// <param name="Kind"><c>SetDeploymentMiniOS</c>, <c>BroadcastEnv</c>, <c>BootNewEnv</c>: a failed instance is followed by the next of its kind.</param>
internal sealed record MacroStep(string Kind, string Name, IReadOnlyList<MicroStep> Steps);
