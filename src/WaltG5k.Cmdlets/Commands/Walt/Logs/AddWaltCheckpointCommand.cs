using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Add-WaltCheckpoint: gives a moment in the log a name.</summary>
[Cmdlet(VerbsCommon.Add, "WaltCheckpoint", SupportsShouldProcess = true)]
[OutputType(typeof(WaltCheckpoint))]
public sealed class AddWaltCheckpointCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1)]
    [LogMomentConversion]
    public LogMoment? Date { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            DateTimeOffset? date = Date is null ? null : await Date.ResolveAsync(walt.Server, cancellationToken).ConfigureAwait(false);
            foreach (string name in Name)
            {
                if (!await ConfirmAsync(name, "Add a checkpoint").ConfigureAwait(false)) continue;
                try
                {
                    WaltCheckpoint checkpoint = await walt.Server.AddCheckpointAsync(name, date, cancellationToken).ConfigureAwait(false);
                    Session.CheckpointNames[checkpoint.Name] = checkpoint.Timestamp;
                    Write(checkpoint);
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
    }
}
