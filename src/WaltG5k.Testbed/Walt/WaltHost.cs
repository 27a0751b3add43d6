using System.Net.Sockets;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Walt.Http;
using WaltG5k.Testbed.Walt.Rpc;
using WaltG5k.Testbed.Walt.Streams;

namespace WaltG5k.Testbed.Walt;

/// <summary>A WalT server: a deployed node with its second NIC in the VLAN of the WalT nodes. Its state changes under the world's lock.</summary>
internal sealed partial class WaltHost(TestbedWorld world, NodeModel node, NicModel nic) : IBootServer
{
    /// <summary>From the answer of set_image to the new boot files: mounting the image, exporting it, changing the links.</summary>
    static readonly TimeSpan s_mount = TimeSpan.FromSeconds(1.5);

    readonly List<(string Host, int Port)> _endpoints = [];
    readonly List<LoopbackService> _services = [];
    readonly Dictionary<string, NodeModel> _machines = new(StringComparer.OrdinalIgnoreCase);

    public TestbedWorld World => world;
    public NodeModel Node => node;
    public NicModel Nic => nic;
    public WaltDeviceTable Devices { get; } = new();
    public WaltImageStore Images { get; } = new();
    public WaltNetwork Network => field ??= new WaltNetwork(this);
    public bool IsRunning { get; private set; }
    public string Site => node.Site;
    public bool ServesHttp { get; set; } = true;
    /// <summary>Real nodes behind this server; null: those of the world.</summary>
    public IWaltMachines? Machines { get; init; }

    /// <summary>Fills a server that was just set up.</summary>
    public void Initialize()
    {
        lock (world.Sync)
        {
            Images.AddInitial(world.Time.GetUtcNow());
            Devices.Add(new WaltDevice("walt-server", nic.Mac, "192.168.204.1", "server") { Image = "", Model = "" });
            foreach (WaltDevice device in WaltNetwork.CreateSwitches()) Devices.Add(device);
        }
    }

    /// <summary>Opens the ports. Every start gives new ones on this machine; the emulated ones are always the same.</summary>
    public void Start()
    {
        lock (world.Sync)
        {
            if (IsRunning) return;
            IsRunning = true;
            ReadFeatures();
            // Nodes that went away while nobody listened.
            foreach (WaltDevice device in Devices.Nodes.Where(d => Machines is null && d is { IsBooted: true, IsVirtual: false }))
            {
                if (MachineOf(device) is not { Power: NodePower.Up } machine || !NodeLife.IsWaltSystem(machine)) MarkDown(device, Disconnection);
            }
            Open(12345, (socket, stopped) => new RpcSession(this, new NetworkStream(socket, ownsSocket: true)).RunAsync(stopped));
            Open(12347, (socket, stopped) => StreamRequests.ServeAsync(this, new StreamConnection(socket), stopped));
            StartVirtualNodes();
            if (ServesHttp) Open(80, (socket, stopped) => new WaltHttp(this, socket).RunAsync(stopped));
        }
    }

    public void Stop()
    {
        lock (world.Sync)
        {
            if (!IsRunning) return;
            IsRunning = false;
            StopVirtualNodes();
            foreach ((string, int) endpoint in _endpoints) world.Endpoints.TryRemove(endpoint, out _);
            foreach (LoopbackService service in _services) service.Dispose();
            _endpoints.Clear();
            _services.Clear();
        }
    }

    public bool IsInUse(WaltImage image) => Devices.All.Any(d => d.Image == image.FullName);

    /// <summary>The machine behind a device, if there is one.</summary>
    public NodeModel? MachineOf(WaltDevice device)
    {
        lock (world.Sync)
        {
            if (_machines.Count == 0)
            {
                foreach (NodeModel machine in world.Nodes.Values.Where(n => n.MainNic is not null)) _machines[machine.MainNic!.Mac] = machine;
            }
            return _machines.GetValueOrDefault(device.Mac);
        }
    }

    /// <summary>Whether the machine's main NIC is in the server's VLAN.</summary>
    public bool Sees(NodeModel machine)
    {
        lock (world.Sync)
        {
            return machine.MainNic is NicModel main && world.FindVlan(machine.Site, machine.GetVlan(main.Device)) is VlanModel vlan && Serves(vlan);
        }
    }

    public bool Serves(VlanModel vlan) => IsRunning && world.FindVlan(node.Site, node.GetVlan(nic.Device)) == vlan;

    public BootOffer? Offer(NodeModel node, string mac)
    {
        if (Devices.ByMac(mac) is not WaltDevice device)
        {
            device = Devices.Register(WaltNames.VendorClassPrefix + WaltNames.Model, "", mac, "", Images.Default.Id);
            Log($"new device {device.Name} type={device.Type} mac={mac} ip={device.Ip}", WaltNames.DevicesStream);
        }
        return device.IsNode ? new BootOffer(device.RoutedImageId, Mounts.RootOf(device.RoutedImageId)) : null;
    }

    /// <summary>Whether it answers in the WalT network.</summary>
    public bool IsReachable(WaltDevice device)
    {
        lock (world.Sync) return !device.IsNode || PowerOf(device) == NodePower.Up;
    }

    public bool AllowsKexec(string mac) => Devices.ByMac(mac)?.Settings.GetValueOrDefault("kexec.allow") is not false;

    /// <summary>Mounts an image that was replaced for the nodes that boot it, and ends when it is in effect.</summary>
    public Task RemountAsync(WaltImage image)
    {
        lock (world.Sync) return ApplyRoutesAsync([.. Devices.All.Where(d => d.Image == image.FullName).Select(d => (d, ++d.RouteGeneration))],
            image, s_mount);
    }

    /// <summary>Tells nodes to boot an image from now on. It takes effect when it is mounted, unless another order comes before.</summary>
    public void Route(IReadOnlyList<WaltDevice> devices, WaltImage image)
    {
        List<(WaltDevice, int)> orders = [];
        foreach (WaltDevice device in devices)
        {
            device.Image = image.FullName;
            orders.Add((device, ++device.RouteGeneration));
        }
        TimeSpan delay = world.Faults.Take(FaultNames.WaltSlowMount)?.TryGetSeconds() ?? s_mount;
        _ = ApplyRoutesAsync(orders, image, delay);
    }

    async Task ApplyRoutesAsync(List<(WaltDevice Device, int Generation)> orders, WaltImage image, TimeSpan delay)
    {
        if (Machines is null) await Task.Delay(delay, world.Time, world.NodeLife.Closed).ConfigureAwait(false);
        lock (world.Sync)
        {
            WaltDevice[] due = [.. orders.Where(o => o.Device.RouteGeneration == o.Generation).Select(o => o.Device)];
            if (due.Length > 0) Mounts.Mount(image, world.Time.GetUtcNow());
            foreach (WaltDevice device in due)
            {
                device.RoutedImageId = image.Id;
                Machines?.Route(device, image.Id);
            }
            Mounts.Release(world.Time.GetUtcNow());
        }
        world.NotifyChanged();
    }

    void Open(int port, Func<Socket, CancellationToken, Task> serve)
    {
        LoopbackService service = new(serve, Machines?.Listen(port));
        _services.Add(service);
        _endpoints.Add((node.Name, port));
        world.Endpoints[(node.Name, port)] = service.EndPoint;
    }
}
