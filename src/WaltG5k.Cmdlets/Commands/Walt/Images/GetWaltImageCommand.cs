using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Get-WaltImage: images of the WalT server.</summary>
[Cmdlet(VerbsCommon.Get, "WaltImage")]
[OutputType(typeof(WaltImageInfo))]
public sealed class GetWaltImageCommand : WaltCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [SupportsWildcards]
    public string[] User { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter Mine { get; set; }

    [Parameter]
    public SwitchParameter InUse { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string[] Model { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter Refresh { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            NameFilter wanted = new(Name), users = new(User), models = new(Model);
            IReadOnlyList<WaltImageInfo> images = await walt.GetImagesAsync(Refresh, cancellationToken).ConfigureAwait(false);
            foreach (WaltImageInfo image in images)
            {
                if (!wanted.Matches(image.Name, image.FullName) || !users.Matches(image.User)
                    || (image.Models.Count > 0 && !models.Matches([.. image.Models]))) continue;
                if ((!Mine || image.User == walt.Server.User) && (!InUse || image.IsInUse)) Write(image);
            }
            foreach (string name in wanted.Unmatched)
                WriteFailure(Failures.NameNotFound("Image", name, Failures.Suggest("Get-WaltImage", name, images.Select(i => i.Name))));
        }
    }
}
