
namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>The methods of the server's programming interfaces, by the name of the interface and their own.</summary>
internal static partial class RpcMethods
{
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, RpcMethod>> Apis { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, RpcMethod>>(StringComparer.Ordinal)
    {
        ["CSAPI"] = Merge(NodeMethods(), ImageMethods(), DeviceMethods(), LogMethods()),
        ["SSAPI"] = new Dictionary<string, RpcMethod>(StringComparer.Ordinal) { ["register_device"] = RegisterAsync },
        ["VSAPI"] = new Dictionary<string, RpcMethod>(StringComparer.Ordinal) { ["get_device_info"] = GetDeviceOfMacAsync,
        ["register_device"] = RegisterAsync },
        ["NSAPI"] = new Dictionary<string, RpcMethod>(StringComparer.Ordinal)
        {
            ["sync_clock"] = call => Task.FromResult<object?>(EpochOf(call.Host)),
            ["report_lldp_neighbor"] = _ => Task.FromResult<object?>(null),
        },
    };

    static Dictionary<string, RpcMethod> NodeMethods() => new(StringComparer.Ordinal)
    {
        ["get_nodes_info"] = GetNodesInfoAsync,
        ["get_nodes_ip"] = GetNodesIpAsync,
        ["get_node_ip"] = call => WithDevice(call, d => d.IsNode ? d.Ip : null),
        ["filter_ownership"] = FilterOwnershipAsync,
        ["parse_set_of_nodes"] = async call => await ParseNodesAsync(call).ConfigureAwait(false) is { } nodes ? Names(nodes) : null,
        ["develop_node_set"] = async call => await ParseNodesAsync(call).ConfigureAwait(false) is { } nodes
        ? string.Join(',', nodes.Select(n => n.Name))
        : null,
        ["reboot_nodes"] = RebootNodesAsync,
        ["wait_for_nodes"] = WaitForNodesAsync,
        ["blink"] = BlinkAsync,
        ["create_vnode"] = CreateVirtualNodeAsync,
        ["remove_vnode"] = RemoveVirtualNodeAsync,
        ["vnode_console_input"] = TypeOnConsoleAsync,
    };

    static Dictionary<string, RpcMethod> Merge(params IEnumerable<Dictionary<string, RpcMethod>> parts) =>
        parts.SelectMany(p => p).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    static double EpochOf(WaltHost host) => (host.World.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    static object?[] Names(IEnumerable<WaltDevice> devices) => [.. devices.Select(d => d.Name)];

    /// <summary>
    /// The nodes of a set in the order of their names: names with commas, my-nodes, free-nodes, all-nodes. Null after an error has been printed.
    /// </summary>
    static async Task<IReadOnlyList<WaltDevice>?> ParseNodesAsync(RpcCall call)
    {
        string set = call.Text(0, "node_set");
        SortedDictionary<string, WaltDevice> nodes = new(StringComparer.Ordinal);
        string? error = null;
        foreach (string part in set.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string user = part == "my-nodes" ? await call.Session.GetUserAsync().ConfigureAwait(false) : "";
            lock (call.Host.World.Sync) error ??= Collect(call.Host, part, user, nodes);
        }
        if (error is null && nodes.Count == 0) error = "No matching devices found! (tip: walt help show node-ownership)";
        if (error is null) return [.. nodes.Values];
        await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        return null;
    }

    static string? Collect(WaltHost host, string part, string user, SortedDictionary<string, WaltDevice> nodes)
    {
        IEnumerable<WaltDevice> found;
        switch (part)
        {
            case "all-nodes": found = host.Devices.Nodes; break;
            case "free-nodes": found = host.Devices.Nodes.Where(n => n.Owner is null); break;
            case "my-nodes": found = host.Devices.Nodes.Where(n => n.Owner == user); break;
            default:
                if (host.Devices.ByName(part) is not WaltDevice device) return $"No device with name '{part}' found.";
                if (!device.IsNode) return $"{part} is not a node, it is {Article(device.Type)} {device.Type}.";
                found = [device];
                break;
        }
        foreach (WaltDevice node in found) nodes[node.Name] = node;
        return null;
    }

    static string Article(string type) => type.StartsWith('u') ? "an" : "a";

    static async Task<WaltDevice?> FindDeviceAsync(RpcCall call, string name)
    {
        WaltDevice? device;
        lock (call.Host.World.Sync) device = call.Host.Devices.ByName(name);
        if (device is null) await call.Session.PrintErrorAsync($"No device with name '{name}' found.").ConfigureAwait(false);
        return device;
    }

    static async Task<object?> WithDevice(RpcCall call, Func<WaltDevice, object?> describe)
    {
        if (await FindDeviceAsync(call, call.Text(0, "device_name")).ConfigureAwait(false) is not WaltDevice device) return null;
        lock (call.Host.World.Sync) return describe(device);
    }

    static Task<object?> GetDeviceOfMacAsync(RpcCall call)
    {
        lock (call.Host.World.Sync)
        {
            WaltDevice device = call.Host.Devices.ByMac(call.Text(0, "mac")) ?? throw new NoReplyException("unknown mac");
            return Task.FromResult<object?>(Describe(call.Host, device));
        }
    }

    static async Task<object?> GetNodesInfoAsync(RpcCall call)
    {
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return Array.Empty<object?>();
        lock (call.Host.World.Sync) return nodes.Select(n => (object?)Describe(call.Host, n)).ToArray();
    }

    static async Task<object?> GetNodesIpAsync(RpcCall call)
        => await ParseNodesAsync(call).ConfigureAwait(false) is { } nodes ? nodes.Select(n => (object?)n.Ip).ToArray() : Array.Empty<object?>();

    static async Task<object?> FilterOwnershipAsync(RpcCall call)
    {
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return new object?[] { Names([]), Names([]), Names([]), Names([]) };
        lock (call.Host.World.Sync)
        {
            return new object?[]
            {
                Names(nodes.Where(n => n.Owner == user)), Names(nodes.Where(n => n.Owner is null)),
                    Names(nodes.Where(n => n.Owner is not null && n.Owner != user)), Names([]),
            };
        }
    }

    static Task<object?> RegisterAsync(RpcCall call)
    {
        lock (call.Host.World.Sync)
        {
            string vendorClass = call.TextOr(0, "vci", ""), userClass = call.TextOr(1, "uci", "");
            string kind = vendorClass.Length > 0 ? vendorClass : userClass;
            call.Host.Devices.Register(kind, call.TextOr(2, "ip", ""), call.Text(3, "mac"), call.TextOr(4, "name", ""), call.Host.Images.Default.Id);
        }
        call.Host.World.NotifyChanged();
        return Task.FromResult<object?>(null);
    }

    static async Task<object?> SucceedUnlessAsync(RpcCall call, string? error)
    {
        if (error is not null) await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        return error is null;
    }

    static Dictionary<string, object?> Describe(WaltHost host, WaltDevice device)
    {
        bool nat = device.Settings.GetValueOrDefault("netsetup") as string == "NAT";
        Dictionary<string, object?> info = new(StringComparer.Ordinal)
        {
            ["mac"] = device.Mac,
            ["ip"] = device.Ip,
            ["name"] = device.Name,
            ["type"] = device.Type,
            ["virtual"] = device.IsVirtual,
            ["conf"] = device.Settings.ToDictionary(s => s.Key, s => (object?)s.Value),
        };
        if (device.IsNode)
        {
            info["image"] = device.Image;
            info["model"] = device.Model;
            info["booted"] = device.IsBooted;
        }
        info["gateway"] = nat ? host.Devices.ByName("walt-server")?.Ip ?? "" : "";
        info["netmask"] = "255.255.252.0";
        info["netsetup"] = nat ? 1 : 0;
        info["in_walt_net"] = true;
        return info;
    }
}
