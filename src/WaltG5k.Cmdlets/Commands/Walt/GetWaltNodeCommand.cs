using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-WaltNode: nodes as the WalT server knows them.</summary>
[Cmdlet(VerbsCommon.Get, "WaltNode")]
[OutputType(typeof(WaltNodeInfo))]
public sealed class GetWaltNodeCommand : WaltCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Name { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            foreach (WaltNodeInfo node in await walt.ResolveAsync(Name, this, cancellationToken).ConfigureAwait(false)) Write(node);
        }
    }
}
