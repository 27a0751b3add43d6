namespace System.Management.Automation;

public interface IContainsErrorRecord
{
    ErrorRecord ErrorRecord { get; }
}

/// <summary>A failure with a stable id, a category and what it is about.</summary>
public class ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object? targetObject)
{
    public ErrorRecord(ErrorRecord errorRecord, Exception? replaceParentContainsErrorRecordException)
        : this(replaceParentContainsErrorRecordException ?? errorRecord.Exception, errorRecord.ErrorId, errorRecord.CategoryInfo.Category,
        errorRecord.TargetObject)
    {
        ErrorDetails = errorRecord.ErrorDetails;
        InvocationInfo = errorRecord.InvocationInfo;
        CommandClass = errorRecord.CommandClass;
    }

    public Exception Exception { get; } = exception ?? throw new PSArgumentNullException(nameof(exception));
    public object? TargetObject { get; } = targetObject;
    public ErrorCategoryInfo CategoryInfo { get; } = new(errorCategory, exception, targetObject);
    public ErrorDetails? ErrorDetails { get; set; }

    /// <summary>The id and the class of the command that reported it: <c>SiteNotFound,WaltG5k.Commands.GetG5kSiteCommand</c>.</summary>
    public string FullyQualifiedErrorId => CommandClass is null ? ErrorId : ErrorId.Length == 0 ? CommandClass : $"{ErrorId},{CommandClass}";

    public InvocationInfo? InvocationInfo { get; private set; }
    public string? ScriptStackTrace => null;
    public override string ToString() => ErrorDetails?.Message is { Length: > 0 } message ? message : Exception.Message;

    string ErrorId { get; } = errorId ?? "";
    string? CommandClass { get; set; }

    /// <summary>Notes who reported the error; the first reporter stays.</summary>
    internal void SetInvocation(InvocationInfo invocation)
    {
        if (InvocationInfo is not null) return;
        InvocationInfo = invocation;
        CommandClass = (invocation.MyCommand as CmdletInfo)?.ImplementingType.FullName;
        CategoryInfo.Activity = invocation.MyCommand.Name;
    }
}

public class ErrorDetails(string message)
{
    public string Message { get; } = message;

    /// <summary>What to do about it; shown as a line of its own.</summary>
    public string RecommendedAction { get; set; } = "";

    public override string ToString() => Message;
}

public enum ErrorCategory
{
    NotSpecified, OpenError, CloseError, DeviceError, DeadlockDetected, InvalidArgument, InvalidData, InvalidOperation, InvalidResult, InvalidType,
    MetadataError, NotImplemented, NotInstalled, ObjectNotFound, OperationStopped, OperationTimeout, SyntaxError, ParserError, PermissionDenied,
    ResourceBusy, ResourceExists, ResourceUnavailable, ReadError, WriteError, FromStdErr, SecurityError, ProtocolError, ConnectionError,
    AuthenticationError, LimitsExceeded, QuotaExceeded, NotEnabled,
}

public class ErrorCategoryInfo
{
    internal ErrorCategoryInfo(ErrorCategory category, Exception? exception, object? target)
    {
        Category = category;
        Reason = exception?.GetType().Name ?? "";
        object? value = PSObject.Unwrap(target);
        TargetName = value?.ToString() ?? "";
        TargetType = value?.GetType().Name ?? "";
    }

    public ErrorCategory Category { get; }
    public string Activity { get; set; } = "";
    public string Reason { get; set; }
    public string TargetName { get; set; }
    public string TargetType { get; set; }
    public string GetMessage() => $"{Category}: ({TargetName}:{TargetType}) [{Activity}], {Reason}";
    public override string ToString() => GetMessage();
}
