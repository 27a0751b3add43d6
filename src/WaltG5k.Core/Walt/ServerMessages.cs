using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt;

/// <summary>Understands the sentences that a WalT server prints: it has no error codes.</summary>
static partial class ServerMessages
{
    [GeneratedRegex(@"^Nodes? (?<names>[^:]+): (?<what>.+)$|^(?<count>\d+) nodes: (?<what>.+)$")]
    private static partial Regex NodesSentence { get; }

    [GeneratedRegex(@"No device with name '(?<name>[^']*)' found|^(?<name>\S+) is not a node, it is")]
    private static partial Regex UnknownNode { get; }

    /// <summary>
    /// <c>Node a: rebooted ok.</c>, <c>Nodes a, b and c: failed …</c>: the nodes named and what is said of them. Beyond five nodes the server only
    /// gives their number: no names then.
    /// </summary>
    public static bool TryReadNodes(string line, out IReadOnlyList<string> names, out string what)
    {
        Match match = NodesSentence.Match(line.Trim());
        what = match.Groups["what"].Value;
        names = match.Groups["names"].Success ? match.Groups["names"].Value.Split([", ", " and "],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        return match.Success;
    }

    public static bool IsRebooted(string what) => what.StartsWith("rebooted ok", StringComparison.Ordinal);

    /// <summary>The node that the server says it does not know, or that is none; null when it complains of something else.</summary>
    public static string? FindUnknownNode(IReadOnlyList<string> errors) =>
        errors.Select(e => UnknownNode.Match(e)).FirstOrDefault(m => m.Success)?.Groups["name"].Value;

    /// <summary>Why an image could not be set or a set of nodes not be resolved.</summary>
    public static G5kException Explain(IReadOnlyList<string> errors, string subject, string host)
    {
        string text = errors.Count > 0 ? string.Join(' ', errors) : "the server gave no reason.";
        if (FindUnknownNode(errors) is { } unknown) return NodeNotFound(unknown, host);
        if (text.Contains("No such image", StringComparison.Ordinal)) return ImageNotFound(subject, host);
        if (text.Contains("is not compatible", StringComparison.Ordinal))
            return new G5kException("ImageIncompatible", ErrorKind.InvalidArgument, $"The WalT server {host} refuses image '{subject}': {text}",
                subject,
                "Get-WaltImage shows the node models that each image supports.");
        if (text.Contains("No matching devices", StringComparison.Ordinal))
            return new G5kException("WaltNodeNotFound", ErrorKind.ObjectNotFound, $"No node of the WalT server {host} matches '{subject}'.", subject,
                "Get-WaltNode");
        return new G5kException("WaltRequestRefused", ErrorKind.InvalidOperation, $"The WalT server {host} refuses '{subject}': {text}", subject,
            $"ssh root@{host} journalctl -u walt-server -n 50");
    }

    public static G5kException NodeNotFound(string node, string host) =>
        new("WaltNodeNotFound", ErrorKind.ObjectNotFound, $"The WalT server {host} has no node '{node}'.", node,
        "Get-WaltNode shows the nodes that it has.");

    public static G5kException ImageNotFound(string image, string host) =>
        new("ImageNotFound", ErrorKind.ObjectNotFound, $"The WalT server {host} has no image '{image}'.", image,
        "Get-WaltImage shows the images that it has.");

    public static G5kException NodeNotOwned(string node, string? owner) => new("NodeNotOwned", ErrorKind.PermissionDenied,
        owner is null ? $"Node {node} belongs to another user." : $"Node {node} belongs to user '{owner}'.", node,
        "Ask its owner to release it, or take other nodes: Get-WaltNode -Free");
}
