using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt.Devices;

/// <summary>Reads what a WalT server prints of its devices.</summary>
static partial class DeviceTexts
{
    [GeneratedRegex(@"^Querying (?<device>.+?)\s+(?<status>(OK|FAILED|FORBIDDEN|INVALID)\b.*)$")]
    private static partial Regex Scan { get; }

    [GeneratedRegex(@"^(?<number>\d+): name=""(?<name>[^""]*)"" poe=(?<poe>\S+) peer=(?<peer>.+)$")]
    private static partial Regex Port { get; }

    /// <summary>The devices of <c>device_show</c>.</summary>
    public static IReadOnlyList<WaltDeviceInfo> ReadDevices(string text) =>
    [
        .. PrintedTable.Read(text.Split('\n')).Where(r => r.ContainsKey("name") && r.ContainsKey("type")).Select(r =>
        {
            string[] type = r["type"].Split('(', 2);
            return new WaltDeviceInfo(r["name"])
            {
                Type = type[0].Trim(),
                Kind = type.Length > 1 ? type[1].TrimEnd(')') : "",
                Mac = r.GetValueOrDefault("mac", ""),
                Ip = r.GetValueOrDefault("ip", ""),
                NetSetup = r.GetValueOrDefault("netsetup", ""),
            };
        }),
    ];

    public static IReadOnlyList<WaltScanResult> ReadScan(IEnumerable<string> lines) =>
        [.. lines.Select(l => Scan.Match(l.Trim())).Where(m => m.Success)
        .Select(m => new WaltScanResult(NameOf(m.Groups["device"].Value), m.Groups["status"].Value))];

    public static IReadOnlyList<WaltSwitchPort> ReadPorts(string name, IEnumerable<string> lines) =>
    [
        .. lines.Select(l => Port.Match(l.Trim())).Where(m => m.Success)
        .Select(m => new WaltSwitchPort(name, int.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture))
        {
            Name = m.Groups["name"].Value,
            Poe = m.Groups["poe"].Value,
            Peer = m.Groups["peer"].Value is "unknown" ? "" : m.Groups["peer"].Value,
        }),
    ];

    static string NameOf(string queried) => queried == "walt server" ? WaltServer.ServerIssuer : queried;
}
