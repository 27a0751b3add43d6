using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Compress-WaltImage: makes one layer of all layers of an image.</summary>
[Cmdlet(VerbsData.Compress, "WaltImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImageInfo))]
public sealed class CompressWaltImageCommand : WaltWaitingCmdlet
{
    readonly List<string> _given = [];
    readonly List<string> _images = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string JobSubject => string.Join(", ", _images);

    protected override void ProcessRecord() => _given.AddRange(Name);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_given.Count == 0) return false;
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            foreach (string name in await walt.ResolveOwnImagesAsync(_given, cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    WaltImageInfo image = await walt.Server.GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false);
                    if (!await ConfirmAsync(name, "Make one layer of all layers").ConfigureAwait(false)) continue;
                    if (await ImageQuestions.MayRebootAsync(this, image, Force).ConfigureAwait(false)) _images.Add(name);
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
        return _images.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            using ImageProgress progress = new(output, "Compressing images", _images.Count);
            foreach (string name in _images)
            {
                progress.Show(name);
                try
                {
                    await walt.Server.SquashImageAsync(name, confirmed: true, cancellationToken).ConfigureAwait(false);
                    if (PassThru) output.Write(await walt.Server.GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false));
                }
                catch (G5kException e) { output.WriteError(Errors.From(e)); }
            }
        }
    }
}
