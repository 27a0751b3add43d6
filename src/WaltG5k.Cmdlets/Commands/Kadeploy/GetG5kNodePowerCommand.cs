using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-G5kNodePower: whether nodes are switched on.</summary>
[Cmdlet(VerbsCommon.Get, "G5kNodePower")]
[OutputType(typeof(NodePower))]
public sealed class GetG5kNodePowerCommand : G5kCmdlet
{
    readonly List<G5kNodeRef> _references = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    protected override void ProcessRecord() => _references.AddRange(Node);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> nodes = await NodeLookup.ResolveAsync(this, _references, cancellationToken).ConfigureAwait(false);
        await OarAccess.ForEachAsync(this, nodes.GroupBy(KadeployNodes.SiteOf), async (site, token) =>
        {
            foreach (NodePower power in await new NodeControl(Grid.GetFrontend(site.Key), Grid.Time).GetPowerAsync([.. site], token)
                .ConfigureAwait(false))
            {
                Write(power);
                if (power.State == NodePowerState.Unknown) WriteFailure(Failures.NodePowerUnknown(power));
            }
        }, cancellationToken).ConfigureAwait(false);
    }
}
