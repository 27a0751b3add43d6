using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Invoke-WaltNodeCommand: runs a command on many nodes at once, and says of each how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WaltNodeCommand", SupportsShouldProcess = true, DefaultParameterSetName = CommandSet)]
[OutputType(typeof(NodeCommandResult), typeof(NodeCommandFold))]
public sealed class InvokeWaltNodeCommandCommand : WaltWaitingCmdlet
{
    const string CommandSet = "Command", FileSet = "File";
    const int ProgressId = 0x67356b0e;

    readonly List<WaltNodeRef> _references = [];
    List<WaltNodeInfo> _nodes = [];
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

    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

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

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string JobSubject => _Format.Nodes(_nodes.Select(n => n.Name));

    protected override void Prepare()
    {
        base.Prepare();
        if (FilePath is not null) _script = GetUnresolvedProviderPathFromPSPath(FilePath);
    }

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return false;
        FindWalt();
        _command = await NodeScripts.MakeAsync(Command, _script, ArgumentList, cancellationToken).ConfigureAwait(false) with { Input = Input };
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            List<WaltNodeInfo> accepted = [];
            foreach (WaltNodeInfo node in await NodeUse.FilterAsync(walt, known, this, Force, cancellationToken).ConfigureAwait(false))
                if (await ConfirmAsync(node.Name, $"Run {_command}").ConfigureAwait(false)) accepted.Add(node);
            _nodes = accepted;
        }
        return _nodes.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        NodeExecutor executor = GetExecutor();
        output.Verbose($"On {JobSubject}: {_command}");
        List<NodeCommandResult> results = [];
        try
        {
            await foreach (NodeCommandResult result in executor.RunAsync(_nodes.Select(WaltServer.GetTarget), _command, ToOptions(),
                progress => output.Progress(progress.ToUpdate(ProgressId, "Running a command on WalT nodes")), cancellationToken).ConfigureAwait(false))
            {
                if (Fold) results.Add(result);
                else output.Write(result);
                if (result.ToException() is { } failure) output.WriteError(Errors.From(failure));
            }
        }
        finally { output.Progress(new Core.ProgressUpdate(ProgressId, "Running a command on WalT nodes", "Done") { Completed = true }); }
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
