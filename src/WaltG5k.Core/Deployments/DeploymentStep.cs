namespace WaltG5k.Core.Deployments;

/// <summary>A step of a graph: what it needs, how long it may take, how often it is tried, and what it does.</summary>
/// <param name="Run">Acts and returns a short note. Must be repeatable: after a crash it runs again, and it may find its work done.</param>
record Step<TContext>(string Name, string Description, Func<TContext, CancellationToken, Task<string>> Run) where TContext : StepContext
{
    public IReadOnlyList<string> Needs { get; init; } = [];
    /// <summary>Steps that it overlaps with, part by part, and cannot end before.</summary>
    public IReadOnlyList<string> Follows { get; init; } = [];
    public TimeSpan Expected { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Per attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);
    public int Attempts { get; init; } = 1;
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    public PlannedStep ToPlanned() => new(Name, Description, [.. Needs, .. Follows], Expected);
}

/// <summary>A step of a WalT deployment.</summary>
sealed record DeploymentStep(string Name, string Description, Func<DeploymentContext, CancellationToken, Task<string>> Run)
    : Step<DeploymentContext>(Name, Description, Run);
