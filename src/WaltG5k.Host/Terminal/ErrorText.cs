using System.Management.Automation;

namespace WaltG5k.Host.Terminal;

/// <summary>An error as the host prints it: the command and the message, and on a line of its own what to do.</summary>
static class ErrorText
{
    public static IEnumerable<string> LinesOf(ErrorRecord record)
    {
        string command = record.InvocationInfo?.MyCommand.Name is { } name ? $"{name}: " : "";
        yield return command + record;
        if (record.ErrorDetails?.RecommendedAction is { Length: > 0 } action) yield return $"Recommendation: {action}";
    }
}
