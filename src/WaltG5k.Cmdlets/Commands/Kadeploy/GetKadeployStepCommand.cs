using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Get-KadeployStep: every step of an operation with its duration, from what kadeploy3, kareboot3 or kapower3 printed.</summary>
[Cmdlet(VerbsCommon.Get, "KadeployStep", DefaultParameterSetName = TextSet)]
[OutputType(typeof(KadeployStep))]
public sealed class GetKadeployStepCommand : AsyncCmdlet
{
    const string TextSet = "Text", PathSet = "Path";
    readonly List<string> _lines = [];
    readonly List<string> _paths = [];

    /// <summary>Lines of an output; objects with a property Text, such as those of Get-OarJobOutput, are lines too.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TextSet)]
    [Alias("Text")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] InputObject { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [Alias("LiteralPath")]
    public string[] Path { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string[] MacroStep { get; set; } = [];

    /// <summary>Only the macro-steps as a whole.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == PathSet) _paths.AddRange(Path.Select(GetUnresolvedProviderPathFromPSPath));
        else _lines.AddRange(InputObject);
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_lines.Count > 0) WriteSteps(string.Join('\n', _lines) + "\n", "the input");
        foreach (string path in _paths)
        {
            try
            {
                WriteSteps(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                ErrorRecord record = Errors.From(Failures.OutputUnreadable(path, e));
                Post(() => WriteError(record));
            }
        }
    }

    void WriteSteps(string output, string source)
    {
        var wanted = new NameFilter(MacroStep);
        IReadOnlyList<KadeployStep> steps = KadeployTimeline.Read(output);
        if (steps.Count == 0)
        {
            ErrorRecord record = Errors.From(Failures.NoKadeployStep(source));
            Post(() => WriteError(record));
        }
        foreach (KadeployStep step in steps)
        {
            if ((!Summary || step.MicroStep is null) && wanted.Matches(step.MacroStep)) Post(() => WriteObject(step));
        }
    }
}
