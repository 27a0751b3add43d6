using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt.Logs;

namespace WaltG5k.Commands;

/// <summary>Get-WaltCheckpoint: moments in the log that have a name.</summary>
[Cmdlet(VerbsCommon.Get, "WaltCheckpoint")]
[OutputType(typeof(WaltCheckpoint))]
public sealed class GetWaltCheckpointCommand : WaltCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CheckpointCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltCheckpoint> all = await walt.Server.GetCheckpointsAsync(cancellationToken).ConfigureAwait(false);
            var wanted = new NameFilter(Name);
            foreach (WaltCheckpoint checkpoint in all)
            {
                Session.CheckpointNames[checkpoint.Name] = checkpoint.Timestamp;
                if (wanted.Matches(checkpoint.Name)) Write(checkpoint);
            }
            foreach (string name in wanted.Unmatched)
                WriteFailure(Failures.NameNotFound("Checkpoint", name, Failures.Suggest("Get-WaltCheckpoint", name, all.Select(c => c.Name))));
        }
    }
}
