namespace System.Management.Automation;

/// <summary>How a command was called.</summary>
public class InvocationInfo
{
    internal InvocationInfo(CommandInfo command, string invocationName, string line) =>
        (MyCommand, InvocationName, Line) = (command, invocationName, line);

    public CommandInfo MyCommand { get; }
    public string InvocationName { get; }

    /// <summary>The statement that the command is part of, as it was typed.</summary>
    public string Line { get; }

    /// <summary>The parameters that have been bound by now, under their own names whatever alias was typed.</summary>
    public Dictionary<string, object?> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<object?> UnboundArguments { get; } = [];
    public int ScriptLineNumber { get; internal set; } = 1;
    public int OffsetInLine { get; internal set; } = 1;
    public int PipelineLength { get; internal set; } = 1;

    /// <summary>The command's place in the pipeline, from 1.</summary>
    public int PipelinePosition { get; internal set; } = 1;

    public bool ExpectingInput { get; internal set; }
    public string PositionMessage => $"At line:{ScriptLineNumber} char:{OffsetInLine}";
}
