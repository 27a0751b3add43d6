using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Measure-KadeployStep: how long macro-steps take on each cluster, and which time limits that speaks for.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "KadeployStep")]
[OutputType(typeof(KadeployStepMeasurement))]
public sealed class MeasureKadeployStepCommand : AsyncCmdlet
{
    readonly List<KadeployStatistic> _records = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public KadeployStatistic[] InputObject { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string[] MacroStep { get; set; } = [];

    protected override void ProcessRecord() => _records.AddRange(InputObject);

    protected override Task EndAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(MacroStep);
        foreach (KadeployStepMeasurement measurement in KadeployStepMeasurement.Measure(_records))
        {
            if (wanted.Matches(measurement.MacroStep)) Post(() => WriteObject(measurement));
        }
        return Task.CompletedTask;
    }
}
