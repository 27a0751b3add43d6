using WaltG5k.Core.Execution;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>A node that does not answer costs the server 15 s.</summary>
    static readonly TimeSpan s_nodeTimeout = TimeSpan.FromSeconds(40);

    /// <summary>Pulling the default image comes first where it is missing.</summary>
    static readonly TimeSpan s_virtualNodeTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Whose the nodes are.</summary>
    /// <exception cref="G5kException"><c>WaltNodeNotFound</c>, <c>RpcProtocolError</c>.</exception>
    public async Task<WaltOwnership> GetOwnershipAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken = default)
    {
        if (nodes.Count == 0) return new WaltOwnership([], [], []);
        string set = string.Join(',', nodes);
        RpcResult result = await CallAsync(new RpcCall("filter_ownership", set), cancellationToken).ConfigureAwait(false);
        if (result.Value is not PythonTuple { Items: [var owned, var free, var foreign, var unfit] }
            || owned.AsStrings() is not { } mine || free.AsStrings() is not { } nobodys || foreign.AsStrings() is not { } others
            || unfit.AsStrings() is not { } devices)
            throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
                $"The WalT server {Host} answered filter_ownership with {result.Value}.", Host, "Is it WalT 10?");
        if (devices.Count > 0) throw ServerMessages.NodeNotFound(devices[0], Host);
        // All four are empty when the set itself is wrong.
        return mine.Count + nobodys.Count + others.Count > 0
            ? new WaltOwnership(mine, nobodys, others)
            : throw ServerMessages.Explain(result.Errors, set, Host);
    }

    /// <summary>Makes sure that the user has an image of his own of what each node boots by default; gives its name, node by node.</summary>
    /// <exception cref="G5kException"><c>ImageNotCloned</c>, <c>WaltNodeNotFound</c>.</exception>
    public async Task<IReadOnlyDictionary<string, string>> CloneDefaultImagesAsync(IReadOnlyList<string> nodes,
        CancellationToken cancellationToken = default)
    {
        if (nodes.Count == 0) return new Dictionary<string, string>();
        string set = string.Join(',', nodes);
        RpcResult result = await CallAsync(new RpcCall("get_clones_of_default_images", set) { Timeout = s_virtualNodeTimeout }, cancellationToken)
            .ConfigureAwait(false);
        if (result.Value is PythonTuple { Items: [PythonBoolean { Value: true }, _, PythonDict images] })
        {
            return images.Entries.Where(e => e is { Key: PythonString, Value: PythonString })
                .ToDictionary(e => ((PythonString)e.Key).Value, e => ((PythonString)e.Value).Value, StringComparer.Ordinal);
        }
        throw new G5kException("ImageNotCloned", ErrorKind.InvalidOperation,
            $"The WalT server {Host} did not give you a default image for {set}: {result.Reason}", set,
            "Boot an image that you have: Get-WaltImage; Invoke-WaltNodeBoot -Image");
    }

    /// <summary>Makes a node's light blink, or stops it. Only some images can do that.</summary>
    /// <exception cref="G5kException"><c>NodeNotBlinking</c>, <c>WaltNodeNotFound</c>.</exception>
    public async Task SetBlinkAsync(string node, bool blinks, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("blink", node, blinks) { Timeout = s_nodeTimeout }, cancellationToken).ConfigureAwait(false);
        if (result.Value.IsTrue) return;
        if (ServerMessages.FindUnknownNode(result.Errors) is { } unknown) throw ServerMessages.NodeNotFound(unknown, Host);
        throw new G5kException("NodeNotBlinking", ErrorKind.ResourceUnavailable, $"Node {node} does not blink: {result.Reason}", node,
            "The image on the node needs a program /bin/blink, and the node must have booted: Get-WaltNode");
    }

    /// <summary>Makes a virtual node on the server; it begins to boot a default image of the user's.</summary>
    /// <exception cref="G5kException"><c>VirtualNodeNotCreated</c>, <c>DeviceNameInvalid</c>.</exception>
    public async Task CreateVirtualNodeAsync(string name, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("create_vnode", RequireDeviceName(name)) { Timeout = s_virtualNodeTimeout,
            IsIdempotent = false }, cancellationToken).ConfigureAwait(false);
        if (result.Value.IsTrue) return;
        bool hasNoHypervisor = result.Errors.Any(e => e.Contains("virtualization is not enabled", StringComparison.Ordinal));
        throw new G5kException("VirtualNodeNotCreated", hasNoHypervisor ? ErrorKind.InvalidOperation : ErrorKind.InvalidArgument,
            $"The WalT server {Host} did not make the virtual node '{name}': {result.Reason}", name,
            hasNoHypervisor ? $"See whether the machine has it: ssh root@{Host} ls /dev/kvm"
            : "Choose another name: a letter first, then letters, digits and dashes.");
    }

    /// <exception cref="G5kException"><c>VirtualNodeNotRemoved</c>, <c>WaltNodeNotFound</c>.</exception>
    public async Task RemoveVirtualNodeAsync(string name, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("remove_vnode", name) { IsIdempotent = false }, cancellationToken).ConfigureAwait(false);
        if (result.Value.IsTrue) return;
        if (ServerMessages.FindUnknownNode(result.Errors) is { } unknown) throw ServerMessages.NodeNotFound(unknown, Host);
        throw new G5kException("VirtualNodeNotRemoved", ErrorKind.InvalidOperation,
            $"The WalT server {Host} did not remove '{name}': {result.Reason}", name,
            "Only virtual nodes can be removed: Get-WaltNode -Virtual");
    }

    /// <summary>Types on the console of a virtual node; what it prints comes in its log stream <c>virtualconsole</c>.</summary>
    public Task SendConsoleInputAsync(WaltNodeInfo node, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
        CallAsync(new RpcCall("vnode_console_input", node.Mac, new PythonBytes(input)) { IsIdempotent = false }, cancellationToken);

    /// <summary>A node as the executor reaches it, as root through <see cref="Shell"/>.</summary>
    public static NodeTarget GetTarget(WaltNodeInfo node) => new(node.Name, "") { Address = node.Ip, User = "root" };
}
