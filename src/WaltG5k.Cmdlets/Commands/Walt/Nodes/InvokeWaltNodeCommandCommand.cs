using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Invoke-WaltNodeCommand: runs a command on many WalT nodes at once, and says of each how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WaltNodeCommand", SupportsShouldProcess = true, DefaultParameterSetName = CommandSet)]
[OutputType(typeof(NodeCommandResult), typeof(NodeCommandFold))]
public sealed class InvokeWaltNodeCommandCommand : NodeCommandCmdlet
{
    readonly List<WaltNodeRef> _references = [];
    WaltTarget? _target;

    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The deployment whose server is meant; by default the one that is alive.</summary>
    [Parameter]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    /// <summary>A server that Connect-WaltServer reached.</summary>
    [Parameter]
    public WaltConnection? Server { get; set; }

    internal override string Subject => "WalT nodes";
    internal override bool HasInput => _references.Count > 0;
    internal override NodeExecutor GetExecutor() => Target.GetExecutor();

    WaltTarget Target => _target ??= WaltTarget.Find(this, Deployment, Server);

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<IReadOnlyList<NodeTarget>> FindTargetsAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = Target.Open(this);
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            return [.. (await NodeUse.FilterAsync(walt, known, this, Force, cancellationToken).ConfigureAwait(false)).Select(WaltServer.GetTarget)];
        }
    }
}
