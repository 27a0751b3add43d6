using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Import-G5kEnvironment: reads descriptions in any of their forms, from files here, files on a front-end, or URLs.</summary>
[Cmdlet(VerbsData.Import, "G5kEnvironment", DefaultParameterSetName = PathSet)]
[OutputType(typeof(EnvironmentDescription))]
public sealed class ImportG5kEnvironmentCommand : G5kCmdlet
{
    const string PathSet = "Path", LiteralSet = "LiteralPath", FrontendSet = "Frontend", UriSet = "Uri";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = FrontendSet)]
    public string[] FrontendPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    public Uri[] Uri { get; set; } = [];

    [Parameter(ParameterSetName = FrontendSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        switch (ParameterSetName)
        {
            case FrontendSet:
                foreach (string path in FrontendPath) await ReadAsync(path, frontend => frontend.ReadFileAsync(path, cancellationToken),
                cancellationToken).ConfigureAwait(false);
                break;
            case UriSet:
                foreach (Uri uri in Uri) await ReadAsync(uri.AbsoluteUri, frontend => DescriptionSource.FetchAsync(frontend, uri, cancellationToken),
                cancellationToken).ConfigureAwait(false);
                break;
            default:
                bool isLiteral = ParameterSetName == LiteralSet;
                string[] given = isLiteral ? LiteralPath : Path;
                foreach (string file in await AskAsync(() => DescriptionFiles.Resolve(this, given, isLiteral)).ConfigureAwait(false))
                {
                    try { Write(DescriptionFiles.Read(this, file)); }
                    catch (G5kException e) { WriteFailure(e); }
                }
                break;
        }
    }

    async Task ReadAsync(string name, Func<IFrontend, Task<string>> read, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
            if (sites.Count == 0) throw Failures.EnvironmentSiteMissing(name);
            Write(DescriptionFiles.Accept(this, name, name, await read(Grid.GetFrontend(sites[0])).ConfigureAwait(false)));
        }
        catch (G5kException e) { WriteFailure(e); }
    }
}
