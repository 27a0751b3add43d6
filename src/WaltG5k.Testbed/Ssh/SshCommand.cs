using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.VirtualMachines;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

/// <summary>ssh on a front-end, to the nodes that the user has deployed.</summary>
internal sealed class SshCommand(WaltPart walt) : IEmulatedCommand
{
    const int Failure = 255;
    /// <summary>From here on a connection may break in the middle.</summary>
    const int LongOutput = 1000;

    static readonly TimeSpan s_login = TimeSpan.FromSeconds(0.3);
    static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);
    static readonly TimeSpan s_noRoute = TimeSpan.FromSeconds(3);
    /// <summary>After so long the system gives a connection up of its own.</summary>
    static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(127);

    public IReadOnlyList<string> Names => ["ssh"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        if (SshArguments.Parse(context.Arguments) is not SshArguments arguments)
        {
            context.WriteErrorLine("usage: ssh [options] destination [command [argument ...]]");
            return Failure;
        }
        if (context.World.Guests.FindByAddress(arguments.Host) is { } direct && context.World.Guests.IsRouted(direct))
            return await RunInGuestAsync(context, arguments, direct).ConfigureAwait(false);
        if (!context.World.TryFindNode(context.Site, arguments.Host, out NodeModel? node))
        {
            context.WriteErrorLine($"ssh: Could not resolve hostname {arguments.Host}: Name or service not known");
            return Failure;
        }
        if (arguments.Port != 22)
        {
            if (context.World.Guests.FindByPort(node, arguments.Port) is { Port: 22 } forwarded)
                return await RunInGuestAsync(context, arguments, forwarded.Guest).ConfigureAwait(false);
            context.WriteErrorLine($"ssh: connect to host {arguments.Host} port {arguments.Port}: Connection refused");
            return Failure;
        }
        int generation = node.BootGeneration;
        if (await FindObstacleAsync(context, arguments, node).ConfigureAwait(false) is string obstacle)
        {
            context.WriteErrorLine(obstacle);
            return Failure;
        }
        await context.World.PassAsync(s_login, context.Interrupted).ConfigureAwait(false);
        // Kadeploy's own system has none of the files on the disk.
        NodeDisk disk = node.System == NodeLife.DeploymentSystem ? new NodeDisk() : context.World.NodeLife.DiskOf(node);
        RemoteMachine machine = new(context.World, walt, node, new RemoteFiles(disk), node.ShortName, null,
            context.Interrupted) { Terminal = context.Conversation };
        if (arguments.Command is null && machine.Terminal is ITerminal terminal)
            return await LoginShell.RunAsync(machine, terminal).ConfigureAwait(false);
        RemoteResult result;
        try
        {
            result = await RemoteShell.RunAsync(machine, arguments.Command ?? context.Input, arguments.Command is null ? "" : context.Input,
                error => Write(context.WriteErrorLine, error)).ConfigureAwait(false);
        }
        catch (MachineDiedException) { return await LoseAsync(context, arguments).ConfigureAwait(false); }
        if (node.BootGeneration != generation && node.Power != NodePower.Up) return await LoseAsync(context, arguments).ConfigureAwait(false);
        bool isCut = result.Output.Length > LongOutput && context.World.Faults.Strikes(FaultNames.NodeCut, NodeLife.NamesOf(node));
        context.Write(isCut ? result.Output[..(result.Output.Length / 2)] : result.Output);
        Write(context.WriteErrorLine, result.Error);
        context.World.NotifyChanged();
        if (!isCut) return result.Status;
        context.WriteErrorLine($"Connection to {arguments.Host} closed by remote host.");
        return Failure;
    }

    /// <summary>The network in which a name means a node: that of its VLAN, which the front-end reaches unless it is isolated.</summary>
    static string VlanOf(TestbedWorld world, string site, string host)
    {
        const string mark = "-kavlan-";
        int at = host.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0) return "DEFAULT";
        string id = host[(at + mark.Length)..].Split('.')[0];
        return world.FindVlan(site, id) is { Type: not "kavlan-local" } ? id : "";
    }

    /// <summary>A machine that has died says nothing more: ssh notices some time later.</summary>
    static async Task<int> LoseAsync(CommandContext context, SshArguments arguments)
    {
        await context.World.PassAsync(s_silence, context.Interrupted).ConfigureAwait(false);
        context.WriteErrorLine($"Timeout, server {arguments.Host} not responding.");
        return Failure;
    }

    /// <summary>A virtual machine, with files of its own.</summary>
    async Task<int> RunInGuestAsync(CommandContext context, SshArguments arguments, Guest guest)
    {
        string connect = $"ssh: connect to host {arguments.Host} port {arguments.Port}: ";
        if (!guest.Answers)
        {
            if (guest.Power != GuestPower.Booting || guest.IsSilent)
                await Task.Delay(s_noRoute, context.World.Time, context.Interrupted).ConfigureAwait(false);
            context.WriteErrorLine(connect + (guest.Power == GuestPower.Booting ? "Connection refused" : "No route to host"));
            return Failure;
        }
        await context.World.PassAsync(s_login, context.Interrupted).ConfigureAwait(false);
        RemoteMachine machine = new(context.World, walt, guest.Host, new RemoteFiles(guest.Disk), guest.Name, null,
            context.Interrupted) { Terminal = context.Conversation, IsContainer = true };
        if (arguments.Command is null && machine.Terminal is ITerminal terminal)
            return await LoginShell.RunAsync(machine, terminal).ConfigureAwait(false);
        RemoteResult result = await RemoteShell.RunAsync(machine, arguments.Command ?? context.Input, arguments.Command is null ? "" : context.Input,
            error => Write(context.WriteErrorLine, error)).ConfigureAwait(false);
        context.Write(result.Output);
        Write(context.WriteErrorLine, result.Error);
        context.World.NotifyChanged();
        return result.Status;
    }

    /// <summary>Why ssh cannot log in; takes the time that it takes to find out.</summary>
    internal static async Task<string?> FindObstacleAsync(CommandContext context, SshArguments arguments, NodeModel node)
    {
        NodePower power;
        bool isElsewhere, mayLogIn;
        lock (context.World.Sync)
        {
            power = node.Power;
            isElsewhere = node.MainNic is NicModel nic && node.GetVlan(nic.Device) != VlanOf(context.World, context.Site, arguments.Host);
            // Root's keys are those of whoever deployed; the standard environment has none.
            NodeDisk disk = context.World.NodeLife.DiskOf(node);
            mayLogIn = arguments.User == "root" && (node.System == NodeLife.DeploymentSystem || (disk.Environment is not null
                && node.System == disk.Environment))
                && context.World.FindDeployableNodes(context.User).Contains(node);
            // Into the standard environment one's own name leads, on nodes that one's job has as a whole.
            mayLogIn |= (arguments.User ?? context.User) == context.User && node.System == "standard"
                && context.World.Jobs.Values.Any(j => j.IsRunning && j.User == context.User && !j.Types.Contains("deploy") && j.Nodes.Contains(node));
        }
        string connect = $"ssh: connect to host {arguments.Host} port 22: ";
        if (isElsewhere)
        {
            await Task.Delay(arguments.ConnectTimeout ?? s_connectTimeout, context.World.Time, context.Interrupted).ConfigureAwait(false);
            return connect + "Connection timed out";
        }
        if (power == NodePower.Booting) return connect + "Connection refused";
        if (power != NodePower.Up)
        {
            await Task.Delay(s_noRoute, context.World.Time, context.Interrupted).ConfigureAwait(false);
            return connect + "No route to host";
        }
        return mayLogIn ? null : $"{arguments.User ?? context.User}@{arguments.Host}: Permission denied (publickey,password).";
    }

    static void Write(Action<string> write, string text)
    {
        if (text.Length > 0) write(text.EndsWith('\n') ? text[..^1] : text);
    }
}
