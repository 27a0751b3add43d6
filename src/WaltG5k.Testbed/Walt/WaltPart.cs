using System.Text.Json.Nodes;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.Walt;

/// <summary>The WalT servers of the testbed: each lives on a node on which it was set up, starts with it and stops with it.</summary>
public sealed class WaltPart : ITestbedPart
{
    readonly TestbedWorld _world;
    readonly Dictionary<NodeModel, WaltHost> _hosts = [];
    readonly HashSet<WaltHost> _startAtLoad = [];

    public WaltPart(TestbedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        world.Add(new SshCommand(this));
        world.Add(new ScpCommand());
        world.NodeLife.CameUp += StartServer;
        world.NodeLife.WentDown += StopServer;
    }

    public string Name => "walt";

    public JsonNode? Save() => new JsonArray([.. _hosts.Values.Select(WaltHostState.Save)]);

    public void Load(JsonNode state)
    {
        foreach (JsonNode? saved in state.AsArray())
        {
            if (WaltHostState.Load(_world, saved!) is not WaltHost host) continue;
            Add(host);
            if (saved!["isRunning"]!.GetValue<bool>()) _startAtLoad.Add(host);
        }
    }

    public void Start()
    {
        foreach (WaltHost host in _startAtLoad) host.Start();
        _startAtLoad.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _world.NodeLife.CameUp -= StartServer;
        _world.NodeLife.WentDown -= StopServer;
        foreach (WaltHost host in _hosts.Values) host.Stop();
        return ValueTask.CompletedTask;
    }

    internal WaltHost? Find(NodeModel node)
    {
        lock (_world.Sync) return _hosts.GetValueOrDefault(node);
    }

    /// <summary>The server of a device.</summary>
    internal WaltHost? Find(WaltDevice device)
    {
        lock (_world.Sync) return _hosts.Values.FirstOrDefault(h => h.Devices.ByMac(device.Mac) == device);
    }

    /// <summary>
    /// Makes a node a WalT server whose nodes are behind that NIC, and starts it. A server that is there already keeps what it knows.
    /// </summary>
    internal WaltHost SetUp(NodeModel node, NicModel nic)
    {
        WaltHost host;
        lock (_world.Sync)
        {
            if (_hosts.TryGetValue(node, out WaltHost? present) && present.Nic == nic) host = present;
            else
            {
                Forget(node);
                host = new WaltHost(_world, node, nic);
                host.Initialize();
                Add(host);
            }
        }
        host.Start();
        _world.NotifyChanged();
        return host;
    }

    void Add(WaltHost host)
    {
        lock (_world.Sync) _hosts[host.Node] = host;
        _world.NodeLife.Add(host);
    }

    void Forget(NodeModel node)
    {
        if (!_hosts.Remove(node, out WaltHost? host)) return;
        host.Stop();
        _world.NodeLife.Remove(host);
    }

    void StartServer(NodeModel node)
    {
        WaltHost? host;
        lock (_world.Sync)
        {
            // Another system on the disk: the server went with the one before.
            if (_hosts.ContainsKey(node) && !WaltSetup.IsInstalled(_world.NodeLife.DiskOf(node))) Forget(node);
            host = _hosts.GetValueOrDefault(node);
        }
        host?.Start();
    }

    void StopServer(NodeModel node)
    {
        List<WaltHost> others;
        WaltHost? own;
        lock (_world.Sync)
        {
            own = _hosts.GetValueOrDefault(node);
            others = [.. _hosts.Values];
        }
        if (own is { IsRunning: true })
        {
            foreach (NodeModel machine in own.FindBootedMachines()) _world.NodeLife.NotifyServerLost(machine);
            own.Stop();
        }
        foreach (WaltHost host in others) host.NoticeLoss(node);
    }
}
