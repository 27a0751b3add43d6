namespace WaltG5k.Core.Execution;

/// <summary>How a command ended on one target.</summary>
public enum NodeCommandState
{
    /// <summary>It ran, and its status is 0.</summary>
    Succeeded,
    /// <summary>It ran, with another status.</summary>
    Failed,
    /// <summary>No connection, or it broke.</summary>
    Unreachable,
    AuthenticationFailed,
    HostKeyProblem,
    /// <summary>It ran out of its time and was ended.</summary>
    TimedOut,
    /// <summary>It was ended because the caller no longer wanted it.</summary>
    Cancelled,
    /// <summary>It was never started.</summary>
    Skipped,
}

/// <summary>What became of a command on one target.</summary>
public sealed record NodeCommandResult(NodeTarget Target, NodeCommandState State)
{
    /// <summary>0 to 255 as the target's shell gives it; null when the command did not run to its end.</summary>
    public int? ExitStatus { get; init; }
    /// <summary>The signal that ended it, as far as the status tells (128 + n): <c>KILL</c>.</summary>
    public string? Signal { get; init; }
    /// <summary>Until the command began.</summary>
    public TimeSpan ConnectTime { get; init; }
    public TimeSpan RunTime { get; init; }
    public string Output { get; init; } = "";
    public string Error { get; init; } = "";
    /// <summary>Bytes of both outputs that were printed but not kept.</summary>
    public long DroppedBytes { get; init; }
    public bool IsTruncated => DroppedBytes > 0;
    /// <summary>How often it was tried; 0 when it was skipped.</summary>
    public int Attempts { get; init; }
    /// <summary>Whether a connection of an earlier command served it.</summary>
    public bool IsWarm { get; init; }
    /// <summary>Why it did not succeed, without the target's name, so that equal reasons fold.</summary>
    public string? Reason { get; init; }
    /// <summary>What to do about it.</summary>
    public string? Recommendation { get; init; }

    public string Name => Target.Name;
    public bool IsSuccess => State == NodeCommandState.Succeeded;

    /// <summary>The error for someone who needed it to succeed; null when it did.</summary>
    public G5kException? ToException() => State switch
    {
        NodeCommandState.Succeeded => null,
        NodeCommandState.Failed => Fail("NodeCommandFailed", ErrorKind.ResourceUnavailable),
        NodeCommandState.Unreachable => Fail("NodeUnreachable", ErrorKind.ConnectionError),
        NodeCommandState.AuthenticationFailed => Fail("NodeAuthenticationFailed", ErrorKind.PermissionDenied),
        NodeCommandState.HostKeyProblem => Fail("NodeHostKeyProblem", ErrorKind.PermissionDenied),
        NodeCommandState.TimedOut => Fail("NodeCommandTimeout", ErrorKind.OperationTimeout),
        _ => Fail("NodeCommandStopped", ErrorKind.OperationStopped),
    };

    public override string ToString() => $"{Name}: {State}";

    G5kException Fail(string code, ErrorKind kind) => new(code, kind, $"{Name}: {Reason}", Target, Recommendation);
}
