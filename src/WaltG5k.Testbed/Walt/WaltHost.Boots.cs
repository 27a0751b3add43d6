using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

internal sealed partial class WaltHost
{
    sealed record Waiter(HashSet<WaltDevice> Missing, TaskCompletionSource Done);

    /// <summary>Why a node is down whose connection ended by itself.</summary>
    public const string Disconnection = "cause: unknown, note: server-detected disconnection";

    readonly List<Waiter> _waiters = [];

    static readonly TimeSpan s_noRouteDelay = TimeSpan.FromSeconds(3);

    public void NotifyBooted(string mac, BootOffer offer, DateTimeOffset kernelStart)
    {
        if (Devices.ByMac(mac) is not WaltDevice device) return;
        (device.Root, device.KernelStart) = (offer.Root, kernelStart);
        Record(offer);
        device.BootedImageId = offer.ImageId;
        MarkBooted(device);
    }

    public void MarkBooted(WaltDevice device)
    {
        device.IsBooted = true;
        device.Memory = new NodeDisk();
        device.ConnectionGeneration++;
        if (Machines is null) LogBoot(device);
        else device.BootedImageId = device.RoutedImageId;
        Log($"node {device.Name} is booted");
        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (!_waiters[i].Missing.Remove(device) || _waiters[i].Missing.Count > 0) continue;
            _waiters[i].Done.TrySetResult();
            _waiters.RemoveAt(i);
        }
    }

    public void MarkDown(WaltDevice device, string why)
    {
        if (!device.IsBooted) return;
        device.IsBooted = false;
        device.ConnectionGeneration++;
        Log($"node {device.Name} is down ({why})");
    }

    /// <summary>Ends when each of these nodes has booted, at once where they all have.</summary>
    public Task WhenBooted(IEnumerable<WaltDevice> devices)
    {
        HashSet<WaltDevice> missing = [.. devices.Where(d => !d.IsBooted)];
        if (missing.Count == 0) return Task.CompletedTask;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add(new Waiter(missing, done));
        return done.Task;
    }

    /// <summary>The machine was reset without the server's knowledge: only the connection's keepalive tells, after a while.</summary>
    public void NoticeLoss(NodeModel machine)
    {
        WaltDevice? device;
        int generation;
        lock (world.Sync)
        {
            device = machine.MainNic is NicModel main ? Devices.ByMac(main.Mac) : null;
            if (device is not { IsBooted: true }) return;
            generation = device.ConnectionGeneration;
        }
        _ = MarkDownLaterAsync(device, generation);
    }

    public List<NodeModel> FindBootedMachines()
    {
        lock (world.Sync) return [.. Devices.Nodes.Where(d => d.IsBooted).Select(MachineOf).OfType<NodeModel>()];
    }

    /// <summary>Asks a node's own service to reboot; null when it obeyed, else the reason.</summary>
    public async Task<string?> SoftRebootAsync(WaltDevice device, string cause)
    {
        string? refusal = await OrderAsync(device, "REBOOT").ConfigureAwait(false);
        if (refusal is null) lock (world.Sync) MarkDown(device, $"cause: {cause}, method: soft-reboot");
        return refusal;
    }

    /// <summary>Gives an order to a node's own service; null when it obeyed, else the reason.</summary>
    public async Task<string?> OrderAsync(WaltDevice device, string order)
    {
        if (Machines is not null) return await Machines.OrderAsync(device.Ip, order).ConfigureAwait(false);
        NodePower power = PowerOf(device);
        if (power == NodePower.Booting) return "connection refused";
        if (power != NodePower.Up)
        {
            await Task.Delay(s_noRouteDelay, world.Time, world.NodeLife.Closed).ConfigureAwait(false);
            return "no route to host";
        }
        return await NodeServiceClient.OrderAsync(ServiceOf(device), order, world.Time).ConfigureAwait(false);
    }

    /// <summary>The service of a node that is up.</summary>
    public NodeService ServiceOf(WaltDevice device) => new(world.Time, () => Reboot(device), () =>
    {
        lock (world.Sync) return device.Memory.Files.ContainsKey("/bin/blink");
    });

    /// <summary>A node as the server sees it: one that runs something else, or is in another VLAN, is as good as dead.</summary>
    public NodePower PowerOf(WaltDevice device)
    {
        lock (world.Sync)
        {
            if (device.IsVirtual || Machines is not null) return device.IsBooted ? NodePower.Up : NodePower.Booting;
            return MachineOf(device) is NodeModel machine && Sees(machine) && (machine.Power != NodePower.Up || NodeLife.IsWaltSystem(machine))
                ? machine.Power
                : NodePower.Dead;
        }
    }

    void Reboot(WaltDevice device)
    {
        if (device.IsVirtual) StartVirtualNode(device);
        else if (MachineOf(device) is NodeModel machine) _ = world.NodeLife.Kexec(machine, this);
    }

    async Task MarkDownLaterAsync(WaltDevice device, int generation)
    {
        await Task.Delay(BootDurations.Keepalive, world.Time, world.NodeLife.Closed).ConfigureAwait(false);
        lock (world.Sync)
        {
            if (device.ConnectionGeneration == generation) MarkDown(device, Disconnection);
        }
    }
}
