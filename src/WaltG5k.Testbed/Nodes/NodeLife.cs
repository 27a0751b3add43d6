using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Nodes;

/// <summary>
/// The life of the machines: reset, firmware, PXE, boot, death. What a node boots depends on the VLAN of its main NIC at the moment of its PXE
/// request and on what the servers there give it at that moment.
/// </summary>
internal sealed partial class NodeLife : IDisposable
{
    const string Grid5000Standard = "standard";
    /// <summary>Kadeploy's own: nothing of the disk runs.</summary>
    public const string DeploymentSystem = "kadeploy-miniOS";

    static readonly TimeSpan s_tick = TimeSpan.FromSeconds(0.5);

    readonly TestbedWorld _world;
    readonly CancellationTokenSource _stop = new();
    readonly List<IBootServer> _servers = [];
    readonly Dictionary<NodeModel, NodeDisk> _disks = [];

    public NodeLife(TestbedWorld world)
    {
        _world = world;
        Closed = _stop.Token;
    }

    /// <summary>Cancelled when the world ends: for everything that goes on in the machines by itself.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Raised, outside the lock, when a node stops running what it ran.</summary>
    public event Action<NodeModel>? WentDown;

    /// <summary>Raised, outside the lock, when a node runs a system from its disk.</summary>
    public event Action<NodeModel>? CameUp;

    public void Add(IBootServer server)
    {
        lock (_world.Sync) _servers.Add(server);
    }

    public void Remove(IBootServer server)
    {
        lock (_world.Sync) _servers.Remove(server);
    }

    /// <summary>What is on the node's disk; null when nothing was ever put there.</summary>
    public NodeDisk? FindDisk(NodeModel node)
    {
        lock (_world.Sync) return _disks.GetValueOrDefault(node);
    }

    public NodeDisk DiskOf(NodeModel node)
    {
        lock (_world.Sync) return _disks.TryGetValue(node, out NodeDisk? disk) ? disk : _disks[node] = new NodeDisk();
    }

    /// <summary>
    /// A power cycle by the management controller: works whatever the node runs. The task ends with the boot: true when the node is up.
    /// </summary>
    public Task<bool> HardReboot(NodeModel node)
    {
        lock (_world.Sync) node.HardReboots++;
        return Reset(node);
    }

    /// <summary>A reboot through the firmware, ordered by the running system.</summary>
    public async Task<bool> Reset(NodeModel node)
    {
        int generation = Interrupt(node, NodePower.Firmware);
        return await ContinueAsync(node, generation, BootDurations.Firmware).ConfigureAwait(false)
            && await BootFromFirmwareAsync(node, generation).ConfigureAwait(false);
    }

    /// <summary>A reboot into Kadeploy's own small system, which Grid'5000's PXE serves in the default VLAN and in those with its DHCP.</summary>
    public async Task<bool> BootDeploymentSystem(NodeModel node, bool isHard)
    {
        if (isHard) lock (_world.Sync) node.HardReboots++;
        int generation = Interrupt(node, NodePower.Firmware);
        if (!await ContinueAsync(node, generation, BootDurations.Firmware).ConfigureAwait(false)) return false;
        return !IsBroken(node) && AskPxe(node).Answer == PxeAnswer.Grid5000 ? SetUp(node, generation, DeploymentSystem) : Die(node, generation);
    }

    /// <summary>A reboot by kexec, without firmware: the running system fetches the new kernel at once and jumps into it.</summary>
    public async Task<bool> Kexec(NodeModel node, IBootServer server)
    {
        string mac = node.MainNic?.Mac ?? "";
        BootOffer? offer;
        lock (_world.Sync)
        {
            if (!server.AllowsKexec(mac)) offer = null;
            else offer = server.Offer(node, mac);
        }
        if (offer is null) return await Reset(node).ConfigureAwait(false);

        int generation = Interrupt(node, NodePower.Booting);
        if (!await FetchAsync(node, generation, server, mac, BootDurations.KexecFetch(RoundTrip(node, server)), http: true).ConfigureAwait(false)
            || !await ContinueAsync(node, generation, BootDurations.KexecJump).ConfigureAwait(false)) return false;
        if (IsBroken(node) || _world.Faults.Strikes(FaultNames.NodeKexecFails, NamesOf(node))) return Die(node, generation);
        return await BootWaltSystemAsync(node, generation, server, mac, offer).ConfigureAwait(false);
    }

    /// <summary>Switches the node off.</summary>
    public void PowerOff(NodeModel node) => Interrupt(node, NodePower.Off);

    /// <summary>Ends whatever the node runs: a deployment takes it over. Boots under way are overtaken.</summary>
    public int Interrupt(NodeModel node, NodePower power)
    {
        int generation;
        lock (_world.Sync)
        {
            generation = ++node.BootGeneration;
            node.Power = power;
        }
        WentDown?.Invoke(node);
        _world.NotifyChanged();
        return generation;
    }

    /// <summary>Replaces the disk's content; null leaves a node without a system of its own.</summary>
    /// <param name="files">What it brings, by absolute path.</param>
    public void Install(NodeModel node, string? environment, IReadOnlyDictionary<string, string>? files = null)
    {
        NodeDisk disk = new() { Environment = environment };
        foreach ((string path, string content) in files ?? new Dictionary<string, string>())
        {
            disk.Files[path] = content;
            for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) disk.Directories.Add(path[..slash]);
        }
        lock (_world.Sync) _disks[node] = disk;
    }

    /// <summary>The node runs a system from now on.</summary>
    /// <param name="system">Null: that of its disk.</param>
    public bool SetUp(NodeModel node, int generation, string? system = null)
    {
        lock (_world.Sync)
        {
            if (node.BootGeneration != generation) return false;
            node.Power = NodePower.Up;
            node.System = system ?? DiskOf(node).Environment ?? Grid5000Standard;
        }
        CameUp?.Invoke(node);
        _world.NotifyChanged();
        return true;
    }

    /// <summary>The node answers nothing until its next hard reboot.</summary>
    public bool Die(NodeModel node, int generation)
    {
        lock (_world.Sync)
        {
            if (node.BootGeneration == generation) node.Power = NodePower.Dead;
        }
        _world.NotifyChanged();
        return false;
    }

    /// <summary>A NIC has changed its VLAN. A system that runs over the network notices by its watchdog and resets the machine.</summary>
    public void NotifyMoved(NodeModel node, NicModel nic)
    {
        if (nic.Mounted) NotifyServerLost(node);
    }

    /// <summary>The server of a system that runs over the network is gone, or out of its reach.</summary>
    public void NotifyServerLost(NodeModel node)
    {
        if (node.Power == NodePower.Up && IsWaltSystem(node)) _ = ResetLaterAsync(node, node.BootGeneration);
    }

    /// <summary>Whether a fault keeps the node from booting anything.</summary>
    public bool IsBroken(NodeModel node)
    {
        string[] names = NamesOf(node);
        if (_world.Faults.Strikes(FaultNames.SiteDead, node.Site) || _world.Faults.Strikes(FaultNames.NodeNeverBoots, names)) return true;
        return _world.Faults.Take(FaultNames.NodeBootsAtHardReboot, names)?.Value is string value
            && int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out int needed) && node.HardReboots < needed;
    }

    public static bool IsWaltSystem(NodeModel node) => node.System.StartsWith("walt:", StringComparison.Ordinal);

    /// <summary>Every name under which a fault may mean this node.</summary>
    public static string[] NamesOf(NodeModel node) => [node.Name, node.ShortName, node.Cluster.Name, node.Site];

    public void Dispose()
    {
        _world.Changed -= ReclaimNodes;
        _stop.Cancel();
        _stop.Dispose();
    }

    async Task ResetLaterAsync(NodeModel node, int generation)
    {
        // The watchdog is patient enough for a server that only restarts.
        if (!await ContinueAsync(node, generation, BootDurations.Keepalive).ConfigureAwait(false) || AskPxe(node).Server is not null) return;
        await Reset(node).ConfigureAwait(false);
    }

    async Task<bool> BootFromFirmwareAsync(NodeModel node, int generation)
    {
        if (IsBroken(node)) return Die(node, generation);
        // PXE repeats its request for a while before it gives up.
        for (TimeSpan waited = TimeSpan.Zero; waited < BootDurations.PxePatience; waited += BootDurations.PxeInterval)
        {
            (PxeAnswer answer, IBootServer? server) = AskPxe(node);
            switch (answer)
            {
                case PxeAnswer.Grid5000:
                    lock (_world.Sync) node.Power = NodePower.Booting;
                    return await ContinueAsync(node, generation, BootDurations.LocalSystem).ConfigureAwait(false) && SetUp(node, generation);
                case PxeAnswer.Walt:
                    return await BootWaltAsync(node, generation, server!).ConfigureAwait(false);
                case PxeAnswer.Conflict:
                    return Die(node, generation);
            }
            if (!await ContinueAsync(node, generation, BootDurations.PxeInterval).ConfigureAwait(false)) return false;
        }
        return Die(node, generation);
    }

    async Task<bool> BootWaltAsync(NodeModel node, int generation, IBootServer server)
    {
        string mac = node.MainNic?.Mac ?? "";
        BootOffer? offer;
        lock (_world.Sync)
        {
            node.Power = NodePower.Booting;
            offer = server.Offer(node, mac);
        }
        if (offer is null) return Die(node, generation);
        bool http;
        lock (_world.Sync) http = server.LoadsByHttp;
        return await FetchAsync(node, generation, server, mac, BootDurations.Loader(RoundTrip(node, server), http), http).ConfigureAwait(false)
            && await BootWaltSystemAsync(node, generation, server, mac, offer).ConfigureAwait(false);
    }

    async Task<bool> BootWaltSystemAsync(NodeModel node, int generation, IBootServer server, string mac, BootOffer offer)
    {
        DateTimeOffset kernelStart = _world.Time.GetUtcNow();
        bool hasTrace;
        lock (_world.Sync) hasTrace = server.HasTrace(offer.ImageId);
        if (!await ContinueAsync(node, generation, BootDurations.NetworkSystem(RoundTrip(node, server), offer.Root, hasTrace)).ConfigureAwait(false))
            return false;
        bool hasRoot = offer.Root switch
        {
            BootRoot.Nbfs => server.ServesNbfs && !_world.Faults.Strikes(FaultNames.NbfsMountFails, NamesOf(node)),
            BootRoot.Speculative => server.ServesSpeculation && !_world.Faults.Strikes(FaultNames.SpeculationFails, NamesOf(node)),
            _ => true,
        };
        lock (_world.Sync)
        {
            // The root file system comes over the network: without its server, or outside its VLAN, the kernel ends in a panic.
            if (!hasRoot || AskPxe(node) is not (PxeAnswer.Walt or PxeAnswer.Conflict, IBootServer present) || present != server)
            {
                node.Power = NodePower.Dead;
                return false;
            }
            node.Power = NodePower.Up;
            node.System = "walt:" + offer.ImageId;
            server.NotifyBooted(mac, offer, kernelStart);
        }
        _world.NotifyChanged();
        return true;
    }

    /// <summary>Lets kernel and initrd come from the server.</summary>
    async Task<bool> FetchAsync(NodeModel node, int generation, IBootServer server, string mac, TimeSpan duration, bool http)
    {
        DateTimeOffset begin = _world.Time.GetUtcNow();
        if (!await ContinueAsync(node, generation, duration).ConfigureAwait(false)) return false;
        if (http) lock (_world.Sync) server.NotifyFetched(mac, begin);
        return true;
    }

    TimeSpan RoundTrip(NodeModel node, IBootServer server) => SiteLatency.RoundTrip(_world, node.Site, server.Site);

    /// <summary>
    /// Stretches a wait to the next half second of the clock, so that a thousand nodes that boot side by side share a few dozen moments instead of
    /// having one each: the clock has to stop at every one of them.
    /// </summary>
    TimeSpan ToNextTick(TimeSpan time)
    {
        long due = _world.Time.GetUtcNow().Ticks + time.Ticks;
        return time + TimeSpan.FromTicks((s_tick.Ticks - (due % s_tick.Ticks)) % s_tick.Ticks);
    }

    /// <summary>Lets that time pass, more or less; false when the boot has been overtaken or the world ends meanwhile.</summary>
    async Task<bool> ContinueAsync(NodeModel node, int generation, TimeSpan time)
    {
        try
        {
            await Task.Delay(ToNextTick(time * _world.Faults.Jitter()), _world.Time, Closed).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        lock (_world.Sync) return node.BootGeneration == generation;
    }
}
