using System.Globalization;
using System.Management.Automation;

namespace WaltG5k.Host.Commands;

/// <summary>How many objects, or what the numbers of a property come to.</summary>
/// <param name="Count">How many objects had the property.</param>
public sealed record Measure(int Count, string? Property, double? Sum, double? Average, double? Minimum, double? Maximum)
{
    public override string ToString() => Count.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Counts, and with -Property adds up.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Object")]
[OutputType(typeof(Measure))]
public sealed class MeasureObjectCommand : ObjectCommand
{
    readonly List<double> _numbers = [];
    int _count;

    [Parameter(Position = 0)] public string? Property { get; set; }

    protected override void ProcessRecord()
    {
        if (!HasInput) return;
        if (Property is not null)
        {
            if (ValueOf(InputObject, Property) is not { } value) return;
            if (LanguagePrimitives.TryConvertTo(value is TimeSpan time ? time.TotalSeconds : value, out double number)) _numbers.Add(number);
        }
        _count++;
    }

    protected override void EndProcessing() => WriteObject(_numbers.Count == 0
        ? new Measure(_count, Property, null, null, null, null)
        : new Measure(_count, Property, _numbers.Sum(), _numbers.Average(), _numbers.Min(), _numbers.Max()));
}
