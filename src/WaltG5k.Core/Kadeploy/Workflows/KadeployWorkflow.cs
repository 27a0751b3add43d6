namespace WaltG5k.Core.Kadeploy;

/// <summary>An operation that Kadeploy's server knows: one under way, or one that nobody has fetched the end of.</summary>
public sealed record KadeployWorkflow
{
    public required string Id { get; init; }
    public required string Site { get; init; }
    public required string User { get; init; }
    public KadeployOperation Operation => OperationOf(Id);
    public bool IsDone { get; init; }
    /// <summary>The operation itself went wrong, whatever became of the nodes.</summary>
    public bool HasError { get; init; }
    public string State => HasError ? "Error" : IsDone ? "Done" : "Running";
    public DateTimeOffset StartedAt { get; init; }
    public TimeSpan Elapsed { get; init; }
    public string? Environment { get; init; }
    public long? EnvironmentVersion { get; init; }
    public string? EnvironmentUser { get; init; }
    public IReadOnlyList<string> OkNodes { get; init; } = [];
    public IReadOnlyList<string> KoNodes { get; init; } = [];
    public IReadOnlyList<string> ProcessingNodes { get; init; } = [];
    /// <summary>All of them. Of another user's operation nothing else is told.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>What an id begins with tells the kind of its operation.</summary>
    internal static KadeployOperation OperationOf(string id) => id switch
    {
        ['R', ..] => KadeployOperation.Reboot,
        ['P', ..] => KadeployOperation.Power,
        _ => KadeployOperation.Deployment,
    };

    public override string ToString() => Id;
}
