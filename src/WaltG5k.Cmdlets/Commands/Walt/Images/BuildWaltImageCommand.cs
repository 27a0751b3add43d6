using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Commands;

/// <summary>Build-WaltImage: an image by a Dockerfile, of a git repository or of a directory here.</summary>
[Cmdlet("Build", "WaltImage", SupportsShouldProcess = true, DefaultParameterSetName = DirectorySet)]
[OutputType(typeof(WaltImageInfo))]
public sealed class BuildWaltImageCommand : WaltWaitingCmdlet
{
    const string DirectorySet = "Directory", UrlSet = "Url";
    string _directory = "";

    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = DirectorySet)]
    [ValidateNotNullOrEmpty]
    public string FromDirectory { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = UrlSet)]
    [ValidateNotNullOrEmpty]
    public string FromUrl { get; set; } = "";

    [Parameter(ParameterSetName = UrlSet)]
    public string? SubDirectory { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string JobSubject => Name;

    string Source => ParameterSetName == UrlSet ? FromUrl : _directory;

    protected override void Prepare()
    {
        base.Prepare();
        if (ParameterSetName == DirectorySet) _directory = GetUnresolvedProviderPathFromPSPath(FromDirectory);
    }

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        WaltImageName.Require(Name);
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            WaltImageInfo? existing = await walt.Server.FindOwnImageAsync(Name, cancellationToken).ConfigureAwait(false);
            if (!await ConfirmAsync(Name, $"Build from {Source}{(existing is null ? "" : ", replacing that image")}").ConfigureAwait(false))
                return false;
            return await ImageQuestions.MayReplaceAsync(this, existing, Force).ConfigureAwait(false);
        }
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            using ImageProgress progress = new(output, $"Building the image {Name}", 0);
            // What a build from a URL says is on the verbose stream already: it comes by the server's own output.
            void Tell(string line)
            {
                if (ParameterSetName == DirectorySet) output.Verbose(line);
                progress.Tell(line);
            }
            try
            {
                WaltImageInfo image = ParameterSetName == UrlSet
                    ? await walt.Server.BuildImageAsync(Name, FromUrl, SubDirectory, overwrites: true, Tell, cancellationToken).ConfigureAwait(false)
                    : await walt.Server.BuildImageAsync(Name, new DirectoryInfo(_directory), overwrites: true, Tell, cancellationToken)
                    .ConfigureAwait(false);
                walt.Remember(image);
                output.Write(image);
            }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
        }
    }
}
