using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;

namespace WaltG5k;

/// <summary>Builds every error record of the module. The ErrorId is the code of the failure; it is interface and stays.</summary>
internal static class Errors
{
    /// <summary>The record of any exception: failures of the core keep their code, category, target and recommendation.</summary>
    public static ErrorRecord From(Exception exception) => exception switch
    {
        TerminatingErrorException e => e.ErrorRecord,
        G5kException e => Make(e, e.Code, Category(e.Kind), e.Target, e.Message, e.Recommendation),
        AggregateException { InnerExceptions.Count: 1 } e => From(e.InnerExceptions[0]),
        OperationCanceledException e => Make(e, "OperationCancelled", ErrorCategory.OperationStopped, null, e.Message, null),
        IOException e => Make(e, "FileFailed", ErrorCategory.WriteError, null, e.Message,
        "Check the free space and the permissions of your home folder."),
        UnauthorizedAccessException e => Make(e, "FileDenied", ErrorCategory.PermissionDenied, null, e.Message,
        "Check the permissions of your home folder."),
        HttpRequestException e => Make(e, "ApiUnreachable", ErrorCategory.ConnectionError, null, $"The Grid'5000 API did not answer: {e.Message}",
        "Try again; then run: Connect-G5k"),
        _ => Make(exception, "Unexpected", ErrorCategory.NotSpecified, null, exception.Message, null),
    };

    /// <summary>The kinds are named after PowerShell's categories.</summary>
    static ErrorCategory Category(ErrorKind kind) =>
        Enum.TryParse(kind.ToString(), out ErrorCategory category) ? category : ErrorCategory.NotSpecified;

    static ErrorRecord Make(Exception exception, string id, ErrorCategory category, object? target, string message, string? recommendation) =>
        new(exception, id, category, target) { ErrorDetails = new ErrorDetails(message) { RecommendedAction = recommendation ?? "" } };
}
