using System.Management.Automation;
using WaltG5k.Base;

namespace WaltG5k.Commands;

/// <summary>Disable-WaltSpeculativeBoot: has images boot with NFS again, or takes all of it off the server.</summary>
[Cmdlet(VerbsLifecycle.Disable, "WaltSpeculativeBoot", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisableWaltSpeculativeBootCommand : SpeculativeBootCmdlet
{
    bool _removesAll;

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (!IsForAll)
        {
            await SettleImagesAsync("Boot it with NFS again", cancellationToken).ConfigureAwait(false);
            return Images.Count > 0;
        }
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
            _removesAll = await ConfirmAsync(walt.Server.Host, "Remove the speculative roots and their service; nodes that run on one lose it")
                .ConfigureAwait(false);
        return _removesAll;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            if (_removesAll) await walt.Server.RemoveSpeculationAsync(cancellationToken).ConfigureAwait(false);
            else await ForEachAsync(output, "Going back to NFS", (server, image) => server.DisableSpeculationAsync(image, cancellationToken),
                walt.Server).ConfigureAwait(false);
        }
    }
}
