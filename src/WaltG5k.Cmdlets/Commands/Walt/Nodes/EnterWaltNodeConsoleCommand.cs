using System.Management.Automation;
using System.Text;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Enter-WaltNodeConsole: the console of a virtual node, line by line.</summary>
[Cmdlet(VerbsCommon.Enter, "WaltNodeConsole", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class EnterWaltNodeConsoleCommand : WaltCmdlet
{
    /// <summary>Typed alone on a line it leaves the console, as with ssh.</summary>
    const string Leave = "~.";

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
                if (!node.IsVirtual) WriteFailure(Failures.NodeNotVirtual(node.Name));
                else if (await ConfirmAsync(node.Name, "Enter its console").ConfigureAwait(false))
                    await TalkAsync(walt.Server, node, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    async Task TalkAsync(WaltServer server, WaltNodeInfo node, CancellationToken cancellationToken)
    {
        HostTerminal terminal = await HostTerminal.OpenAsync(this).ConfigureAwait(false);
        if (!terminal.IsInteractive) throw Failures.NoTerminal(node.Name);
        NodeConsole console = new(server, node);
        terminal.Write($"Console of {node.Name}; {Leave} on a line of its own leaves it.\n");
        while (true)
        {
            foreach (string line in await console.ReadAsync(cancellationToken).ConfigureAwait(false)) terminal.Write(line + "\n");
            string? typed = await terminal.ReadLineAsync("", cancellationToken).ConfigureAwait(false);
            if (typed is null or Leave) return;
            await server.SendConsoleInputAsync(node, Encoding.UTF8.GetBytes(typed + "\n"), cancellationToken).ConfigureAwait(false);
        }
    }
}
