namespace WaltG5k.Core;

/// <summary>The kind of an error. The names are those of PowerShell's ErrorCategory, so that the cmdlets map them one to one.</summary>
public enum ErrorKind
{
    NotSpecified,
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    ObjectNotFound,
    ResourceExists,
    ResourceBusy,
    ResourceUnavailable,
    PermissionDenied,
    ConnectionError,
    ProtocolError,
    OperationTimeout,
    OperationStopped,
    LimitsExceeded,
    QuotaExceeded,
    ReadError,
    WriteError,
    NotInstalled,
}

/// <summary>A failure that a user can understand: a stable code, what it is about, and what to do next.</summary>
/// <param name="code">Stable Pascal-case identifier such as <c>SiteNotFound</c>; it becomes the ErrorId.</param>
/// <param name="kind">The category.</param>
/// <param name="message">One sentence that says what happened.</param>
/// <param name="target">The node, job, recipe or text that the failure is about.</param>
/// <param name="recommendation">What to do, ideally a command to paste; never empty for a failure a user can meet.</param>
/// <param name="inner">The cause.</param>
public class G5kException(string code, ErrorKind kind, string message, object? target = null, string? recommendation = null, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;
    public ErrorKind Kind { get; } = kind;
    public object? Target { get; } = target;
    public string? Recommendation { get; } = recommendation;
}
