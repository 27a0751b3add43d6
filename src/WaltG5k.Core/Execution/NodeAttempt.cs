namespace WaltG5k.Core.Execution;

/// <summary>One command for one target.</summary>
sealed record NodeJob(NodeTarget Target, string Script, string? Input, NodeExecutionOptions Options, Frontends.CommandEffect Effect)
{
    /// <summary>Told when the target has let us in and the command begins.</summary>
    public Action? Began { get; init; }
}

/// <summary>What came of one attempt.</summary>
/// <param name="State">A cancelled or timed-out command has been ended on the target when this is returned, or will be within a second.</param>
sealed record NodeAttempt(NodeCommandState State)
{
    public int? ExitStatus { get; init; }
    public TimeSpan ConnectTime { get; init; }
    public TimeSpan RunTime { get; init; }
    public string Output { get; init; } = "";
    public string Error { get; init; } = "";
    public long DroppedBytes { get; init; }
    public bool IsWarm { get; init; }
    /// <summary>Whether the command may have run; then it must not be repeated.</summary>
    public bool HasBegun { get; init; }
    /// <summary>Why there was no connection, or none any more.</summary>
    public NodeFailure? Failure { get; init; }

    public static NodeAttempt Ended(int status) =>
        new(status == 0 ? NodeCommandState.Succeeded : NodeCommandState.Failed) { ExitStatus = status, HasBegun = true };

    public static NodeAttempt Without(NodeFailure failure) => new(failure.State) { Failure = failure };
}
