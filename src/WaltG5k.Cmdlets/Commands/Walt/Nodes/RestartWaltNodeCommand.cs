using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Restart-WaltNode: reboots nodes on the image that they have.</summary>
[Cmdlet(VerbsLifecycle.Restart, "WaltNode", SupportsShouldProcess = true)]
[OutputType(typeof(WaltNodeInfo))]
public sealed class RestartWaltNodeCommand : WaltRebootCmdlet
{
    [Parameter]
    public SwitchParameter Hard { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string Action => Hard ? "Reboot through the firmware" : "Reboot";

    internal override Task<IReadOnlyList<WaltNodeInfo>> ChooseAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes,
        CancellationToken cancellationToken) =>
        NodeUse.FilterAsync(walt, nodes, this, Force, cancellationToken);

    internal override Task<IReadOnlyList<WaltBootRequest>> PlanAsync(WaltServer server, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WaltBootRequest>>(
        [new WaltBootRequest { Nodes = nodes, Method = Hard ? WaltBootMethod.Hard : WaltBootMethod.Auto }]);
}
