using System.Globalization;

namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    static Dictionary<string, RpcMethod> DeviceMethods() => new(StringComparer.Ordinal)
    {
        ["get_device_ip"] = call => WithDevice(call, d => d.Ip),
        ["get_device_info"] = call => WithDevice(call, d => Describe(call.Host, d)),
        ["parse_set_of_devices"] = async call => await ParseAllowedDevicesAsync(call).ConfigureAwait(false) is { } devices ? Names(devices) : null,
        ["develop_device_set"] = async call => await ParseDevicesAsync(call, call.Text(0, "device_set")).ConfigureAwait(false) is { } devices
        ? string.Join(',', devices.Select(d => d.Name))
        : null,
        ["device_show"] = call => Task.FromResult<object?>(ShowDevices(call.Host)),
        ["device_tree"] = DrawTreeAsync,
        ["device_rescan"] = RescanAsync,
        ["set_device_config"] = SetConfigurationAsync,
        ["get_device_config"] = GetConfigurationAsync,
        ["get_device_config_data"] = GetConfigurationDataAsync,
        ["get_port_config"] = GetPortsAsync,
        ["set_port_config"] = SetPortAsync,
        ["rename"] = RenameAsync,
        ["forget"] = ForgetAsync,
    };

    static async Task<IReadOnlyList<WaltDevice>?> ParseAllowedDevicesAsync(RpcCall call)
    {
        string set = call.Text(0, "device_set");
        if (await ParseDevicesAsync(call, set).ConfigureAwait(false) is not { } devices) return null;
        if (call.Value(1, "allowed_device_set") is not string allowed) return devices;
        HashSet<WaltDevice> permitted = [.. await ParseDevicesAsync(call, allowed).ConfigureAwait(false) ?? []];
        if (devices.All(permitted.Contains)) return devices;
        await call.Session.PrintErrorAsync($"Invalid value '{set}'; allowed devices belong to '{allowed}'").ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// The devices of a set in the order of their names: names with commas and the words for sets. Null after an error has been printed.
    /// </summary>
    static async Task<IReadOnlyList<WaltDevice>?> ParseDevicesAsync(RpcCall call, string set)
    {
        SortedDictionary<string, WaltDevice> devices = new(StringComparer.Ordinal);
        string? error = null;
        foreach (string part in set.Split(','))
        {
            string user = part == "server" ? "" : await call.Session.GetUserAsync().ConfigureAwait(false);
            lock (call.Host.World.Sync)
            {
                foreach (WaltDevice device in FindDevices(call.Host, part, user, ref error)) devices[device.Name] = device;
            }
        }
        if (error is null && devices.Count == 0) error = "No matching devices found! (tip: walt help show node-ownership)";
        if (error is null) return [.. devices.Values];
        await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        return null;
    }

    static IEnumerable<WaltDevice> FindDevices(WaltHost host, string part, string user, ref string? error)
    {
        WaltDeviceTable all = host.Devices;
        switch (part)
        {
            case "server": return all.All.Where(d => d.Type == "server");
            case "all-nodes": return all.Nodes;
            case "free-nodes": return all.Nodes.Where(n => n.Owner is null);
            case "my-nodes": return all.Nodes.Where(n => n.Owner == user);
            case "all-switches": return all.All.Where(d => d.Type == "switch");
            case "explorable-switches": return all.All.Where(d => d.Type == "switch" && WaltNetwork.MayBeExplored(d));
            case "all-devices": return all.All;
        }
        if (all.ByName(part) is WaltDevice device) return [device];
        error ??= $"No device with name '{part}' found.";
        return [];
    }

    static string ShowDevices(WaltHost host)
    {
        const string MainTips =
            "tips:\n- use 'walt device tree' for a tree view of the network\n- use 'walt device forget <device_name>' to make WalT forget about an obsolete device";
        const string UnknownTips = "If one of them is actually a switch, use 'walt device config <name> type=switch' to fix this.";
        lock (host.World.Sync)
        {
            string text = WaltColumns.WriteParagraph("The WalT network contains the following devices:",
                ShowDevices(host.Devices.All.Where(d => d.Type != "unknown")), MainTips);
            WaltDevice[] unknown = [.. host.Devices.All.Where(d => d.Type == "unknown")];
            return unknown.Length == 0 ? text
                : text + WaltColumns.WriteParagraph("Walt also detected the following devices but could not detect their type:",
                ShowDevices(unknown), UnknownTips);
        }
    }

    static string ShowDevices(IEnumerable<WaltDevice> devices) => WaltColumns.Write(["name", "ip", "mac", "type", "netsetup"],
    [
        .. devices.OrderBy(d => d.Type, StringComparer.Ordinal).ThenBy(d => d.Name, StringComparer.Ordinal).Select(d => new[]
        {
            d.Name, d.Ip, d.Mac, d.IsNode ? d.IsVirtual ? "node (virtual)" : "node (physical)" : d.Type,
                d.Type == "server" ? "" : d.Settings.GetValueOrDefault("netsetup") as string ?? "LAN",
        }),
    ]);

    static async Task<object?> DrawTreeAsync(RpcCall call)
    {
        // It asks which characters the client can show.
        await call.Session.CallBackAsync("stdout.get_encoding").ConfigureAwait(false);
        lock (call.Host.World.Sync) return call.Host.Network.Draw(call.FlagOr(0, "show_all", false));
    }

    static async Task<object?> RescanAsync(RpcCall call)
    {
        if (await ParseDevicesAsync(call, call.Text(0, "device_set")).ConfigureAwait(false) is not { } devices) return false;
        foreach (WaltDevice device in devices)
        {
            // Questions by SNMP take their time.
            await Task.Delay(TimeSpan.FromSeconds(device.Type == "switch" ? 2 : 0.5), call.Host.World.Time, call.Session.ClientGone)
                .ConfigureAwait(false);
            string outcome;
            lock (call.Host.World.Sync) outcome = call.Host.Network.Scan(device, call.Host.IsReachable);
            string name = device.Type == "server" ? "walt server" : device.Name;
            await call.Session.PrintAsync($"Querying {name,-25} {outcome}").ConfigureAwait(false);
        }
        call.Host.World.NotifyChanged();
        return true;
    }

    static async Task<object?> RenameAsync(RpcCall call)
    {
        const string Guidelines =
            "Failed: invalid new name.\nThis name must be a valid network hostname.\nOnly alphanumeric characters and '-' are allowed.\n"
            + "The 1st character must be an alphabet letter.\nThe name must be at least 2-chars long.\n(Example: rpi-D327)";
        string newName = call.Text(1, "new_name");
        if (await FindDeviceAsync(call, call.Text(0, "old_name")).ConfigureAwait(false) is not WaltDevice device) return false;
        string? error = null;
        lock (call.Host.World.Sync)
        {
            if (call.Host.Devices.ByName(newName) is not null) error = $"Failed: a device with name '{newName}' already exists.";
            else if (!WaltDeviceTable.IsValidName(newName)) error = Guidelines;
            else call.Host.Devices.Rename(device, newName);
        }
        call.Host.World.NotifyChanged();
        return await SucceedUnlessAsync(call, error).ConfigureAwait(false);
    }

    /// <summary>Its log lines are forgotten with it.</summary>
    static async Task<object?> ForgetAsync(RpcCall call)
    {
        if (await FindDeviceAsync(call, call.Text(0, "device_name")).ConfigureAwait(false) is not WaltDevice device) return false;
        lock (call.Host.World.Sync)
        {
            call.Host.Devices.Remove(device);
            call.Host.Network.Links.Remove(device.Mac);
            call.Host.Logs.RemoveAll(l => l.Issuer == device.Name);
        }
        call.Host.World.NotifyChanged();
        return true;
    }

    static async Task<object?> GetPortsAsync(RpcCall call)
    {
        if (await FindSwitchAsync(call).ConfigureAwait(false) is not WaltDevice device) return null;
        int? port = ToNumber(call.Value(1, "port_id")) is double number ? (int)number : null;
        string text;
        lock (call.Host.World.Sync)
        {
            text = port is int one ? $"Port {one} of {device.Name} has the following config:\n{ShowPort(call.Host, device, one)}"
                : $"Ports of {device.Name} have the following config:\n{string.Join('\n', Enumerable.Range(1, WaltNetwork.PortCount).Select(p => ShowPort(call.Host, device, p)))}";
        }
        await call.Session.PrintAsync(text).ConfigureAwait(false);
        return null;
    }

    static async Task<object?> SetPortAsync(RpcCall call)
    {
        if (await FindSwitchAsync(call).ConfigureAwait(false) is not WaltDevice device) return null;
        int port = (int)(ToNumber(call.Value(1, "port_id")) ?? throw new NoReplyException("argument port_id"));
        string? error = null;
        foreach (string[] pair in call.Texts(2, "configuration").Select(a => a.Split('=', 2)))
        {
            if (pair is not ["name", string name]) error ??= $"Failed: setting '{pair[0]}' cannot be modified.";
            else if (name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit)) error ??= "Failed: a port name should be alphanumeric.";
            else lock (call.Host.World.Sync) device.PortNames[port] = name;
        }
        call.Host.World.NotifyChanged();
        if (error is null) await call.Session.PrintAsync("Done.").ConfigureAwait(false);
        else await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        return null;
    }

    /// <summary>The switch of the call, if the port of the call is one of its own.</summary>
    static async Task<WaltDevice?> FindSwitchAsync(RpcCall call)
    {
        if (await FindDeviceAsync(call, call.Text(0, "switch_name")).ConfigureAwait(false) is not WaltDevice device) return null;
        string? error = device.Type != "switch" ? $"{device.Name} is not a switch, it is {Article(device.Type)} {device.Type}."
            : ToNumber(call.Value(1, "port_id")) is double port && port is < 1 or > WaltNetwork.PortCount
            ? string.Create(CultureInfo.InvariantCulture, $"Failed: {device.Name} has no port {port}.")
            : null;
        return await SucceedUnlessAsync(call, error).ConfigureAwait(false) is true ? device : null;
    }

    static string ShowPort(WaltHost host, WaltDevice device, int port) => string.Create(CultureInfo.InvariantCulture,
        $"{port}: name=\"{device.PortNames.GetValueOrDefault(port, port.ToString(CultureInfo.InvariantCulture))}\" poe={(WaltNetwork.MayBeExplored(device) ? "on" : "unavailable")} peer={host.Network.PeerOf(device, port)?.Name ?? "unknown"}");
}
