using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.Walt;

/// <summary>Where a device hangs: a port of a switch, and whether the last scan of that switch still saw it there.</summary>
internal sealed record WaltLink(string SwitchMac, int Port, bool IsConfirmed);

/// <summary>
/// The network behind a server, as its scans have found it: nothing is known before the first one. The main switch has the server on its first port
/// and the second switch on its last; nodes that are up take the ports between. Under the world's lock.
/// </summary>
internal sealed class WaltNetwork(WaltHost host)
{
    public const string MainSwitch = "switch-1", SecondSwitch = "switch-2";
    const int ServerPort = 1, UplinkPort = 24;
    public const int PortCount = 24;

    /// <summary>By the address of what hangs there.</summary>
    public Dictionary<string, WaltLink> Links { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The switches that a server is set up with: one that may be asked for its neighbours, and one that may not.</summary>
    public static IEnumerable<WaltDevice> CreateSwitches()
    {
        WaltDevice main = new(MainSwitch, "00:0d:b9:5e:00:01", "192.168.207.241", "switch") { Image = "", Model = "" };
        main.Settings["lldp.explore"] = true;
        main.Settings["snmp.version"] = 2;
        main.Settings["snmp.community"] = "private";
        return [main, new WaltDevice(SecondSwitch, "00:0d:b9:5e:00:02", "192.168.207.242", "switch") { Image = "", Model = "" }];
    }

    public static bool MayBeExplored(WaltDevice device) => device.Settings.GetValueOrDefault("lldp.explore") is true;

    /// <summary>Asks a device for its neighbours; gives what the server prints behind its name.</summary>
    public string Scan(WaltDevice device, Func<WaltDevice, bool> isUp)
    {
        switch (device.Type)
        {
            case "server":
                if (host.Devices.ByName(MainSwitch) is WaltDevice main) Links[device.Mac] = new WaltLink(main.Mac, ServerPort, true);
                return "OK";
            case "switch" when !MayBeExplored(device):
                return "FORBIDDEN (see: walt help show device-config)";
            case "switch":
                ScanSwitch(device, isUp);
                return "OK";
            default:
                return "INVALID (can only scan switches or the server)";
        }
    }

    void ScanSwitch(WaltDevice device, Func<WaltDevice, bool> isUp)
    {
        foreach ((string mac, WaltLink link) in Links.Where(l => l.Value.SwitchMac == device.Mac).ToArray())
            Links[mac] = link with { IsConfirmed = false };
        bool isMain = device.Name == MainSwitch;
        if (isMain && host.Devices.ByName("walt-server") is WaltDevice server) Links[server.Mac] = new WaltLink(device.Mac, ServerPort, true);
        if (isMain && host.Devices.ByName(SecondSwitch) is WaltDevice second) Links[second.Mac] = new WaltLink(device.Mac, UplinkPort, true);
        foreach (WaltDevice other in host.Devices.All.Where(d => d.Type is "node" or "unknown" && isUp(d)))
        {
            if (Links.TryGetValue(other.Mac, out WaltLink? known) && known.SwitchMac != device.Mac) continue;
            Links[other.Mac] = new WaltLink(device.Mac, known?.Port ?? FindFreePort(device), true);
        }
    }

    int FindFreePort(WaltDevice device)
    {
        HashSet<int> taken = [.. Links.Values.Where(l => l.SwitchMac == device.Mac).Select(l => l.Port), ServerPort, UplinkPort];
        return Enumerable.Range(1, int.MaxValue - 1).First(p => !taken.Contains(p));
    }

    public WaltDevice? PeerOf(WaltDevice device, int port) =>
        Links.Where(l => l.Value.SwitchMac == device.Mac && l.Value.Port == port).Select(l => host.Devices.ByMac(l.Key))
        .FirstOrDefault(d => d is not null);

    /// <summary>The tree that <c>walt device tree</c> shows, or why there is none.</summary>
    public string Draw(bool all)
    {
        WaltDevice? server = host.Devices.ByName("walt-server");
        if (server is null || !Links.TryGetValue(server.Mac, out WaltLink? link) || host.Devices.ByMac(link.SwitchMac) is not WaltDevice root)
            return "Sorry, topology is unknown. Ensure a switch is connected to server (on walt-net interface) and run \"walt device rescan\".\n";
        StringBuilder text = new("\n");
        text.Append(CultureInfo.InvariantCulture, $"-- {root.Name} --\n");
        DrawBelow(text, root, " ", all);
        text.Append("\nnotes:\n- this view comes from last network scan (use 'walt device rescan' to update)\n")
            .Append("- devices marked with parentheses were not detected at last scan\n\ntips:\n- use 'walt device show' for device details\n- use 'walt device rescan' to update\n");
        return text.ToString();
    }

    void DrawBelow(StringBuilder text, WaltDevice device, string prefix, bool all)
    {
        (WaltDevice Device, WaltLink Link)[] children =
        [
            .. Links.Where(l => l.Value.SwitchMac == device.Mac).OrderBy(l => l.Value.Port)
                .Select(l => (Device: host.Devices.ByMac(l.Key)!, Link: l.Value))
                .Where(c => c.Device is not null && (all || c.Device.Type != "unknown")),
        ];
        if (!all && device.Type == "switch" && CountNodes(device) == 0)
        {
            text.Append(prefix).Append("└─[...] ~> ").Append(MayBeExplored(device) ? "no nodes there" : "forbidden (cf. walt device config)")
                .Append('\n');
            return;
        }
        for (int i = 0; i < children.Length; i++)
        {
            (WaltDevice child, WaltLink link) = children[i];
            bool isLast = i == children.Length - 1;
            string port = device.PortNames.GetValueOrDefault(link.Port, link.Port.ToString(CultureInfo.InvariantCulture));
            string label = child.Type switch { "switch" => $"-- {child.Name} --", "unknown" => $"<? {child.Name} ?>", _ => child.Name };
            text.Append(prefix).Append(isLast ? '└' : '├').Append('─').Append(port).Append(": ").Append(link.IsConfirmed ? label : $"({label})")
                .Append('\n');
            if (child.Type == "switch") DrawBelow(text, child, prefix + (isLast ? ' ' : '│') + new string(' ', port.Length + 3), all);
        }
    }

    int CountNodes(WaltDevice device) => Links.Where(l => l.Value.SwitchMac == device.Mac).Select(l => host.Devices.ByMac(l.Key))
        .Sum(d => d switch { { IsNode: true } => 1, { Type: "switch" } => CountNodes(d), _ => 0 });
}
