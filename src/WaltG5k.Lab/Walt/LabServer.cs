using WaltG5k.Core.Walt;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Lab.Walt;

/// <summary>The testbed's emulated WalT server with the lab's nodes, images and sockets behind it, on the real clock.</summary>
sealed class LabServer
{
    readonly WaltHost _host;

    /// <exception cref="Core.G5kException"><c>LabPortTaken</c>.</exception>
    public LabServer(IReadOnlyList<LabImage> images, int nodeCount, BootFolders files, IWaltMachines machines)
    {
        TestbedWorld world = new() { Time = TimeProvider.System, User = WaltServer.DefaultUser };
        NicModel nic = new("eth0", LabNetwork.ServerAdapter, "tun", 1, Mounted: true, Mountable: true, Enabled: true, Kavlan: true, "E",
            "52:54:00:cc:01:01");
        _host = new WaltHost(world, new NodeModel(new ClusterModel("lab", "server"), 1) { Nics = [nic] }, nic) { Machines = machines };
        _host.Devices.Add(new WaltDevice("walt-server", nic.Mac, LabNetwork.Server.ToString(), "server") { Image = "", Model = "" });
        foreach (LabImage image in images) _host.Images.Add(Describe($"{WaltServer.DefaultUser}/{image.Name}:latest", image));
        _host.Images.Add(Describe(WaltNames.DefaultImage, images[0]));
        for (int i = 0; i < nodeCount; i++)
        {
            WaltDevice node = new(LabNetwork.GetNodeName(i), LabNetwork.GetMac(i), LabNetwork.GetIp(i), "node") { RoutedImageId = images[0].Id };
            _host.Devices.Add(node);
            files.Route(node.Name, node.Ip, node.RoutedImageId);
        }
        _host.Start();
    }

    public bool IsRunning => _host.IsRunning;

    public bool? IsBooted(string node)
    {
        lock (_host.World.Sync) return _host.Devices.ByName(node)?.IsBooted;
    }

    public string? GetImage(string node)
    {
        lock (_host.World.Sync) return _host.Devices.ByName(node) is { } device ? _host.Images.Find(device.Image)?.Name : null;
    }

    public void MarkDown(string node, string why)
    {
        lock (_host.World.Sync) if (_host.Devices.ByName(node) is { } device) _host.MarkDown(device, why);
    }

    public void Stop() => _host.Stop();

    static WaltImage Describe(string fullName, LabImage image) => new(fullName, image.Id, image.Created, [WaltNames.Model]);
}
