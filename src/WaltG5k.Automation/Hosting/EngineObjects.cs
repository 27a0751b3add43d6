using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace WaltG5k.Automation;

/// <summary>Makes the objects that only an engine can make.</summary>
public static class EngineObjects
{
    public static Runspace NewRunspace() => new HostRunspace();
    public static JobRepository NewJobRepository() => new();
    public static PSModuleInfo NewModule(Assembly assembly) => new(assembly);

    /// <param name="line">The statement as it was typed.</param>
    /// <param name="position">The command's place in the pipeline, from 1.</param>
    public static InvocationInfo NewInvocation(CommandInfo command, string invocationName, string line, int position, int length) =>
        new(command, invocationName, line)
    {
        PipelinePosition = position,
        PipelineLength = length,
        ExpectingInput = position > 1,
    };

    public static ParameterBindingException NewBindingError(
        string message, string errorId, InvocationInfo? invocation, string parameterName = "", Type? parameterType = null, Exception? inner = null) =>
        new(message, errorId, invocation, parameterName, parameterType, inner);

    public static CmdletInvocationException NewTerminatingError(ErrorRecord record) => new(record);
    public static ActionPreferenceStopException NewStopError(ErrorRecord record) => new(record);

    /// <summary>Notes in the record which command reported it.</summary>
    public static void SetReporter(ErrorRecord record, InvocationInfo invocation)
    {
        ArgumentNullException.ThrowIfNull(record);
        record.SetInvocation(invocation);
    }

    /// <summary>A number that remembers how it was typed: a parameter that wants text gets <c>007</c> or <c>1.10</c> unharmed.</summary>
    public static PSObject NewLiteral(object number, string text) => new(number) { TokenText = text };

    /// <summary>What is inside a <see cref="PSObject"/>; a custom object is itself.</summary>
    public static object? Unwrap(object? value) => PSObject.Unwrap(value);

    /// <summary>As <see cref="Unwrap"/>, and the elements of an array too.</summary>
    public static object? UnwrapElements(object? value) => value is object?[] list ? Array.ConvertAll(list, Unwrap) : Unwrap(value);
}
