using System.Management.Automation;
using WaltG5k.Base;

namespace WaltG5k.Commands;

/// <summary>Update-WaltDefaultImage: fetches newer default images from the hub.</summary>
[Cmdlet(VerbsData.Update, "WaltDefaultImage", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UpdateWaltDefaultImageCommand : WaltWaitingCmdlet
{
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    internal override string JobSubject => "";

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        FindWalt();
        return await ConfirmAsync("the default images, and all nodes that boot them", "Update and reboot").ConfigureAwait(false);
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
            await walt.Server.UpdateDefaultImagesAsync(RegistryAccount.From(Credential), cancellationToken).ConfigureAwait(false);
    }
}
