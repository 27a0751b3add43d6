namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    /// <summary>Success is a line of text only.</summary>
    static async Task<object?> SetConfigurationAsync(RpcCall call)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach (string assignment in call.Texts(1, "conf_args"))
        {
            string[] parts = assignment.Split('=', 2);
            if (parts.Length != 2)
            {
                await call.Session.PrintErrorAsync("Provide settings as `<setting name>=<setting value>` arguments.").ConfigureAwait(false);
                return null;
            }
            settings[parts[0]] = parts[1];
        }
        if (await ParseDevicesAsync(call, call.Text(0, "device_set")).ConfigureAwait(false) is not { } devices) return null;

        string? complaint;
        List<string> renamed = [];
        lock (call.Host.World.Sync)
        {
            complaint = settings.Keys.Select(name => WaltSettings.Complain(name, settings, devices)).FirstOrDefault(c => c is not null);
            if (complaint is null) renamed = Apply(call.Host, devices, settings);
        }
        call.Host.World.NotifyChanged();
        if (complaint is not null)
        {
            await call.Session.PrintErrorAsync(complaint).ConfigureAwait(false);
            return null;
        }
        foreach (string line in renamed) await call.Session.PrintAsync(line).ConfigureAwait(false);
        string what = devices.All(d => d.IsNode) ? "node(s)" : "device(s)";
        await call.Session.PrintAsync(settings.Keys.Any(WaltSettings.NeedsReboot) ? $"Done. Reboot {what} to see new settings in effect." : "Done.")
            .ConfigureAwait(false);
        return null;
    }

    static List<string> Apply(WaltHost host, IReadOnlyList<WaltDevice> devices, Dictionary<string, string> settings)
    {
        List<string> renamed = [];
        foreach (WaltDevice device in devices)
        {
            foreach ((string name, string value) in settings.Where(s => s.Key != "type")) device.Settings[name] = WaltSettings.Read(name, value);
            if (!settings.ContainsKey("type")) continue;
            device.Type = "switch";
            if (device.Name.Contains("unknown", StringComparison.Ordinal))
            {
                string name = "switch-" + string.Concat(device.Mac.Split(':')[3..]);
                renamed.Add($"Renaming {device.Name} to {name} for clarity.");
                host.Devices.Rename(device, name);
            }
            host.Log($"new switch (device type previously unknown) name={device.Name} mac={device.Mac} ip={device.Ip}", WaltNames.DevicesStream);
        }
        return renamed;
    }

    /// <summary>Devices with equal settings are told of together.</summary>
    static async Task<object?> GetConfigurationAsync(RpcCall call)
    {
        if (await ParseDevicesAsync(call, call.Text(0, "device_set")).ConfigureAwait(false) is not { } devices) return null;
        List<string> parts = [];
        lock (call.Host.World.Sync)
        {
            foreach (IGrouping<string, WaltDevice> group in devices.GroupBy(d =>
                string.Concat(WaltSettings.Of(d).Select(s => $"{s.Key}={WaltSettings.Show(s.Value)}\n"))))
            {
                string subject = group.First().Type == "server" ? "Server has" : Subject(group.First(), [.. group.Select(d => d.Name)]);
                parts.Add(group.Key.Length == 0 ? subject + " no config option available.\n"
                    : $"{subject} the following config applied:\n{group.Key}");
            }
        }
        await call.Session.PrintAsync(string.Join("\n\n", parts)).ConfigureAwait(false);
        return null;
    }

    static string Subject(WaltDevice first, string[] names)
    {
        string label = first.Type switch { "node" => "Node", "switch" => "Switch", _ => "Unknown device" };
        return names.Length == 1 ? $"{label} {names[0]} has"
            : $"{label}{(label == "Switch" ? "es" : "s")} {string.Join(", ", names[..^1])} and {names[^1]} have";
    }

    /// <summary>For a bad set there is no reply at all.</summary>
    static async Task<object?> GetConfigurationDataAsync(RpcCall call)
    {
        if (await ParseDevicesAsync(call, call.Text(0, "device_set")).ConfigureAwait(false) is not { } devices)
            throw new NoReplyException("nothing to make a table of");
        lock (call.Host.World.Sync)
        {
            return devices.Select(d => (object?)new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["name"] = d.Name,
                ["settings"] = WaltSettings.Of(d).ToDictionary(s => s.Key, s => s.Key == "netsetup" ? s.Value is "NAT" ? 1 : 0 : s.Value),
                ["main_category"] = WaltSettings.CategoryOf(d),
            }).ToArray();
        }
    }
}
