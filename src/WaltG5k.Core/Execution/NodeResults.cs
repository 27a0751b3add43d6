namespace WaltG5k.Core.Execution;

/// <summary>Attempts in words for the caller.</summary>
static class NodeResults
{
    static readonly Dictionary<int, string> s_signals = new()
    {
        [1] = "HUP", [2] = "INT", [3] = "QUIT", [4] = "ILL", [6] = "ABRT", [7] = "BUS", [8] = "FPE", [9] = "KILL", [10] = "USR1", [11] = "SEGV",
            [12] = "USR2",
        [13] = "PIPE", [14] = "ALRM", [15] = "TERM",
    };

    public static NodeCommandResult From(NodeTarget target, NodeAttempt attempt, int attempts, NodeExecutionOptions options)
    {
        string? signal = attempt.ExitStatus is > 128 and int status ? s_signals.GetValueOrDefault(status - 128) : null;
        (string? reason, string? advice) = Explain(attempt, signal, options);
        return new NodeCommandResult(target, attempt.State)
        {
            ExitStatus = attempt.ExitStatus,
            Signal = signal,
            ConnectTime = attempt.ConnectTime,
            RunTime = attempt.RunTime,
            Output = attempt.Output,
            Error = attempt.Error,
            DroppedBytes = attempt.DroppedBytes,
            Attempts = attempts,
            IsWarm = attempt.IsWarm,
            Reason = reason,
            Recommendation = advice,
        };
    }

    public static NodeCommandResult Skipped(NodeTarget target, string why, string advice) =>
        new(target, NodeCommandState.Skipped) { Reason = why, Recommendation = advice };

    static (string? Reason, string? Advice) Explain(NodeAttempt attempt, string? signal, NodeExecutionOptions options) => attempt switch
    {
        { Failure: { } failure } => (failure.Reason, failure.Recommendation),
        { State: NodeCommandState.Failed } when signal is not null =>
            (FormattableString.Invariant($"the command was ended by signal {signal} (status {attempt.ExitStatus})"),
            "Read what it printed: its Error and Output"),
        { State: NodeCommandState.Failed } => (FormattableString.Invariant($"the command ended with status {attempt.ExitStatus}"),
        "Read what it printed: its Error and Output"),
        { State: NodeCommandState.TimedOut } =>
            (FormattableString.Invariant($"the command did not end within {options.Timeout.TotalSeconds:0.#} s and was ended"),
            "Give it more time: -Timeout"),
        { State: NodeCommandState.Cancelled } => ("the command was cancelled and ended", "Run it again on these targets"),
        _ => (null, null),
    };
}
