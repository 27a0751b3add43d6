using System.Management.Automation;

namespace WaltG5k.Host.Commands;

/// <summary>The objects in the order of some of their properties; equal ones keep their order.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : ObjectCommand, IComparer<object?>
{
    readonly List<object?> _items = [];

    [Parameter(Position = 0)] public string[] Property { get; set; } = [];
    [Parameter] public SwitchParameter Descending { get; set; }

    protected override void ProcessRecord()
    {
        if (HasInput) _items.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        foreach (object? item in Descending ? _items.OrderDescending(this) : _items.Order(this)) WriteObject(item);
    }

    int IComparer<object?>.Compare(object? x, object? y)
    {
        if (Property.Length == 0) return CompareValues(x, y);
        foreach (string property in Property)
            if (CompareValues(ValueOf(x, property), ValueOf(y, property)) is not 0 and int order) return order;
        return 0;
    }

    /// <summary>What cannot be compared is ordered by its text.</summary>
    static int CompareValues(object? x, object? y)
    {
        try { return LanguagePrimitives.Compare(x, y, ignoreCase: true); }
        catch (Exception e) when (e is PSArgumentException or ArgumentException)
        {
            return string.Compare(LanguagePrimitives.ConvertTo<string>(x), LanguagePrimitives.ConvertTo<string>(y),
                StringComparison.OrdinalIgnoreCase);
        }
    }
}
