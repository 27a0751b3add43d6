using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Copy-WaltImage: duplicates an image on the server.</summary>
[Cmdlet(VerbsCommon.Copy, "WaltImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImageInfo))]
public sealed class CopyWaltImageCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion(IsSingle = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Destination")]
    public string NewName { get; set; } = "";

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        try
        {
            WaltImageName.Require(NewName);
            if (!await ConfirmAsync(Name, $"Duplicate as {NewName}").ConfigureAwait(false)) return;
            WaltAccess walt = OpenWalt();
            await using (walt.ConfigureAwait(false))
            {
                WaltImageInfo image = await walt.Server.DuplicateImageAsync(Name, NewName, cancellationToken).ConfigureAwait(false);
                walt.Remember(image);
                Write(image);
            }
        }
        catch (G5kException e) { WriteFailure(e); }
    }
}
