using WaltG5k.Core;
using WaltG5k.Core.Walt;

namespace WaltG5k;

internal static partial class Failures
{
    public static G5kException NodeNotOwned(WaltNodeInfo node) => new(nameof(NodeNotOwned), ErrorKind.PermissionDenied,
        $"Node {node.Name} belongs to user '{node.Owner}'.", node.Name, "Ask its owner to release it, or take other nodes: Get-WaltNode -Free");

    public static G5kException NodeNotVirtual(string name) => new(nameof(NodeNotVirtual), ErrorKind.InvalidOperation,
        $"{name} is a machine, no virtual node.", name, "Get-WaltNode -Virtual");

    public static G5kException NodeScriptNotFound(string path) => new(nameof(NodeScriptNotFound), ErrorKind.ObjectNotFound,
        $"There is no script '{path}' on this machine.", path, "Check the path: Test-Path");
}
