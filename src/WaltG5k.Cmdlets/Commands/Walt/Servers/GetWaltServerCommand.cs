using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Get-WaltServer: what the WalT server tells of itself.</summary>
[Cmdlet(VerbsCommon.Get, "WaltServer")]
[OutputType(typeof(WaltServerInfo))]
public sealed class GetWaltServerCommand : WaltCmdlet
{
    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            WaltServerInfo info = await walt.Server.GetInformationAsync(cancellationToken).ConfigureAwait(false);
            Write(info with { Deployment = walt.Deployment?.Id ?? "" });
        }
    }
}
