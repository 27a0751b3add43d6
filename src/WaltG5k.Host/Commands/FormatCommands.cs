using System.Management.Automation;

namespace WaltG5k.Host.Commands;

/// <summary>An object and how it is to be shown, whatever the host's output format is.</summary>
sealed record FormatEntry(object? Value, bool AsList, IReadOnlyList<string> Properties);

/// <summary>Marks objects for the shape of their output.</summary>
public abstract class FormatCommand : ObjectCommand
{
    [Parameter(Position = 0)] public string[] Property { get; set; } = [];

    private protected abstract bool AsList { get; }

    protected override void ProcessRecord()
    {
        if (HasInput) WriteObject(new FormatEntry(InputObject, AsList, Property));
    }
}

/// <summary>Objects as rows.</summary>
[Cmdlet("Format", "Table")]
public sealed class FormatTableCommand : FormatCommand
{
    private protected override bool AsList => false;
}

/// <summary>Objects as blocks of one line per property.</summary>
[Cmdlet("Format", "List")]
public sealed class FormatListCommand : FormatCommand
{
    private protected override bool AsList => true;
}

/// <summary>Takes the objects and writes nothing.</summary>
[Cmdlet("Out", "Null")]
[OutputType(typeof(void))]
public sealed class OutNullCommand : ObjectCommand;
