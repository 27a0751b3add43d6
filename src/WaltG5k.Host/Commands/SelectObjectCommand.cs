using System.Collections;
using System.Management.Automation;
using WaltG5k.Host.Engine;

namespace WaltG5k.Host.Commands;

/// <summary>Some of the objects, or some of their properties.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : ObjectCommand
{
    readonly Queue<object?> _last = new();
    int _seen, _passed;

    [Parameter(Position = 0)] public string[]? Property { get; set; }
    [Parameter] public string? ExpandProperty { get; set; }
    [Parameter] [ValidateRange(0, int.MaxValue)] public int? First { get; set; }
    [Parameter] [ValidateRange(0, int.MaxValue)] public int? Last { get; set; }
    [Parameter] [ValidateRange(0, int.MaxValue)] public int Skip { get; set; }

    protected override void BeginProcessing()
    {
        if (First == 0 && Last is null) throw new StopUpstreamException(this);
    }

    protected override void ProcessRecord()
    {
        if (!HasInput || _seen++ < Skip) return;
        if (Last is { } keep)
        {
            _last.Enqueue(InputObject);
            if (_last.Count > keep) Overflow(_last.Dequeue());
            return;
        }
        Write(InputObject);
        if (++_passed == First) throw new StopUpstreamException(this); // nothing before us need run any longer
    }

    protected override void EndProcessing()
    {
        foreach (object? item in _last) Write(item);
    }

    /// <summary>With both -First and -Last, what falls out of the last ones may be one of the first.</summary>
    void Overflow(object? item)
    {
        if (_passed++ < First) Write(item);
    }

    void Write(object? item)
    {
        if (ExpandProperty is { } name)
        {
            if (item is null || PSObject.AsPSObject(item).Properties[name] is not { } property)
                WriteError(new ErrorRecord(new PSArgumentException($"Property \"{name}\" cannot be found."), "ExpandPropertyNotFound",
                    ErrorCategory.InvalidArgument, item));
            else WriteObject(property.Value, enumerateCollection: true);
            return;
        }
        WriteObject(Property is { Length: > 0 } && item is not null ? Pick(item) : item);
    }

    PSObject Pick(object item)
    {
        var members = PSObject.AsPSObject(item).Properties;
        var picked = new PSObject();
        foreach (string name in Property!)
            foreach (string found in Expand(name, members))
                if (picked.Properties[found] is null) picked.Properties.Add(new PSNoteProperty(found, members[found]?.Value));
        return picked;
    }

    static IEnumerable<string> Expand(string name, IEnumerable members)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name)) return [name];
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return members.Cast<PSPropertyInfo>().Select(m => m.Name).Where(pattern.IsMatch);
    }
}
