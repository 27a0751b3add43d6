using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Walt;

/// <summary>Virtual nodes: machines that the server runs itself, and which boot in seconds.</summary>
internal sealed partial class WaltHost
{
    /// <summary>From the start of the virtual machine to the boot notification.</summary>
    static readonly TimeSpan s_virtualBoot = TimeSpan.FromSeconds(18);

    const string ConsoleStream = "virtualconsole";

    /// <summary>Whether the machine's processor lends itself to virtual machines.</summary>
    public bool HasHypervisor => !world.Faults.Strikes(FaultNames.WaltNoHypervisor);

    /// <summary>Adds a virtual node to the devices and starts it.</summary>
    public WaltDevice CreateVirtualNode(string name, WaltImage image)
    {
        WaltDevice device = new(name, $"52:54:00:{Devices.All.Count(d => d.IsVirtual) + 1:x2}:{image.Id[..2]}:{image.Id[2..4]}",
            Devices.NextAddress(), "node")
        {
            IsVirtual = true,
            Image = image.FullName,
            RoutedImageId = image.Id,
        };
        Devices.Add(device);
        Log($"new node {name} type=node model={device.Model} mac={device.Mac} ip={device.Ip}", WaltNames.DevicesStream);
        StartVirtualNode(device);
        return device;
    }

    /// <summary>Starts the virtual machine, or starts it anew.</summary>
    public void StartVirtualNode(WaltDevice device)
    {
        lock (world.Sync)
        {
            MarkDown(device, "cause: virtual machine started");
            _ = BootVirtualNodeAsync(device, ++device.ConnectionGeneration);
        }
    }

    public void TypeOnConsole(WaltDevice device, string text)
    {
        // The kernel echoes what is typed; the shell behind it answers.
        Log(text.TrimEnd('\r', '\n'), ConsoleStream, device.Name);
        if (text.EndsWith('\n') || text.EndsWith('\r')) Log($"root@{device.Name}:~# ", ConsoleStream, device.Name);
    }

    void StartVirtualNodes()
    {
        foreach (WaltDevice device in Devices.Nodes.Where(d => d.IsVirtual)) StartVirtualNode(device);
    }

    void StopVirtualNodes()
    {
        foreach (WaltDevice device in Devices.Nodes.Where(d => d.IsVirtual)) MarkDown(device, Disconnection);
    }

    async Task BootVirtualNodeAsync(WaltDevice device, int generation)
    {
        string image = device.RoutedImageId;
        await Task.Delay(s_virtualBoot * world.Faults.Jitter(), world.Time, world.NodeLife.Closed).ConfigureAwait(false);
        lock (world.Sync)
        {
            // Stopped, removed or started again meanwhile.
            if (device.ConnectionGeneration != generation || !IsRunning || Devices.ByMac(device.Mac) != device) return;
            (device.BootedImageId, device.KernelStart) = (image, world.Time.GetUtcNow() - s_virtualBoot);
            Log("Booting the kernel.", ConsoleStream, device.Name);
            Log($"{device.Name} login: root (automatic login)", ConsoleStream, device.Name);
            MarkBooted(device);
        }
        world.NotifyChanged();
    }
}
