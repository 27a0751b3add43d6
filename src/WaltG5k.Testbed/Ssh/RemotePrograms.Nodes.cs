using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

/// <summary>From a WalT server to its nodes.</summary>
internal static partial class RemotePrograms
{
    const int SshFailure = 255;

    /// <summary>What runs on a node is its image, in memory.</summary>
    static async Task<int> SshAsync(RemoteRun run)
    {
        SshArguments? arguments = SshArguments.Parse(run.Arguments);
        if (arguments is null) return run.Fail("usage: ssh [options] destination [command]", SshFailure);
        WaltHost? host = run.Machine.Server;
        WaltDevice? device;
        lock (run.Machine.World.Sync) device = host?.Devices.ByIp(arguments.Host) ?? host?.Devices.ByName(arguments.Host);
        if (device is null) return run.Fail($"Could not resolve hostname {arguments.Host}: Name or service not known", SshFailure);
        if (await FindObstacleAsync(run, host!, device, arguments).ConfigureAwait(false) is string obstacle)
        {
            run.Error.Append(obstacle).Append('\n');
            return SshFailure;
        }
        RemoteMachine node = run.Machine with
        {
            Node = host!.MachineOf(device) ?? run.Machine.Node, Files = new RemoteFiles(device.Memory), HostName = device.Name, Device = device,
        };
        if (arguments.Command is null && node.Terminal is ITerminal terminal) return await LoginShell.RunAsync(node, terminal).ConfigureAwait(false);
        RemoteResult result = await RemoteShell.RunAsync(node, arguments.Command ?? run.Input, arguments.Command is null ? "" : run.Input,
            run.TellError).ConfigureAwait(false);
        run.Output.Append(result.Output);
        run.Error.Append(result.Error);
        return result.Status;
    }

    /// <summary>What ssh says when it does not get in; takes the time that it takes to find out.</summary>
    static async Task<string?> FindObstacleAsync(RemoteRun run, WaltHost host, WaltDevice device, SshArguments arguments)
    {
        string[] names = host.MachineOf(device) is NodeModel machine ? [device.Name, .. NodeLife.NamesOf(machine)] : [device.Name];
        FaultBox faults = run.Machine.World.Faults;
        bool isReachable = device.IsBooted && host.PowerOf(device) == NodePower.Up;
        if (!isReachable)
        {
            await PassAsync(run, 3).ConfigureAwait(false);
            return $"ssh: connect to host {arguments.Host} port 22: No route to host";
        }
        await PassAsync(run, 0.2 + (faults.Take(FaultNames.NodeSlow, names)?.GetSeconds().TotalSeconds ?? 0)).ConfigureAwait(false);
        if (faults.Strikes(FaultNames.NodeBusy, names)) return "kex_exchange_identification: Connection closed by remote host";
        if (!faults.Strikes(FaultNames.NodeHangs, names)) return null;
        await PassAsync(run, arguments.ConnectTimeout?.TotalSeconds ?? 120).ConfigureAwait(false);
        return $"Connection timed out during banner exchange\nConnection to {arguments.Host} port 22 timed out";
    }

    /// <summary>The kernel is that of the image which was booted, whatever the next boot will bring.</summary>
    static string KernelOf(RemoteMachine machine)
    {
        if (machine.Device is not WaltDevice device || machine.Walt.Find(device) is not WaltHost host) return KernelRelease;
        string[] names;
        lock (machine.World.Sync) names = [.. host.Images.All.Where(i => i.Id == device.BootedImageId).Select(i => i.Name)];
        if (names.Any(n => n.StartsWith("alpine", StringComparison.Ordinal))) return "6.12.31-0-lts";
        return names.Any(n => n.EndsWith("-rt", StringComparison.Ordinal)) ? "6.1.0-31-rt-amd64" : KernelRelease;
    }
}
