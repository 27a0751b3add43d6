using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>New-WaltVirtualNode: makes virtual nodes, which run on the WalT server itself.</summary>
[Cmdlet(VerbsCommon.New, "WaltVirtualNode", SupportsShouldProcess = true)]
[OutputType(typeof(WaltNodeInfo))]
public sealed class NewWaltVirtualNodeCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            foreach (string name in Name)
            {
                try
                {
                    WaltServer.RequireDeviceName(name);
                    if (!await ConfirmAsync(name, $"Make a virtual node on {walt.Server.Host}").ConfigureAwait(false)) continue;
                    await walt.Server.CreateVirtualNodeAsync(name, cancellationToken).ConfigureAwait(false);
                    IReadOnlyList<WaltNodeInfo> nodes = await walt.ResolveAsync([], this, cancellationToken).ConfigureAwait(false);
                    Write(nodes.First(n => n.Name == name));
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
    }
}
