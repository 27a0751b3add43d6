using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Test-G5kEnvironment: whether descriptions can be deployed; warnings say why not, with their lines.</summary>
[Cmdlet(VerbsDiagnostic.Test, "G5kEnvironment", DefaultParameterSetName = PathSet)]
[OutputType(typeof(bool))]
public sealed class TestG5kEnvironmentCommand : G5kCmdlet
{
    const string PathSet = "Path", LiteralSet = "LiteralPath", ObjectSet = "Object";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    public EnvironmentDescription? InputObject { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName == ObjectSet)
        {
            Tell(InputObject!.Name, DescriptionWriter.Write(InputObject));
            return;
        }
        bool isLiteral = ParameterSetName == LiteralSet;
        string[] given = isLiteral ? LiteralPath : Path;
        foreach (string file in await AskAsync(() => DescriptionFiles.Resolve(this, given, isLiteral)).ConfigureAwait(false))
        {
            try { Tell(System.IO.Path.GetFileName(file), DescriptionFiles.ReadText(file)); }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    void Tell(string name, string text)
    {
        DescriptionReading reading = DescriptionReader.Read(text);
        foreach (DescriptionFinding finding in reading.Findings) DescriptionFiles.Warn(this, name, finding);
        Write(reading.IsValid);
    }
}
