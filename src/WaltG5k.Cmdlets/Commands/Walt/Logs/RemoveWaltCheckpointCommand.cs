using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltCheckpoint: forgets names of moments; the log lines stay.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltCheckpoint", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaltCheckpointCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CheckpointCompleter))]
    public string[] Name { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            foreach (string name in Name)
            {
                if (!await ConfirmAsync(name, "Remove the checkpoint").ConfigureAwait(false)) continue;
                try
                {
                    await walt.Server.RemoveCheckpointAsync(name, cancellationToken).ConfigureAwait(false);
                    Session.CheckpointNames.TryRemove(name, out _);
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
    }
}
