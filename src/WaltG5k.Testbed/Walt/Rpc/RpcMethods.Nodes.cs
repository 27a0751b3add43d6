using System.Text;

namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    static async Task<object?> BlinkAsync(RpcCall call)
    {
        string name = call.Text(0, "node_name");
        if (await FindNodeAsync(call, name).ConfigureAwait(false) is not WaltDevice node) return false;
        string? refusal = await call.Host.OrderAsync(node, call.FlagOr(1, "blink_status", true) ? "BLINK 1" : "BLINK 0").ConfigureAwait(false);
        return await SucceedUnlessAsync(call, refusal is null ? null : $"Blink request to {name} failed: {refusal}").ConfigureAwait(false);
    }

    static async Task<object?> CreateVirtualNodeAsync(RpcCall call)
    {
        string name = call.Text(0, "node_name");
        if (!call.Host.HasHypervisor)
            return await SucceedUnlessAsync(call, "Failed because virtualization is not enabled on server CPU (missing /dev/kvm).")
                .ConfigureAwait(false);
        string? error = null;
        lock (call.Host.World.Sync)
        {
            if (!WaltDeviceTable.IsValidName(name)) error = $"'{name}' is not a valid device name.";
            else if (call.Host.Devices.ByName(name) is not null) error = $"Failed! A device with name '{name}' already exists.";
        }
        if (error is not null) return await SucceedUnlessAsync(call, error).ConfigureAwait(false);
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        await call.Session.SetBusyLabelAsync("Registering virtual node").ConfigureAwait(false);
        string image;
        lock (call.Host.World.Sync)
        {
            call.Host.Images.WelcomeUser(user);
            image = call.Host.Images.Default.Name;
            call.Host.CreateVirtualNode(name, call.Host.Images.TryFind(user, image, out WaltImage? own) ? own : call.Host.Images.Default);
        }
        call.Host.World.NotifyChanged();
        await call.Session.CallBackAsync("set_default_busy_label").ConfigureAwait(false);
        await call.Session.PrintAsync($"Node {name} is now booting your image \"{image}\".\nUse `walt node boot {name} <other-image>` if needed.")
            .ConfigureAwait(false);
        return true;
    }

    static async Task<object?> RemoveVirtualNodeAsync(RpcCall call)
    {
        string name = call.Text(0, "node_name");
        if (await FindNodeAsync(call, name).ConfigureAwait(false) is not WaltDevice node) return false;
        if (!node.IsVirtual) return await SucceedUnlessAsync(call, $"FAILED: {name} is a real node (not virtual).").ConfigureAwait(false);
        lock (call.Host.World.Sync) call.Host.Devices.Remove(node);
        call.Host.World.NotifyChanged();
        return true;
    }

    /// <summary>A node without a running virtual machine is an exception on the server, hence no reply.</summary>
    static Task<object?> TypeOnConsoleAsync(RpcCall call)
    {
        lock (call.Host.World.Sync)
        {
            if (call.Host.Devices.ByMac(call.Text(0, "node_mac")) is not { IsVirtual: true } node) throw new NoReplyException("no virtual machine");
            call.Host.TypeOnConsole(node, Encoding.UTF8.GetString(call.Bytes(1, "buf")));
        }
        call.Host.World.NotifyChanged();
        return Task.FromResult<object?>(null);
    }

    static async Task<WaltDevice?> FindNodeAsync(RpcCall call, string name)
    {
        if (await FindDeviceAsync(call, name).ConfigureAwait(false) is not WaltDevice device) return null;
        if (device.IsNode) return device;
        await call.Session.PrintErrorAsync($"{name} is not a node, it is {Article(device.Type)} {device.Type}.").ConfigureAwait(false);
        return null;
    }
}
