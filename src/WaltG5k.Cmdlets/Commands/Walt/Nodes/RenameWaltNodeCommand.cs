using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Rename-WaltNode: gives a node another name on the WalT server.</summary>
[Cmdlet(VerbsCommon.Rename, "WaltNode", SupportsShouldProcess = true)]
[OutputType(typeof(WaltNodeInfo))]
public sealed class RenameWaltNodeCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltServer.RequireDeviceName(NewName);
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> nodes = await walt.ResolveAsync(Node, this, cancellationToken).ConfigureAwait(false);
            foreach (WaltNodeInfo node in await NodeUse.FilterAsync(walt, nodes, this, Force, cancellationToken).ConfigureAwait(false))
            {
                if (!await ConfirmAsync(node.Name, $"Rename to {NewName}").ConfigureAwait(false)) continue;
                try
                {
                    await walt.Server.RenameDeviceAsync(node.Name, NewName, cancellationToken).ConfigureAwait(false);
                    walt.ForgetDevice(node.Name);
                    Session.WaltNodeNames[NewName] = node.Ip;
                    if (PassThru) Write(node with { Name = NewName });
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
    }
}
