using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.VirtualMachines;

namespace WaltG5k.Testbed.Ssh;

/// <summary>scp of one file from a front-end to a node: <c>scp -q [-o OPTION] FILE USER@NODE:PATH</c>.</summary>
internal sealed class ScpCommand : IEmulatedCommand
{
    const int Failure = 255;
    /// <summary>What a front-end gets from the share of the homes.</summary>
    const double Speed = 110e6;

    public IReadOnlyList<string> Names => ["scp"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        // Up to the last word its options are those of ssh, but for its own switches.
        string[] words = [.. context.Arguments.Where(a => a is not ("-q" or "-p" or "-C" or "-B"))];
        if (words is not [.., var from, var to] || to.Split(':', 2) is not [var destination, var target]
            || SshArguments.Parse([.. words[..^2], destination]) is not { } ssh)
            return Fail(context, "usage: scp [options] source ... target", 1);
        var files = new SiteFiles(context);
        if (files.Read(from) is not { } content) return Fail(context, $"scp: stat local \"{from}\": No such file or directory", 1);
        if (!context.World.TryFindNode(context.Site, ssh.Host, out NodeModel? node))
            return Fail(context, $"ssh: Could not resolve hostname {ssh.Host}: Name or service not known\nscp: Connection closed", Failure);
        if (await SshCommand.FindObstacleAsync(context, ssh, node).ConfigureAwait(false) is { } obstacle)
            return Fail(context, obstacle + "\nscp: Connection closed", Failure);
        if (context.World.Faults.TakeAt(FaultNames.NodeDies, ["scp"], NodeLife.NamesOf(node)) is not null)
            context.World.NodeLife.Interrupt(node, NodePower.Dead);
        int generation = node.BootGeneration;
        await context.World.PassAsync(TimeSpan.FromSeconds(0.3 + RemotePrograms.SizeOf(content) / Speed), context.Interrupted).ConfigureAwait(false);
        lock (context.World.Sync)
        {
            if (node.BootGeneration != generation || node.Power != NodePower.Up)
                return Fail(context, $"client_loop: send disconnect: Broken pipe\nscp: Connection closed", Failure);
            if (context.World.Faults.Strikes(FaultNames.NodeDiskFull, NodeLife.NamesOf(node)))
                return Fail(context, $"scp: write remote \"{target}\": Failure\nNo space left on device", 1);
            return new RemoteFiles(context.World.NodeLife.DiskOf(node)).TryWrite(target, content)
                ? 0
                : Fail(context, $"scp: dest open \"{target}\": No such file or directory", 1);
        }
    }

    static int Fail(CommandContext context, string message, int status)
    {
        context.WriteErrorLine(message);
        return status;
    }
}
