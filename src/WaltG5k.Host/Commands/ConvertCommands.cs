using System.Management.Automation;
using WaltG5k.Host.Formatting;

namespace WaltG5k.Host.Commands;

/// <summary>All objects as one JSON text: one object as itself, several as an array.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
public sealed class ConvertToJsonCommand : ObjectCommand
{
    readonly List<object?> _items = [];

    [Parameter] [ValidateRange(1, 100)] public int Depth { get; set; } = JsonText.DefaultDepth;
    [Parameter] public SwitchParameter Compress { get; set; }
    [Parameter] public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord()
    {
        if (HasInput) _items.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        if (_items.Count > 0) WriteObject(JsonText.Of(_items.Count == 1 && !AsArray ? _items[0] : _items, Depth, indented: !Compress));
    }
}

/// <summary>A header and one line per object; the columns are the properties of the first.</summary>
[Cmdlet(VerbsData.ConvertTo, "Csv")]
[OutputType(typeof(string))]
public sealed class ConvertToCsvCommand : ObjectCommand
{
    readonly CsvText _csv = new();

    protected override void ProcessRecord()
    {
        if (!HasInput || InputObject is null) return;
        foreach (string line in _csv.LinesOf(InputObject)) WriteObject(line);
    }
}
