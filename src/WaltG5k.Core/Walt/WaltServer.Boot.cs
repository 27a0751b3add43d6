using WaltG5k.Core.Walt.Http;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>Tells the firmware of nodes, by name: <c>bios</c> or <c>uefi</c>; nothing for those that nothing is known of.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? ReadFirmware { get; set; }

    /// <summary>What the node's boot scripts would do now; null where the server has none for it.</summary>
    public async Task<WaltBootScripts?> GetBootScriptsAsync(WaltNodeInfo node, CancellationToken cancellationToken = default) =>
        await GetBootTextAsync(node, "start-generic.ipxe", cancellationToken).ConfigureAwait(false) is { } text ? WaltBootScripts.Parse(text) : null;

    /// <summary>A boot script as the node would get it, or null.</summary>
    internal Task<string?> GetBootTextAsync(WaltNodeInfo node, string file, CancellationToken cancellationToken) =>
        _http.GetBootTextAsync(file, node.Ip, cancellationToken);

    /// <summary>The size in bytes of a boot file as the node would get it, or null where there is none.</summary>
    internal Task<long?> GetBootFileSizeAsync(WaltNodeInfo node, string file, CancellationToken cancellationToken) =>
        _http.GetBootFileSizeAsync(file, node.Ip, cancellationToken);

    /// <summary>What the server wrote down about its nodes' boots; dates are those of its own clock.</summary>
    internal Task<IReadOnlyList<NodeEvent>> GetNodeEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        _http.GetNodeEventsAsync(from, to, cancellationToken);
}
