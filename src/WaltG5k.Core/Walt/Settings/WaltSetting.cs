namespace WaltG5k.Core.Walt.Settings;

/// <summary>The kinds of device that a setting is for, in the server's words where it names one (<c>main_category</c>).</summary>
public enum WaltSettingScope
{
    /// <summary>Nodes and other devices of the WalT network, the server excepted.</summary>
    NetworkDevices,
    Nodes,
    VirtualNodes,
    Switches,
    UnknownDevices,
}

/// <summary>A setting of nodes and other devices: what it takes, and for which of them. Checked here before anything is sent.</summary>
public sealed class WaltSetting
{
    readonly Func<string, string?> _normalize;

    /// <param name="normalize">The value as the server takes it, or null for one that it would refuse.</param>
    internal WaltSetting(string name, WaltSettingScope scope, string values, string defaultValue, bool needsReboot, Func<string, string?> normalize)
    {
        Name = name;
        Scope = scope;
        Values = values;
        DefaultValue = defaultValue;
        NeedsReboot = needsReboot;
        _normalize = normalize;
    }

    /// <summary>Such as <c>kexec.allow</c>.</summary>
    public string Name { get; }
    public WaltSettingScope Scope { get; }
    /// <summary>What it takes, in words.</summary>
    public string Values { get; }
    /// <summary>Empty: none.</summary>
    public string DefaultValue { get; }
    /// <summary>Whether a node sees a change only at its next boot.</summary>
    public bool NeedsReboot { get; }
    /// <summary>Whether it can be given to one device only at a time.</summary>
    public bool IsForOne => Name == "expose";

    /// <summary>All settings of WalT 10, by name.</summary>
    public static IReadOnlyList<WaltSetting> All => SettingTable.All;

    /// <exception cref="G5kException"><c>SettingUnknown</c>.</exception>
    public static WaltSetting Get(string name) => All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new G5kException("SettingUnknown", ErrorKind.InvalidArgument, $"WalT has no setting '{name}'.", name,
            Suggestions.Near(name, All.Select(s => s.Name)) is { Count: > 0 } near
            ? $"Did you mean {string.Join(" or ", near)}?"
            : $"The settings are {string.Join(", ", All.Select(s => s.Name))}.");

    /// <summary>The value as the server takes it.</summary>
    /// <param name="value">Text, a number, or a flag.</param>
    /// <exception cref="G5kException"><c>SettingInvalid</c>.</exception>
    public string Check(object? value)
    {
        string text = value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!.Trim(),
        };
        return _normalize(text) ?? throw new G5kException("SettingInvalid", ErrorKind.InvalidArgument,
            $"'{text}' is no value of the setting {Name}: it takes {Values}.", Name,
            $"Set-WaltDeviceConfiguration NAME {Name}={Example}");
    }

    /// <summary>Whether it is for a device of that kind.</summary>
    /// <param name="type">As <see cref="Devices.WaltDeviceInfo.Type"/>.</param>
    public bool AppliesTo(string type, bool isVirtual) => Scope switch
    {
        WaltSettingScope.NetworkDevices => type != "server",
        WaltSettingScope.Nodes => type == "node",
        WaltSettingScope.VirtualNodes => type == "node" && isVirtual,
        WaltSettingScope.Switches => type == "switch",
        _ => type == "unknown",
    };

    /// <summary>The devices that it is for, in words.</summary>
    public string ScopeText => Scope switch
    {
        WaltSettingScope.NetworkDevices => "devices of the WalT network",
        WaltSettingScope.Nodes => "nodes",
        WaltSettingScope.VirtualNodes => "virtual nodes",
        WaltSettingScope.Switches => "switches",
        _ => "devices of unknown type",
    };

    public override string ToString() => Name;

    string Example => DefaultValue.Length > 0 && DefaultValue != "none" ? DefaultValue : Values.Split(' ', ',')[0];
}
