using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltVirtualNode: ends virtual nodes, and makes the WalT server forget them.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltVirtualNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaltVirtualNodeCommand : WaltNodeCmdlet
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string? Action => "Remove the virtual node";
    internal override bool? IsForced => Force.IsPresent;

    internal override async Task ActAsync(WaltAccess walt, WaltNodeInfo node, CancellationToken cancellationToken)
    {
        if (!node.IsVirtual) throw Failures.NodeNotVirtual(node.Name);
        await walt.Server.RemoveVirtualNodeAsync(node.Name, cancellationToken).ConfigureAwait(false);
        walt.ForgetDevice(node.Name);
    }
}
