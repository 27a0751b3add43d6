using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Publish-WaltImage: puts images on a registry.</summary>
[Cmdlet(VerbsData.Publish, "WaltImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImagePublication))]
public sealed class PublishWaltImageCommand : WaltWaitingCmdlet
{
    readonly List<string> _given = [];
    readonly List<string> _images = [];
    string _registry = "";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string? Registry { get; set; }

    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    internal override string JobSubject => string.Join(", ", _images);

    protected override void ProcessRecord() => _given.AddRange(Name);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_given.Count == 0) return false;
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            _registry = await walt.Server.ChooseRegistryAsync(Registry, cancellationToken).ConfigureAwait(false);
            Session.RegistryNames.TryAdd(_registry, 0);
            foreach (string name in await walt.ResolveOwnImagesAsync(_given, cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    await walt.Server.GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false);
                    if (await ConfirmAsync(name, $"Publish on {_registry}").ConfigureAwait(false)) _images.Add(name);
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
            using ImageProgress progress = new(output, $"Publishing on {_registry}", _images.Count);
            foreach (string name in _images)
            {
                progress.Show(name);
                try { output.Write(await walt.Server.PublishImageAsync(name, _registry, RegistryAccount.From(Credential), cancellationToken)
                    .ConfigureAwait(false)); }
                catch (G5kException e) { output.WriteError(Errors.From(e)); }
            }
        }
    }
}
