using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Core.Walt.Settings;

/// <summary>New values of settings, each checked.</summary>
public sealed class SettingChange
{
    readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <param name="values">By name; a value may be text, a number, or a flag.</param>
    /// <exception cref="G5kException"><c>SettingUnknown</c>, <c>SettingInvalid</c>.</exception>
    public SettingChange(IEnumerable<KeyValuePair<string, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach ((string name, object? value) in values)
        {
            WaltSetting setting = WaltSetting.Get(name);
            _values[setting.Name] = setting.Check(value);
        }
    }

    public IReadOnlyDictionary<string, string> Values => _values;

    public bool NeedsReboot => _values.Keys.Any(n => WaltSetting.Get(n).NeedsReboot);

    /// <summary>As <c>set_device_config</c> takes them.</summary>
    internal IEnumerable<string> Assignments => _values.Select(v => $"{v.Key}={v.Value}");

    /// <summary>Whether a device could have these values, together with those that it has.</summary>
    /// <exception cref="G5kException"><c>SettingNotApplicable</c>, <c>SettingIncomplete</c>.</exception>
    public void CheckFor(WaltDeviceInfo device, WaltDeviceConfiguration present)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(present);
        // A device that becomes a switch may get a switch's settings at once.
        bool becomesSwitch = _values.ContainsKey("type");
        foreach (WaltSetting setting in _values.Keys.Select(WaltSetting.Get))
        {
            if (!setting.AppliesTo(device.Type, device.Kind == "virtual") && !(becomesSwitch && setting.Scope == WaltSettingScope.Switches))
            {
                throw new G5kException("SettingNotApplicable", ErrorKind.InvalidArgument,
                    $"The setting {setting.Name} is for {setting.ScopeText}; {device.Name} is {Describe(device)}.", device.Name,
                    $"Get-WaltDeviceConfiguration {device.Name}");
            }
        }
        string Effective(string name) => _values.TryGetValue(name, out string? value) ? value : present.Settings.GetValueOrDefault(name, "");
        if (_values.GetValueOrDefault("lldp.explore") == "true" && (Effective("snmp.version").Length == 0 || Effective("snmp.community").Length == 0))
            throw Incomplete(device, "lldp.explore", "snmp.version and snmp.community are needed too", "snmp.version=2, snmp.community=private");
        if (_values.GetValueOrDefault("poe.reboots") == "true" && Effective("lldp.explore") != "true")
            throw Incomplete(device, "poe.reboots", "lldp.explore has to be true too", "lldp.explore=true");
    }

    /// <exception cref="G5kException"><c>SettingForOneDevice</c>.</exception>
    public void CheckCount(int devices)
    {
        if (devices > 1 && _values.Keys.FirstOrDefault(n => WaltSetting.Get(n).IsForOne) is { } single)
        {
            throw new G5kException("SettingForOneDevice", ErrorKind.InvalidArgument,
                $"The setting {single} cannot be the same for several devices: a port of the server leads to one of them.", single,
                "Give it to one device at a time.");
        }
    }

    static string Describe(WaltDeviceInfo device) => device.Type switch
    {
        "server" => "the server",
        "unknown" => "of unknown type",
        "node" when device.Kind.Length > 0 => $"a {device.Kind} node",
        _ => $"a {device.Type}",
    };

    static G5kException Incomplete(WaltDeviceInfo device, string setting, string why, string with) =>
        new("SettingIncomplete", ErrorKind.InvalidArgument,
        $"The setting {setting} of {device.Name} cannot be true: {why}.", device.Name,
        $"Set-WaltDeviceConfiguration {device.Name} {setting}=true, {with}");
}
