using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Storage;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Export-G5kEnvironment: descriptions as YAML, into files or as text.</summary>
[Cmdlet(VerbsData.Export, "G5kEnvironment", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportG5kEnvironmentCommand : G5kCmdlet
{
    const string PathSet = "Path", LiteralSet = "LiteralPath";

    readonly HashSet<string> _written = new(StringComparer.Ordinal);
    string? _target;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [EnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef[] Environment { get; set; } = [];

    [Parameter(Position = 1, ParameterSetName = PathSet)]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath")]
    public string? LiteralPath { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? PublicSite { get; set; }

    [Parameter]
    public SwitchParameter OldForm { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Prepare()
    {
        base.Prepare();
        if ((ParameterSetName == PathSet ? Path : LiteralPath) is { } path) _target = GetUnresolvedProviderPathFromPSPath(path);
    }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (EnvironmentRef reference in Environment)
        {
            try
            {
                EnvironmentDescription description = await EnvironmentAccess.DescribeAsync(this, reference, Site, cancellationToken)
                    .ConfigureAwait(false);
                if (PublicSite is not null) description = PublicFolder.UseUrls(description, PublicSite, Grid.User);
                if (OldForm) description = DescriptionForms.ToOld(description);
                string text = DescriptionWriter.Write(description);
                if (_target is null) Write(text.TrimEnd('\n'));
                else await WriteFileAsync(description, text).ConfigureAwait(false);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    async Task WriteFileAsync(EnvironmentDescription description, string text)
    {
        // A folder gets a file for each environment.
        string path = Directory.Exists(_target) ? System.IO.Path.Combine(_target, description.Name + ".yaml") : _target!;
        if (_written.Contains(path)) throw Failures.ExportTwice(description.Name, path);
        if (File.Exists(path) && !Force) throw Failures.FileExists(path);
        if (!await ConfirmAsync(path, $"Write the description of {description.Name}").ConfigureAwait(false)) return;
        AtomicFile.Write(path, text);
        _written.Add(path);
        Write(new FileInfo(path));
    }
}
