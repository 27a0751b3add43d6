using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Stop-G5kNode: switches nodes off.</summary>
[Cmdlet(VerbsLifecycle.Stop, "G5kNode", SupportsShouldProcess = true)]
[OutputType(typeof(NodeOperationResult))]
public sealed class StopG5kNodeCommand : G5kNodeOperationCmdlet
{
    [Parameter]
    public NodeLevel Level { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override bool WritesResults => PassThru;
    internal override string Action => $"Switch off ({Level.ToString().ToLowerInvariant()})";

    internal override IAsyncEnumerable<NodeOperationResult> RunAsync(NodeControl control, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken) =>
        control.SetPowerAsync(new NodePowerRequest
        {
            Nodes = nodes, IsOn = false, Level = Level, EscalateTo = Escalate && Level < NodeLevel.Hard ? NodeLevel.Hard : Level, Retries = Retries,
                Waits = !NoWait, Force = Force, Timeout = Timeout,
        }, cancellationToken);
}
