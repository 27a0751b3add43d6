using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt.Settings;

/// <summary>The settings of WalT 10.</summary>
static partial class SettingTable
{
    const int ShortestBootTimeout = 60;

    [GeneratedRegex(@"^\d+(:\d+)?(,\d+(:\d+)?)*$")]
    private static partial Regex Ports { get; }

    [GeneratedRegex(@"^\d+[MG]$")]
    private static partial Regex Memory { get; }

    [GeneratedRegex(@"^\d+[MGT](\[[a-z=,-]*\])?(,\d+[MGT](\[[a-z=,-]*\])?)*$")]
    private static partial Regex Disks { get; }

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9-]*(\[[^\[\]]*\])?(,[a-zA-Z][a-zA-Z0-9-]*(\[[^\[\]]*\])?)*$")]
    private static partial Regex Networks { get; }

    public static IReadOnlyList<WaltSetting> All { get; } =
    [
        new("boot.delay", WaltSettingScope.VirtualNodes, "a number of seconds, or random", "random", true, v => v == "random" ? v : Integer(v, 0)),
        new("boot.retries", WaltSettingScope.Nodes, "a number from 0 on", "9", false, v => Integer(v, 0)),
        new("boot.timeout", WaltSettingScope.Nodes, "a number of seconds from 60 on, or none", "180", false,
        v => v == "none" ? v : Integer(v, ShortestBootTimeout)),
        new("cpu.cores", WaltSettingScope.VirtualNodes, "a number from 1 on", "4", true, v => Integer(v, 1)),
        new("disks", WaltSettingScope.VirtualNodes, "sizes such as 8G or 32G,1T, or none", "none", true,
        v => v == "none" || Disks.IsMatch(v) ? v : null),
        new("expose", WaltSettingScope.NetworkDevices, "80:8080 (a port of the device and one of the server), several with commas, or none", "none",
        false, v => v == "none" ? v : CheckPorts(v)),
        new("kexec.allow", WaltSettingScope.Nodes, "true or false", "true", false, Flag),
        new("lldp.explore", WaltSettingScope.Switches, "true or false", "false", false, Flag),
        new("mount.persist", WaltSettingScope.Nodes, "true or false", "true", true, Flag),
        new("netsetup", WaltSettingScope.NetworkDevices, "LAN or NAT", "LAN", true,
        v => v.ToUpperInvariant() is "LAN" or "NAT" ? v.ToUpperInvariant() : null),
        new("networks", WaltSettingScope.VirtualNodes, "names of networks such as walt-net,home-net", "walt-net", true,
        v => Networks.IsMatch(v) ? v : null),
        new("poe.reboots", WaltSettingScope.Switches, "true or false", "false", false, Flag),
        new("ram", WaltSettingScope.VirtualNodes, "a size such as 512M or 2G", "512M", true, v => Memory.IsMatch(v) ? v : null),
        new("snmp.community", WaltSettingScope.Switches, "private, public or another community of the switch", "", false,
        v => v.Length > 0 ? v : null),
        new("snmp.version", WaltSettingScope.Switches, "1 or 2", "", false, v => v is "1" or "2" ? v : null),
        new("type", WaltSettingScope.UnknownDevices, "switch", "", false, v => v == "switch" ? v : null),
    ];

    static string? Flag(string value) => value.ToLowerInvariant() is "true" or "false" ? value.ToLowerInvariant() : null;

    static string? Integer(string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
        ? number.ToString(CultureInfo.InvariantCulture) : null;

    static string? CheckPorts(string value) =>
        Ports.IsMatch(value) && value.Split(':', ',').All(p => p.Length < 6 && int.Parse(p, CultureInfo.InvariantCulture) is > 0 and <= 65535)
        ? value
        : null;
}
