using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Core.Walt.Settings;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>The settings of devices that are known to exist: of other names the server would never tell.</summary>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>.</exception>
    public async Task<IReadOnlyList<WaltDeviceConfiguration>> GetDeviceConfigurationsAsync(IReadOnlyList<string> devices,
        CancellationToken cancellationToken = default)
    {
        if (devices.Count == 0) return [];
        string set = string.Join(',', devices);
        // A wrong set gets no reply at all from get_device_config_data: whether it is right is asked first.
        IReadOnlyList<string> names = await GetDeviceNamesAsync(set, cancellationToken).ConfigureAwait(false);
        RpcResult result = await CallAsync(new RpcCall("get_device_config_data", string.Join(',', names)), cancellationToken).ConfigureAwait(false);
        return result.Value is PythonSequence items ? [.. items.Items.OfType<PythonDict>().Select(ReadConfiguration)]
            : throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
            $"The WalT server {Host} answered get_device_config_data with {result.Value}.", Host, "Is it WalT 10?");
    }

    /// <summary>Changes settings of devices; everything is checked before anything is sent.</summary>
    /// <returns>Whether the devices have to be rebooted to see it.</returns>
    /// <exception cref="G5kException">
    /// <c>WaltDeviceNotFound</c>, <c>SettingNotApplicable</c>, <c>SettingIncomplete</c>, <c>SettingForOneDevice</c>; <c>SettingRefused</c>: the
    /// server's own reason.
    /// </exception>
    public async Task<bool> SetDeviceConfigurationAsync(IReadOnlyList<string> devices, SettingChange change,
        CancellationToken cancellationToken = default)
    {
        if (devices.Count == 0 || change.Values.Count == 0) return false;
        await CheckSettingsAsync(devices, change, cancellationToken).ConfigureAwait(false);
        string set = string.Join(',', devices);
        RpcResult result = await CallAsync(new RpcCall("set_device_config", set, PythonLiteral.Strings(change.Assignments)), cancellationToken)
            .ConfigureAwait(false);
        if (result.Output.FirstOrDefault(l => l.StartsWith("Done.", StringComparison.Ordinal)) is { } done)
            return done.Contains("Reboot", StringComparison.Ordinal);
        throw new G5kException("SettingRefused", ErrorKind.InvalidArgument,
            $"The WalT server {Host} did not change the settings of {set}: {result.Reason}", set, $"Get-WaltDeviceConfiguration {set}");
    }

    /// <summary>All that <see cref="SetDeviceConfigurationAsync"/> checks, without a change.</summary>
    public async Task CheckSettingsAsync(IReadOnlyList<string> devices, SettingChange change, CancellationToken cancellationToken = default)
    {
        change.CheckCount(devices.Count);
        Dictionary<string, WaltDeviceInfo> known = (await GetDevicesAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(d => d.Name, StringComparer.Ordinal);
        if (devices.FirstOrDefault(d => !known.ContainsKey(d)) is { } unknown)
            throw new G5kException("WaltDeviceNotFound", ErrorKind.ObjectNotFound, $"The WalT server {Host} knows no device '{unknown}'.", unknown,
                "Get-WaltDevice");
        Dictionary<string, WaltDeviceConfiguration> present =
            (await GetDeviceConfigurationsAsync(devices, cancellationToken).ConfigureAwait(false)).ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (string name in devices) change.CheckFor(known[name], present.GetValueOrDefault(name) ?? new WaltDeviceConfiguration(name));
    }

    static WaltDeviceConfiguration ReadConfiguration(PythonDict dict) => new(dict["name"]?.AsString() ?? "")
    {
        Category = dict["main_category"]?.AsString() ?? "",
        Settings = dict["settings"] is PythonDict settings
            ? settings.Entries.Where(e => e.Key is PythonString)
            .ToDictionary(e => e.Key.AsString()!, e => ReadSetting(e.Key.AsString()!, e.Value), StringComparer.Ordinal)
            : [],
    };

    static string ReadSetting(string name, PythonLiteral value) => value switch
    {
        PythonNone => "",
        // Kept as a number on the server.
        PythonInteger number when name == "netsetup" => number.Value.IsZero ? "LAN" : "NAT",
        PythonBoolean flag => flag.Value ? "true" : "false",
        PythonString text => text.Value,
        _ => value.ToString(),
    };
}
