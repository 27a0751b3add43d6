using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Rename-WaltImage: gives an image that no node boots another name.</summary>
[Cmdlet(VerbsCommon.Rename, "WaltImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImageInfo))]
public sealed class RenameWaltImageCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion(IsSingle = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        try
        {
            WaltImageName.Require(NewName);
            if (!await ConfirmAsync(Name, $"Rename to {NewName}").ConfigureAwait(false)) return;
            WaltAccess walt = OpenWalt();
            await using (walt.ConfigureAwait(false))
            {
                WaltImageInfo image = await walt.Server.RenameImageAsync(Name, NewName, cancellationToken).ConfigureAwait(false);
                walt.Forget(Name);
                walt.Remember(image);
                if (PassThru) Write(image);
            }
        }
        catch (G5kException e) { WriteFailure(e); }
    }
}
