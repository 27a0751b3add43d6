using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Walt;

/// <summary>The settings of devices: for which of them each is, its default, and what the server complains about.</summary>
internal static partial class WaltSettings
{
    const int ShortestBootTimeout = 60;

    [GeneratedRegex(@"^\d+[MG]$")]
    private static partial Regex Memory { get; }

    [GeneratedRegex(@"^\d+:\d+(,\d+:\d+)*$")]
    private static partial Regex Redirects { get; }

    /// <param name="Default">Null: unspecified.</param>
    /// <param name="Complaint">Null for a value that is right; gets the value and all values of the call.</param>
    sealed record Setting(string Category, object? Default, bool NeedsReboot, Func<string, object> Read,
        Func<string, IReadOnlyList<WaltDevice>, IReadOnlyDictionary<string, string>, string?> Complaint);

    static readonly SortedDictionary<string, Setting> s_all = new(StringComparer.Ordinal)
    {
        ["boot.delay"] = new("virtual-nodes", "random", true, v => v,
            (v, _, _) => v == "random" || IsInteger(v) ? null : $"Failed: '{v}' is not a valid value for option 'boot.delay'."),
        ["boot.retries"] = new("nodes", 9, false, v => Number(v),
        (v, _, _) => IsInteger(v) ? null : "Failed: setting 'boot.retries' should be a positive integer."),
        ["boot.timeout"] = new("nodes", 180, false, v => v == "none" ? v : (object)Number(v), (v, _, _) => CheckTimeout(v)),
        ["cpu.cores"] = new("virtual-nodes", 4, true, v => Number(v),
        (v, _, _) => IsInteger(v) ? null : $"Failed: '{v}' is not a valid value for cpu.cores (expecting for instance 1 or 4)."),
        ["disks"] = new("virtual-nodes", "none", true, v => v, (_, _, _) => null),
        ["expose"] = new("walt-net-devices", "none", false, v => v, CheckExpose),
        ["kexec.allow"] = new("nodes", true, false, v => Flag(v), (v, _, _) => CheckFlag("kexec.allow", v)),
        ["lldp.explore"] = new("switches", false, false, v => Flag(v), CheckExplore),
        ["mount.persist"] = new("nodes", true, true, v => Flag(v), (v, _, _) => CheckFlag("mount.persist", v)),
        ["netsetup"] = new("walt-net-devices", "LAN", true, v => v,
        (v, _, _) => v is "LAN" or "NAT" ? null : "Failed: netsetup value should be 'NAT' or 'LAN'."),
        ["networks"] = new("virtual-nodes", "walt-net", true, v => v, (_, _, _) => null),
        ["poe.reboots"] = new("switches", false, false, v => Flag(v), CheckPoe),
        ["ram"] = new("virtual-nodes", "512M", true, v => v,
        (v, _, _) => Memory.IsMatch(v) ? null : $"Failed: '{v}' is not a valid value for ram (expecting for instance 512M or 1G)."),
        ["snmp.community"] = new("switches", null, false, v => v, (_, _, _) => null),
        ["snmp.version"] = new("switches", null, false, v => Number(v),
        (v, _, _) => v is "1" or "2" ? null : "Failed: value of setting 'snmp.version' should be '1' or '2'."),
        ["type"] = new("unknown-devices", "unknown", false, v => v,
        (v, _, _) => v == "switch" ? null : "Failed: setting 'type' only allows value 'switch'."),
    };

    public static bool NeedsReboot(string name) => s_all[name].NeedsReboot;

    public static object Read(string name, string text) => s_all[name].Read(text);

    /// <summary>The settings that a device has, defaults included; null for one that was never specified.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Of(WaltDevice device) =>
        s_all.Where(s => AppliesTo(s.Value.Category, device))
        .Select(s => KeyValuePair.Create(s.Key, device.Settings.GetValueOrDefault(s.Key) ?? s.Value.Default));

    /// <summary>The narrowest kind of device that the server tells apart.</summary>
    public static string CategoryOf(WaltDevice device) =>
        device.Type switch { "server" => "server", "node" => device.IsVirtual ? "virtual-nodes" : "nodes", "switch" => "switches",
        _ => "unknown-devices" };

    public static string Show(object? value) =>
        value switch { null => "<unspecified>", bool flag => flag ? "true" : "false", _ => Convert.ToString(value, CultureInfo.InvariantCulture)! };

    /// <summary>What the server says against a setting; null where it is right.</summary>
    public static string? Complain(string name, IReadOnlyDictionary<string, string> all, IReadOnlyList<WaltDevice> devices)
    {
        if (!s_all.TryGetValue(name, out Setting? setting)) return $"Unknown setting '{name}'. See: 'walt help show device-config'";
        bool becomesSwitch = setting.Category == "switches" && all.GetValueOrDefault("type") == "switch";
        WaltDevice[] others = becomesSwitch ? [] : [.. devices.Where(d => !AppliesTo(setting.Category, d))];
        return others.Length > 0 ? ComplainOf(setting.Category, name, others) : setting.Complaint(all[name], devices, all);
    }

    static bool AppliesTo(string category, WaltDevice device) => category switch
    {
        "nodes" => device.IsNode,
        "virtual-nodes" => device is { IsNode: true, IsVirtual: true },
        "switches" => device.Type == "switch",
        "unknown-devices" => device.Type == "unknown",
        "walt-net-devices" => device.Type != "server",
        _ => false,
    };

    static string ComplainOf(string category, string name, WaltDevice[] others)
    {
        string subject = others.Length == 1 ? "Device " + others[0].Name
            : $"Devices {string.Join(", ", others[..^1].Select(d => d.Name))} and {others[^1].Name}";
        bool one = others.Length == 1;
        return category switch
        {
            "nodes" => $"Failed: {subject} {(one ? "is not a node" : "are not nodes")}, so {(one ? "it does" : "they do")} not support the '{name}' setting.",
            "switches" => $"Failed: {subject} {(one ? "is not a switch" : "are not switches")}, so '{name}' setting cannot be applied.",
            "unknown-devices" => $"Failed: setting '{name}' can only be applied to unknown devices.",
            "walt-net-devices" => $"Failed: {others[0].Name} is the WALT server.",
            _ => $"Failed: {(one ? "Node" : "Nodes")} {subject.Split(' ', 2)[1]} {(one ? "is" : "are")} not virtual, so '{name}' setting is not supported.",
        };
    }

    static string? CheckFlag(string name, string value) =>
        value.ToLowerInvariant() is "true" or "false" ? null : $"Failed: setting '{name}' only allows values 'true' or 'false'.";

    static string? CheckTimeout(string value)
    {
        if (value == "none") return null;
        if (!IsInteger(value)) return "Failed: setting 'boot.timeout' should be an integer or 'none'.";
        return Number(value) >= ShortestBootTimeout ? null : $"Failed: A boot timeout of {value}s is probably too small";
    }

    static string? CheckExpose(string value, IReadOnlyList<WaltDevice> devices, IReadOnlyDictionary<string, string> all)
    {
        if (devices.Count > 1) return "Failed: cannot expose the same server port for several devices.";
        return value == "none" || Redirects.IsMatch(value) ? null : "Failed: invalid value for setting 'expose'.";
    }

    static string? CheckExplore(string value, IReadOnlyList<WaltDevice> devices, IReadOnlyDictionary<string, string> all)
    {
        if (CheckFlag("lldp.explore", value) is string complaint) return complaint;
        bool Has(string name) => all.ContainsKey(name) || devices.All(d => d.Settings.ContainsKey(name));
        return !value.Equals("true", StringComparison.OrdinalIgnoreCase) || (Has("snmp.version") && Has("snmp.community")) ? null
            : "Failed: cannot set 'lldp.explore' to true unless 'snmp.version' and 'snmp.community' are defined too.";
    }

    static string? CheckPoe(string value, IReadOnlyList<WaltDevice> devices, IReadOnlyDictionary<string, string> all)
    {
        if (CheckFlag("poe.reboots", value) is string complaint) return complaint;
        bool isExplored = all.TryGetValue("lldp.explore", out string? explore)
            ? explore.Equals("true", StringComparison.OrdinalIgnoreCase)
            : devices.All(WaltNetwork.MayBeExplored);
        return !value.Equals("true", StringComparison.OrdinalIgnoreCase) || isExplored
            ? null
            : "Failed: cannot set 'poe.reboots' to true unless 'lldp.explore' is set to true too.";
    }

    static bool Flag(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);

    static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static bool IsInteger(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
