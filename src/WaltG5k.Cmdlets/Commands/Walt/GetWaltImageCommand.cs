using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

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

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            var wanted = new NameFilter(Name);
            IReadOnlyList<WaltImageInfo> images = await walt.GetImagesAsync(cancellationToken).ConfigureAwait(false);
            foreach (WaltImageInfo image in images)
                if (wanted.Matches(image.Name, image.FullName)) Write(image);
            foreach (string name in wanted.Unmatched)
                WriteFailure(Failures.NameNotFound("Image", name, Failures.Suggest("Get-WaltImage", name, images.Select(i => i.Name))));
        }
    }
}
