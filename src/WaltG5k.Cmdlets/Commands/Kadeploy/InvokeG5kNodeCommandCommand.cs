using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Invoke-G5kNodeCommand: runs a command as root on many deployed nodes at once, and says of each how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "G5kNodeCommand", SupportsShouldProcess = true, DefaultParameterSetName = CommandSet)]
[OutputType(typeof(NodeCommandResult), typeof(NodeCommandFold))]
public sealed class InvokeG5kNodeCommandCommand : NodeCommandCmdlet
{
    readonly List<G5kNodeRef> _references = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Name")]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string UserName { get; set; } = "root";

    [Parameter]
    [ValidatePattern("^[0-9]{1,4}$")]
    [ArgumentCompleter(typeof(VlanCompleter))]
    public string? VlanId { get; set; }

    internal override string Subject => "nodes";
    internal override bool HasInput => _references.Count > 0;
    internal override NodeExecutor GetExecutor() => Session.Nodes;

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<IReadOnlyList<NodeTarget>> FindTargetsAsync(CancellationToken cancellationToken) =>
        [.. (await NodeLookup.ResolveAsync(this, _references, cancellationToken).ConfigureAwait(false))
            .Select(n => new NodeTarget(n, KadeployNodes.SiteOf(n)) { User = UserName, Address = AddressOf(n) })];

    /// <summary>Within a VLAN a node has another name: gros-1-kavlan-4.nancy.grid5000.fr.</summary>
    string? AddressOf(string node) => VlanId is null ? null : node.Insert(node.IndexOf('.', StringComparison.Ordinal), $"-kavlan-{VlanId}");
}
