using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Enter-G5kConsole: the serial console of a node, on this terminal.</summary>
[Cmdlet(VerbsCommon.Enter, "G5kConsole", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class EnterG5kConsoleCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string node in await NodeLookup.ResolveAsync(this, Node, cancellationToken).ConfigureAwait(false))
        {
            if (!await ConfirmAsync(node, "Enter its console").ConfigureAwait(false)) continue;
            HostTerminal terminal = await HostTerminal.OpenAsync(this).ConfigureAwait(false);
            if (!terminal.IsInteractive) throw Failures.NoConsoleTerminal(node);
            terminal.Write($"Console of {node}; four times Esc leaves it, or &. where conman serves it.\n");
            IFrontend frontend = Grid.GetFrontend(KadeployNodes.SiteOf(node));
            int status = await frontend.RunInteractiveAsync(NodeControl.GetConsoleCommand(node), terminal, cancellationToken).ConfigureAwait(false);
            if (status != 0) WriteFailure(Failures.ConsoleFailed(node, status));
        }
    }
}
