using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltImage: removes images that no node boots.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaltImageCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Name { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            foreach (string name in await walt.ResolveOwnImagesAsync(Name, cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    // An image in use is refused before anybody is asked.
                    WaltImageInfo image = await walt.Server.GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false);
                    if (image.Nodes.Count > 0) throw Failures.ImageInUse(image);
                    if (!await ConfirmAsync(name, "Remove the image").ConfigureAwait(false)) continue;
                    await walt.Server.RemoveImageAsync(name, cancellationToken).ConfigureAwait(false);
                    walt.Forget(name);
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
    }
}
