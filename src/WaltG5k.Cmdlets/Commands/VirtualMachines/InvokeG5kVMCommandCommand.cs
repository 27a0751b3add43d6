using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Execution;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Invoke-G5kVMCommand: runs a command in many virtual machines at once, and says of each how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "G5kVMCommand", SupportsShouldProcess = true, DefaultParameterSetName = CommandSet)]
[OutputType(typeof(NodeCommandResult), typeof(NodeCommandFold))]
public sealed class InvokeG5kVMCommandCommand : NodeCommandCmdlet
{
    readonly List<G5kVMRef> _references = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("VM")]
    [SupportsWildcards]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] Name { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string UserName { get; set; } = G5kVM.DefaultUser;

    internal override string Subject => "virtual machines";
    internal override bool HasInput => _references.Count > 0;
    internal override NodeExecutor GetExecutor() => Session.Nodes;

    protected override void ProcessRecord() => _references.AddRange(Name);

    internal override async Task<IReadOnlyList<NodeTarget>> FindTargetsAsync(CancellationToken cancellationToken) =>
        [.. (await VMAccess.ReadRunningAsync(this, _references, cancellationToken).ConfigureAwait(false)).Select(vm => vm.ToTarget(UserName))];
}
