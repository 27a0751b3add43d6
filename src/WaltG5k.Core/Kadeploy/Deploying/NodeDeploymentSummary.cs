namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>How a deployment of many nodes ended.</summary>
/// <param name="Results">One for each node asked for and for each spare that was used, in the order in which they were known.</param>
/// <param name="Refusals">What made whole sites fail: one for each.</param>
public sealed record NodeDeploymentSummary(IReadOnlyList<KadeployResult> Results, IReadOnlyList<G5kException> Refusals)
{
    public IReadOnlyList<KadeployResult> Good => [.. Results.Where(r => r.IsOk)];

    /// <summary>Nodes asked for that failed, and in whose place no spare is ready.</summary>
    public IReadOnlyList<KadeployResult> Missing
    {
        get
        {
            var byNode = Results.ToDictionary(r => r.Node, StringComparer.OrdinalIgnoreCase);
            return [.. Results.Where(r => r.Replaces is null && !IsServed(r))];

            bool IsServed(KadeployResult result) =>
                result.IsOk || (result.ReplacedBy is { } spare && byNode.TryGetValue(spare, out KadeployResult? next) && IsServed(next));
        }
    }
}

/// <summary>What a deployment is doing with a node.</summary>
public enum NodeDeploymentPhase
{
    /// <summary>Nothing has been ordered for it.</summary>
    Waiting,
    Deploying,
    /// <summary>It failed and is tried again.</summary>
    Retrying,
    Done,
}

/// <summary>Where a node stands while the deployment runs.</summary>
/// <param name="State">What Kadeploy said last of it; null: nothing yet.</param>
/// <param name="Result">Null until it is settled.</param>
public sealed record NodeDeploymentStatus(string Node, NodeDeploymentPhase Phase, int Attempts, KadeployNodeState? State, KadeployResult? Result)
{
    /// <summary>The step it is in, or was last: <c>BootNewEnvKexec-wait_reboot</c>.</summary>
    public string? Step => State?.MacroStep is not { } macro ? null : State.MicroStep is null ? macro : $"{macro}-{State.MicroStep}";

    /// <summary>How far it is, from 0 to 1, by what steps usually take.</summary>
    public double Fraction => Phase == NodeDeploymentPhase.Done ? 1 : StepPace.Of(State?.MacroStep, State?.MicroStep);
}
