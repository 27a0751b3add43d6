namespace WaltG5k.Core.Kadeploy;

/// <summary>A macro-step of a finished operation, as Kadeploy's statistics keep it.</summary>
/// <param name="Name">The instance that did it in the end: <c>BootNewEnvHardReboot</c>.</param>
/// <param name="Timeout">Zero: none.</param>
/// <param name="Retries">Instances that had failed before.</param>
/// <param name="Duration">Of that instance; the whole timeout when it was killed.</param>
public sealed record KadeployStatisticStep(string Name, TimeSpan Timeout, int Retries, TimeSpan Duration)
{
    public override string ToString() => FormattableString.Invariant(
        $"{Name} {Duration.TotalSeconds:0} s{(Retries > 0 ? $" (after {Retries})" : "")}");
}

/// <summary>What became of a node in a finished operation: one record of kastat3.</summary>
public sealed record KadeployStatistic
{
    public required string WorkflowId { get; init; }
    public required string Site { get; init; }
    public required string Node { get; init; }
    public required string User { get; init; }
    public required bool IsSuccess { get; init; }
    public KadeployOperation Operation => WorkflowId[0] switch { 'R' => KadeployOperation.Reboot, 'P' => KadeployOperation.Power,
        _ => KadeployOperation.Deployment };
    /// <summary><c>OK</c>, <c>KO</c>, or <c>Cancelled</c> when it was ended before its end.</summary>
    public string State => IsSuccess ? "OK" : IsCancelled ? "Cancelled" : "KO";
    /// <summary>Somebody ended it: it has failed without an error.</summary>
    public bool IsCancelled => !IsSuccess && Error is null;
    public DateTimeOffset StartedAt { get; init; }
    /// <summary>Up to three, in their order.</summary>
    public IReadOnlyList<KadeployStatisticStep> Steps { get; init; } = [];
    /// <summary>All steps together.</summary>
    public TimeSpan Duration => Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Duration);
    /// <summary>Null: nothing was deployed.</summary>
    public string? Environment { get; init; }
    public long? EnvironmentVersion { get; init; }
    /// <summary>In Kadeploy's words, with commas and newlines as they are.</summary>
    public string? Error { get; init; }
    /// <summary>Where it failed: <c>BroadcastEnvKascade-send_environment</c>.</summary>
    public string? Step { get; init; }
    /// <summary>The error without the step.</summary>
    public string? Reason { get; init; }

    public override string ToString() => $"{Node}@{WorkflowId}";
}

/// <summary>How often operations on a node have failed.</summary>
/// <param name="Rate">From 0 to 1, in thousandths.</param>
public sealed record KadeployFailureRate(string Site, string Node, double Rate)
{
    public override string ToString() => FormattableString.Invariant($"{Node}: {Rate:0.0##}");
}

/// <summary>Which records are wanted; what is not given does not matter.</summary>
public sealed record KadeployStatisticQuery
{
    public IReadOnlyList<string> Nodes { get; init; } = [];
    public KadeployOperation? Operation { get; init; }
    public string? WorkflowId { get; init; }
    /// <summary>Operations that began from this moment on.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Operations that began up to this moment.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Nodes that needed at least so many further attempts.</summary>
    public int? MinRetries { get; init; }
    /// <summary>In which of the steps, 1 to 3; none: in any.</summary>
    public IReadOnlyList<int> RetrySteps { get; init; } = [];
    /// <summary>At most so many records.</summary>
    public int? Maximum { get; init; }
}
