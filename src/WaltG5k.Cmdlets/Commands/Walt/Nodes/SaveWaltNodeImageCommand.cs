using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Save-WaltNodeImage: makes an image of a node as it is now.</summary>
[Cmdlet(VerbsData.Save, "WaltNodeImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImageInfo))]
public sealed class SaveWaltNodeImageCommand : WaltWaitingCmdlet
{
    readonly List<WaltNodeRef> _references = [];
    string _node = "";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Image { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string JobSubject => _node;

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return false;
        WaltImageName.Require(Image);
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            if (known.Count > 1) throw Failures.OneNodeOnly(known);
            if ((await NodeUse.FilterAsync(walt, known, this, Force, cancellationToken).ConfigureAwait(false)).Count == 0) return false;
            _node = known[0].Name;
            WaltImageInfo? existing = await walt.Server.FindOwnImageAsync(Image, cancellationToken).ConfigureAwait(false);
            if (!await ConfirmAsync(_node, $"Save as image {Image}{(existing is null ? "" : ", replacing that image")}").ConfigureAwait(false))
                return false;
            return await ImageQuestions.MayReplaceAsync(this, existing, Force).ConfigureAwait(false);
        }
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            using ImageProgress progress = new(output, $"Saving {_node} as {Image}", 0);
            WaltImageInfo image = await walt.Server.SaveNodeImageAsync(_node, Image, overwrites: true, progress.Tell, cancellationToken)
                .ConfigureAwait(false);
            walt.Remember(image);
            output.Write(image);
        }
    }
}
