using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Start-G5kNode: switches nodes on.</summary>
[Cmdlet(VerbsLifecycle.Start, "G5kNode", SupportsShouldProcess = true)]
[OutputType(typeof(NodeOperationResult))]
public sealed class StartG5kNodeCommand : G5kNodeOperationCmdlet
{
    /// <summary>There is no soft way on.</summary>
    [Parameter]
    public NodeLevel Level { get; set; } = NodeLevel.Hard;

    internal override string Action => "Switch on";

    internal override IAsyncEnumerable<NodeOperationResult> RunAsync(NodeControl control, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken) =>
        control.SetPowerAsync(new NodePowerRequest
        {
            Nodes = nodes, IsOn = true, Level = Level, EscalateTo = Escalate ? NodeLevel.VeryHard : Level, Retries = Retries, Waits = !NoWait,
                Force = Force, Timeout = Timeout,
        }, cancellationToken);
}
