using System.Globalization;

namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    static async Task<object?> SetConfigurationAsync(RpcCall call)
    {
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return null;
        List<(string Name, object Value)> settings = [];
        foreach (string assignment in call.Texts(1, "settings"))
        {
            string[] parts = assignment.Split('=', 2);
            if (!WaltSettings.TryRead(parts[0], parts.Length > 1 ? parts[1] : "", out object? value, out string? error))
            {
                await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
                return null;
            }
            settings.Add((parts[0], value));
        }
        lock (call.Host.World.Sync)
        {
            foreach (WaltDevice node in nodes)
            {
                foreach ((string name, object value) in settings) node.Settings[name] = value;
            }
        }
        call.Host.World.NotifyChanged();
        bool needsReboot = settings.Any(s => WaltSettings.NeedsReboot(s.Name));
        await call.Session.PrintAsync(needsReboot ? "Done. Reboot node(s) to see new settings in effect." : "Done.").ConfigureAwait(false);
        return null;
    }

    static async Task<object?> GetConfigurationAsync(RpcCall call)
    {
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return null;
        foreach (WaltDevice node in nodes)
        {
            string[] lines;
            lock (call.Host.World.Sync) lines = [.. WaltSettings.Of(node).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key}={WaltSettings.Show(s.Value)}"))];
            await call.Session.PrintAsync($"Settings of {node.Name}:\n{string.Join('\n', lines)}").ConfigureAwait(false);
        }
        return null;
    }
}
