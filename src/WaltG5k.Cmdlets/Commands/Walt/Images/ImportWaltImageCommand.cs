using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Commands;

/// <summary>Import-WaltImage: clones images from the hub, other registries or other users.</summary>
[Cmdlet(VerbsData.Import, "WaltImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImageInfo))]
public sealed class ImportWaltImageCommand : WaltWaitingCmdlet
{
    readonly List<string> _given = [];
    readonly List<WaltImageLink> _links = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageLinkCompleter))]
    public string[] Link { get; set; } = [];

    [Parameter(Position = 1)]
    public string? Name { get; set; }

    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string JobSubject => string.Join(", ", _links);

    protected override void ProcessRecord() => _given.AddRange(Link);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (Name is not null && _given.Count > 1)
            throw new G5kException("ImageNameAmbiguous", ErrorKind.InvalidArgument, "One name cannot be given to several clones.", Name,
                "Leave -Name out, or clone one image at a time.");
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            foreach (string text in _given)
            {
                try
                {
                    WaltImageLink link = WaltImageLink.Parse(text);
                    string name = Name ?? link.CloneName;
                    WaltImageInfo? existing = await walt.Server.FindOwnImageAsync(name, cancellationToken).ConfigureAwait(false);
                    if (!await ConfirmAsync(link.ToString(), $"Clone as {name}{(existing is null ? "" : ", replacing that image")}")
                        .ConfigureAwait(false)) continue;
                    if (await ImageQuestions.MayReplaceAsync(this, existing, Force).ConfigureAwait(false)) _links.Add(link);
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
        return _links.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            using ImageProgress progress = new(output, "Cloning images", _links.Count);
            foreach (WaltImageLink link in _links)
            {
                progress.Show(link.ToString());
                try
                {
                    // What would be replaced was agreed on above.
                    WaltImageInfo image = await walt.Server.CloneImageAsync(link, Name, force: true, RegistryAccount.From(Credential),
                        cancellationToken).ConfigureAwait(false);
                    walt.Remember(image);
                    output.Write(image);
                }
                catch (G5kException e) { output.WriteError(Errors.From(e)); }
            }
        }
    }
}
