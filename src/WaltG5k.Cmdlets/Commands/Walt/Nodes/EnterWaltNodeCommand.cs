using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Enter-WaltNode: root's shell on a node, on this terminal.</summary>
[Cmdlet(VerbsCommon.Enter, "WaltNode", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class EnterWaltNodeCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> known = await walt.ResolveAsync(Node, this, cancellationToken).ConfigureAwait(false);
            foreach (WaltNodeInfo node in await NodeUse.FilterAsync(walt, known, this, Force, cancellationToken).ConfigureAwait(false))
            {
                NodeGate gate = walt.Server.Shell.Gate;
                CommandRequest shell = new([.. gate.Ssh, "-tt", "--", $"root@{node.Ip}"]);
                if (!await ConfirmAsync(node.Name, "Enter").ConfigureAwait(false)) continue;
                HostTerminal terminal = await HostTerminal.OpenAsync(this).ConfigureAwait(false);
                int status = await gate.Runner.RunInteractiveAsync(shell, terminal, cancellationToken).ConfigureAwait(false);
                if (status != 0) Post(() => WriteWarning(FormattableString.Invariant($"The shell on {node.Name} ended with status {status}.")));
            }
        }
    }
}
