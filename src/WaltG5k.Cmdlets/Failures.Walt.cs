using WaltG5k.Core;
using WaltG5k.Core.Walt;

namespace WaltG5k;

internal static partial class Failures
{
    public static G5kException NodeNotOwned(WaltNodeInfo node) => new(nameof(NodeNotOwned), ErrorKind.PermissionDenied,
        $"Node {node.Name} belongs to user '{node.Owner}'.", node.Name, "Ask its owner to release it, or take other nodes: Get-WaltNode -Free");

    public static G5kException NodeNotVirtual(string name) => new(nameof(NodeNotVirtual), ErrorKind.InvalidOperation,
        $"{name} is a machine, no virtual node.", name, "Get-WaltNode -Virtual");

    public static G5kException OneNodeOnly(IReadOnlyList<WaltNodeInfo> nodes) => new(nameof(OneNodeOnly), ErrorKind.InvalidArgument,
        $"One node makes one image; these are {nodes.Count}.", nodes[0].Name, $"Save-WaltNodeImage {nodes[0].Name} NAME");

    public static G5kException LocalItemNotFound(string path) => new(nameof(LocalItemNotFound), ErrorKind.ObjectNotFound,
        $"There is no file or folder '{path}' on this machine.", path, "Check the path: Test-Path");

    public static G5kException NoTerminal(string node) => new(nameof(NoTerminal), ErrorKind.InvalidOperation,
        $"Nobody is at a terminal to talk with {node}.", node, $"Read what its console prints: Get-WaltLog -Issuer {node} -Stream virtualconsole");

    public static G5kException PortForwardNotFound(int port) => new(nameof(PortForwardNotFound), ErrorKind.ObjectNotFound,
        FormattableString.Invariant($"No port of a node is open as port {port} of this machine."), port, "Get-WaltPortForward");

    public static G5kException NodeScriptNotFound(string path) => new(nameof(NodeScriptNotFound), ErrorKind.ObjectNotFound,
        $"There is no script '{path}' on this machine.", path, "Check the path: Test-Path");
}
