using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Core.Execution;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>A cmdlet that runs a command on many nodes at once, and says of each how it ended.</summary>
public abstract class NodeCommandCmdlet : WaitingCmdlet
{
    /// <summary>The parameter sets of what is run.</summary>
    protected const string CommandSet = "Command", FileSet = "File";
    const int ProgressId = 0x67356b0e;

    IReadOnlyList<NodeTarget> _targets = [];
    string? _script;
    NodeCommand _command = NodeCommand.Script("");

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CommandSet)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    [Parameter(ParameterSetName = FileSet)]
    [AllowEmptyCollection]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    [AllowEmptyString]
    public string? Input { get; set; }

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThrottleLimit { get; set; } = 48;

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    [Parameter]
    [DurationConversion]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromHours(1);

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int StopAfterFailures { get; set; }

    [Parameter]
    public SwitchParameter Fold { get; set; }

    internal override string JobSubject => _Format.Nodes(_targets.Select(t => t.Name));

    /// <summary>How the nodes are called while it runs: <c>WalT nodes</c>.</summary>
    internal abstract string Subject { get; }

    /// <summary>The nodes that are meant; an error record is written for each that is not to be found.</summary>
    internal abstract Task<IReadOnlyList<NodeTarget>> FindTargetsAsync(CancellationToken cancellationToken);

    internal abstract NodeExecutor GetExecutor();

    /// <summary>False: nothing came down the pipeline.</summary>
    internal abstract bool HasInput { get; }

    protected override void Prepare()
    {
        base.Prepare();
        if (FilePath is not null) _script = GetUnresolvedProviderPathFromPSPath(FilePath);
    }

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (!HasInput) return false;
        _command = await NodeScripts.MakeAsync(Command, _script, ArgumentList, cancellationToken).ConfigureAwait(false) with { Input = Input };
        List<NodeTarget> accepted = [];
        foreach (NodeTarget target in await FindTargetsAsync(cancellationToken).ConfigureAwait(false))
            if (await ConfirmAsync(target.Name, $"Run {_command}").ConfigureAwait(false)) accepted.Add(target);
        _targets = accepted;
        return accepted.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        string activity = $"Running a command on {Subject}";
        output.Verbose($"On {JobSubject}: {_command}");
        List<NodeCommandResult> results = [];
        try
        {
            await foreach (NodeCommandResult result in GetExecutor().RunAsync(_targets, _command, ToOptions(),
                progress => output.Progress(progress.ToUpdate(ProgressId, activity)), cancellationToken).ConfigureAwait(false))
            {
                if (Fold) results.Add(result);
                else output.Write(result);
                if (result.ToException() is { } failure) output.WriteError(Errors.From(failure));
            }
        }
        finally { output.Progress(new Core.ProgressUpdate(ProgressId, activity, "Done") { Completed = true }); }
        foreach (NodeCommandFold fold in NodeCommandFold.Fold(results)) output.Write(fold);
    }

    NodeExecutionOptions ToOptions() => new()
    {
        ThrottleLimit = ThrottleLimit,
        Timeout = Timeout,
        TotalTimeout = TotalTimeout,
        StopAfterFailures = StopAfterFailures > 0 ? StopAfterFailures : null,
    };
}
