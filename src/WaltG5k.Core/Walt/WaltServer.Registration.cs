using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>What the DHCP server of WalT calls a PC: the server derives the node's model from it.</summary>
    const string PcVendorClass = "walt.node.pc-x86-64";

    /// <summary>A new device appears as a node once the default image of its model is there.</summary>
    static readonly TimeSpan s_registrationTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Registers a node (SSAPI) and makes sure that it bears that name and address afterwards.</summary>
    /// <exception cref="G5kException"><c>NodeNotRegistered</c>.</exception>
    public async Task RegisterNodeAsync(string name, string mac, string ip, CancellationToken cancellationToken = default)
    {
        string address = mac.ToLowerInvariant();
        await _connections.CallAsync(RpcApi.ServerTools, new RpcCall("register_device", PcVendorClass, "", ip, address, name), cancellationToken)
            .ConfigureAwait(false);
        WaltNodeInfo node = await WaitRegisteredAsync(name, address, cancellationToken).ConfigureAwait(false);
        if (node.Name != name)
        {
            // Known before under another name: registering again keeps the old one.
            RpcResult renamed = await CallAsync(new RpcCall("rename", node.Name, name) { IsIdempotent = false }, cancellationToken)
                .ConfigureAwait(false);
            if (!renamed.Value.IsTrue) throw NotRegistered(name, $"it is known as '{node.Name}' and could not be renamed: {renamed.Reason}");
            node = await WaitRegisteredAsync(name, address, cancellationToken).ConfigureAwait(false);
        }
        if (node.Name != name || node.Ip != ip)
            throw NotRegistered(name, $"the server has it as '{node.Name}' with address {node.Ip}, where {ip} was asked for.");
    }

    async Task<WaltNodeInfo> WaitRegisteredAsync(string name, string mac, CancellationToken cancellationToken)
    {
        long start = Time.GetTimestamp();
        while (true)
        {
            IReadOnlyList<WaltNodeInfo> nodes = await _http.GetNodesAsync($"?mac={Uri.EscapeDataString(mac)}", cancellationToken)
                .ConfigureAwait(false);
            if (nodes.FirstOrDefault(n => string.Equals(n.Mac, mac, StringComparison.OrdinalIgnoreCase)) is { } node) return node;
            if (Time.GetElapsedTime(start) >= s_registrationTimeout)
                throw NotRegistered(name,
                    $"the server does not list {mac} as a node after {s_registrationTimeout.TotalSeconds:0} s: the default image of its model may be missing.");
            await Task.Delay(TimeSpan.FromSeconds(1), Time, cancellationToken).ConfigureAwait(false);
        }
    }

    G5kException NotRegistered(string name, string reason) =>
        new("NodeNotRegistered", ErrorKind.InvalidOperation, $"Node {name} could not be registered on the WalT server {Host}: {reason}", name,
        $"See what the server knows: curl http://{Host}/api/v1/nodes");
}
