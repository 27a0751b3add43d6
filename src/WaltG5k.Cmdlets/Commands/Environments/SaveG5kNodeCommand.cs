using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Save-G5kNode: makes an environment of a deployed node as it is now.</summary>
[Cmdlet(VerbsData.Save, "G5kNode", SupportsShouldProcess = true, DefaultParameterSetName = FrontendSet)]
[OutputType(typeof(NodeImage))]
public sealed class SaveG5kNodeCommand : WaitingCmdlet
{
    const string FrontendSet = "Frontend", LiteralSet = "LiteralPath";
    const int ProgressId = 0x67356e1;

    readonly List<G5kNodeRef> _references = [];
    NodeImageRequest? _request;
    string _site = "";
    string _folder = "";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidatePattern(@"^[A-Za-z0-9][\w.+-]*$")]
    public string Name { get; set; } = "";

    [Parameter(ParameterSetName = FrontendSet)]
    [ValidateNotNullOrEmpty]
    public string FrontendPath { get; set; } = "public";

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet)]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public long? Version { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    [EnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef[] Environment { get; set; } = [];

    [Parameter(ParameterSetName = FrontendSet)]
    public SwitchParameter Register { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    internal override string JobSubject => _request?.Node ?? "";

    protected override void Prepare()
    {
        base.Prepare();
        _folder = ParameterSetName == LiteralSet ? GetUnresolvedProviderPathFromPSPath(LiteralPath) : FrontendPath;
    }

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return false;
        IReadOnlyList<string> nodes = await NodeLookup.ResolveAsync(this, _references, cancellationToken).ConfigureAwait(false);
        if (nodes.Count == 0) return false;
        if (nodes.Count > 1) throw Failures.OneG5kNodeOnly(nodes);
        if (Environment.Length > 1) throw Failures.OneEnvironmentOnly();
        _site = KadeployNodes.SiteOf(nodes[0]);
        _request = new NodeImageRequest(nodes[0], Name)
        {
            Folder = _folder,
            IsHere = ParameterSetName == LiteralSet,
            Version = Version,
            Description = Description,
            Base = Environment.Length == 0 ? null : await EnvironmentAccess.DescribeAsync(this, Environment[0], [_site], cancellationToken)
            .ConfigureAwait(false),
            Overwrites = Force,
            Timeout = Timeout,
        };
        return await ConfirmAsync(nodes[0], $"Save as {Name} in {_folder}{(Register ? $" and register it at {_site}" : "")}").ConfigureAwait(false);
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var grid = new ReportedGrid(Session.Grid, output);
        string activity = $"Saving {_request!.Node} as {Name}";
        try
        {
            NodeImage image = await new NodeImageMaker(grid.GetFrontend(_site), grid.User, grid.Time)
                .MakeAsync(_request, progress => output.Progress(new ProgressUpdate(ProgressId, activity,
                progress.Length == 0 ? progress.Phase : $"{progress.Phase}, {Internal._Format.Bytes(progress.Length)}")),
                cancellationToken).ConfigureAwait(false);
            if (Register) image = await RegisterAsync(grid, image, output, cancellationToken).ConfigureAwait(false);
            output.Write(image);
        }
        finally
        {
            output.Progress(new ProgressUpdate(ProgressId, activity, "") { Completed = true });
        }
    }

    /// <summary>An image that could not be registered is there all the same.</summary>
    async Task<NodeImage> RegisterAsync(ReportedGrid grid, NodeImage image, IOutput output, CancellationToken cancellationToken)
    {
        try
        {
            EnvironmentInfo registered = await new EnvironmentRegistry(grid.GetFrontend(_site), grid.User)
                .RegisterAsync(image.Definition, Force, cancellationToken).ConfigureAwait(false);
            Names.Add([registered]);
            return image with { Environment = registered, Definition = registered.Definition };
        }
        catch (G5kException e)
        {
            output.WriteError(Errors.From(e));
            return image;
        }
    }
}
