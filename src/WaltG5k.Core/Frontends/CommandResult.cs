namespace WaltG5k.Core.Frontends;

/// <summary>A command that ran to its end. A status other than 0 is a result, not an exception.</summary>
/// <param name="Frontend">Where it ran.</param>
/// <param name="ExitStatus">0 to 255; 128 + n when a signal n ended it.</param>
public sealed record CommandResult(string Frontend, CommandRequest Request, int ExitStatus, string Output, string Error, TimeSpan Duration)
{
    /// <summary>More was printed than is kept; the lines were all handed on while it ran.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The last lines of standard error, or of standard output where that is empty.</summary>
    public string LastLines(int count = 5)
    {
        string text = Error.Trim().Length > 0 ? Error : Output;
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("\n", lines.TakeLast(count));
    }

    /// <summary>This result when the status is 0, else a <see cref="CommandFailedException"/>.</summary>
    public CommandResult EnsureSuccess(string code, string what, object? target = null, string? recommendation = null)
        => ExitStatus == 0 ? this : throw new CommandFailedException(code, what, this, target, recommendation);
}

/// <summary>A line of output as it comes.</summary>
public readonly record struct OutputLine(string Text, bool IsError);

/// <summary>A front-end command that failed; carries the command, its status and its last lines.</summary>
public sealed class CommandFailedException(string code, string what, CommandResult result, object? target = null, string? recommendation = null,
    ErrorKind kind = ErrorKind.ResourceUnavailable)
    : G5kException(code, kind,
    $"{what}: '{result.Request.Program}' on {result.Frontend} ended with status {result.ExitStatus}. {result.LastLines()}".TrimEnd(), target,
    recommendation)
{
    public CommandResult Result { get; } = result;
}
