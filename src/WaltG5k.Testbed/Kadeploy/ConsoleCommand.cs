using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kaconsole3: the serial console of a node, for its user alone and on a terminal only.</summary>
internal sealed class ConsoleCommand(KadeployServer server) : IEmulatedCommand
{
    /// <summary>Four times Esc, or conman's own way out.</summary>
    const string KillSequence = "\u001b\u001b\u001b\u001b", ConmanEscape = "&.";

    static readonly OptionTable s_options = new("-m --machine=", "-v --version", "-h --help", "-S --server=", "--[no-]secure", "--[no-]debug-http");

    readonly HashSet<NodeModel> _open = [];

    public IReadOnlyList<string> Names => ["kaconsole3"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            NodeModel node = FindNode(context, options);
            if (context.Conversation is not { } terminal) throw RequestException.Client("Kaconsole output must be a TTY.");
            lock (server.World.Sync)
                if (!_open.Add(node)) throw new RequestException(11, $"Conflicting elements -- The console of {node.Name} is in use", true);
            try { return await TalkAsync(context, node, terminal).ConfigureAwait(false); }
            finally
            {
                lock (server.World.Sync) _open.Remove(node);
            }
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("Option parsing error: " + e.Message);
            return 1;
        }
        catch (RequestException e)
        {
            context.WriteErrorLine(e.Message);
            if (e.IsServerError) context.WriteErrorLine(FormattableString.Invariant($"[Kadeploy Error #{e.Status}]"));
            return e.Status;
        }
    }

    NodeModel FindNode(CommandContext context, ParsedOptions options)
    {
        string machine = options.Last("--machine") ?? options.Positional.FirstOrDefault() ?? throw RequestException.Client("No node is chosen");
        if (!server.World.TryFindNode(context.Site, machine, out NodeModel? node) || node.Site != context.Site)
            throw RequestException.Client($"The nodes {machine} does not belongs to any server");
        lock (server.World.Sync)
            return server.World.FindDeployableNodes(context.User).Contains(node) ? node : throw RequestException.Rights();
    }

    static async Task<int> TalkAsync(CommandContext context, NodeModel node, ITerminal terminal)
    {
        terminal.Write("[Kaconsole] kill sequence: ^[^[^[^[\n");
        // PowerShell reads a whole line for us, and keeps Esc to itself.
        terminal.Write("[testbed] It is read line by line: &. and Enter leave it too.\n");
        while (true)
        {
            // A machine that is off, or in its firmware, says nothing.
            bool isUp;
            lock (context.World.Sync) isUp = node.Power == NodePower.Up;
            string? line = await terminal.ReadLineAsync(isUp ? $"{node.ShortName} login: " : "", context.Interrupted).ConfigureAwait(false);
            if (line is null || line.Contains(KillSequence, StringComparison.Ordinal) || line.TrimEnd() == ConmanEscape) break;
            if (isUp && line.Trim().Length > 0) terminal.Write("Password: \nLogin incorrect\n");
        }
        terminal.Write("[Kaconsole] Console killed\n");
        return 0;
    }
}
