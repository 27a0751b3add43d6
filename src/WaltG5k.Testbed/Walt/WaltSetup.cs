using System.Text.Json;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

/// <summary><c>walt-server-setup</c>: reads the server's configuration and starts the server.</summary>
internal static class WaltSetup
{
    public const string ConfigurationFile = "/etc/walt/server.conf";
    /// <summary>Left by a set-up that succeeded.</summary>
    public const string MarkerFile = "/var/lib/walt/.setup-done";

    static readonly TimeSpan s_duration = TimeSpan.FromSeconds(45);

    public static bool IsInstalled(NodeDisk disk) => disk.Files.ContainsKey(MarkerFile);

    /// <summary>Null on success, else what it complains about.</summary>
    public static async Task<string?> RunAsync(TestbedWorld world, WaltPart part, NodeModel node, CancellationToken interrupted)
    {
        string? text;
        lock (world.Sync) text = world.NodeLife.DiskOf(node).Files.GetValueOrDefault(ConfigurationFile);
        if (text is null) return $"{ConfigurationFile}: no such file; run walt-server-setup on a terminal to edit the network configuration.";
        if (!TryReadDevice(text, out string device, out string error)) return error;
        if (node.Nics.FirstOrDefault(n => n.Name == device || n.Device == device) is not NicModel nic)
            return $"{ConfigurationFile}: raw-device '{device}' does not exist.";
        if (nic.Mounted) return $"{ConfigurationFile}: raw-device '{device}' already carries the default route of this machine.";

        await Task.Delay(s_duration * world.Faults.Jitter(), world.Time, interrupted).ConfigureAwait(false);
        if (world.Faults.Strikes(FaultNames.WaltSetupFails, NodeLife.NamesOf(node)))
            return "Failed to pull docker image 'waltplatform/pc-x86-64-default': i/o timeout";
        lock (world.Sync) world.NodeLife.DiskOf(node).Files[MarkerFile] = "";
        part.SetUp(node, nic);
        return null;
    }

    static bool TryReadDevice(string text, out string device, out string error)
    {
        device = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement network = document.RootElement.GetProperty("network").GetProperty("walt-net");
            device = network.GetProperty("raw-device").GetString() ?? "";
            bool hasAddress = network.GetProperty("ip").GetString()?.Contains('/', StringComparison.Ordinal) == true;
            error = hasAddress ? "" : $"{ConfigurationFile}: 'ip' should be given as address/prefix.";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            error = $"{ConfigurationFile}: invalid configuration: {e.Message}";
        }
        return error.Length == 0;
    }
}
