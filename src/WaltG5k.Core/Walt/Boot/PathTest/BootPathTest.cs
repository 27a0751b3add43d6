using WaltG5k.Core.Text;

namespace WaltG5k.Core.Walt;

/// <summary>Looks, before an experiment, at all that stands between a platform's nodes and their boot. Changes nothing.</summary>
public sealed class BootPathTest(WaltServer server, Func<string, string> siteOf)
{
    const int NodesAtOnce = 16;

    /// <summary>The server first, then what is alike on several nodes in one line each.</summary>
    /// <param name="names">The nodes; all when empty.</param>
    /// <exception cref="G5kException">The server cannot be reached at all.</exception>
    public async Task<IReadOnlyList<WaltBootCheck>> RunAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<WaltNodeInfo> all = await server.GetNodesAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> wanted = [.. names];
        WaltNodeInfo[] nodes = [.. all.Where(n => (wanted.Count == 0 || wanted.Contains(n.Name)) && !n.IsVirtual)];
        ServerBootChecks serverChecks = new(server);
        IReadOnlyList<WaltBootCheck> ofServer = await serverChecks.RunAsync(nodes, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, string> firmware = await ReadFirmwareAsync(nodes, cancellationToken).ConfigureAwait(false);
        List<WaltBootCheck> found = [];
        if (ofServer.All(c => c.Check != ServerBootChecks.NoShell))
            found.AddRange(await NodeHttpChecks.RunAsync(server, await serverChecks.GetAddressAsync(cancellationToken).ConfigureAwait(false), nodes,
                cancellationToken).ConfigureAwait(false));
        await Parallel.ForEachAsync(nodes, new ParallelOptions { MaxDegreeOfParallelism = NodesAtOnce, CancellationToken = cancellationToken },
            async (node, token) =>
        {
            IReadOnlyList<WaltBootCheck> checks = await new NodeBootChecks(server, node, IsElsewhere(node), firmware.GetValueOrDefault(node.Name))
                .RunAsync(token).ConfigureAwait(false);
            lock (found) found.AddRange(checks);
        }).ConfigureAwait(false);
        return [.. ofServer, .. Fold(found)];
    }

    bool IsElsewhere(WaltNodeInfo node) => siteOf(node.Name) is { Length: > 0 } site && server.Frontend.Site.Length > 0
        && site != server.Frontend.Site;

    async Task<IReadOnlyDictionary<string, string>> ReadFirmwareAsync(WaltNodeInfo[] nodes, CancellationToken cancellationToken)
    {
        if (server.ReadFirmware is not { } read) return new Dictionary<string, string>();
        try
        {
            return await read([.. nodes.Select(n => n.Name)], cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            server.Reporter.Verbose($"The firmware of nodes could not be looked up: {e.Message}");
            return new Dictionary<string, string>();
        }
    }

    static IEnumerable<WaltBootCheck> Fold(List<WaltBootCheck> found) => found
        .GroupBy(c => (c.Check, c.State, c.Seen, c.Recommendation))
        .Select(g => g.First() with { Nodes = [.. g.SelectMany(c => c.Nodes).Order(NaturalComparer.Instance)] })
        .OrderBy(c => NodeBootChecks.InOrder.ToList().IndexOf(c.Check)).ThenByDescending(c => c.State)
        .ThenBy(c => c.Nodes[0], NaturalComparer.Instance);
}
