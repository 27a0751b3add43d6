using System.Management.Automation;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Commands;

/// <summary>Measure-G5kConnection: how well each site can be worked with from here.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "G5kConnection")]
[OutputType(typeof(ConnectionTest))]
public sealed class MeasureG5kConnectionCommand : ConnectionProbeCmdlet
{
    internal override void Show(ConnectionTest test) => Write(test);
}
