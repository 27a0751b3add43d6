using WaltG5k.Base;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A WalT server, as the WalT cmdlets use it.</summary>
internal sealed class WaltAccess : IAsyncDisposable
{
    readonly G5kSession _session;

    public WaltAccess(G5kSession session, DeploymentInfo? deployment, WaltServer server)
    {
        _session = session;
        Deployment = deployment;
        Server = server;
    }

    /// <summary>Null for a server that belongs to no deployment.</summary>
    public DeploymentInfo? Deployment { get; }
    public WaltServer Server { get; }

    /// <summary>The site of a WalT node; empty for one that the deployment did not make.</summary>
    public string SiteOf(string node) => Deployment?.Nodes.FirstOrDefault(n => n.WaltName == node)?.Site ?? "";

    /// <summary>
    /// The nodes that are meant, in the order of the server's list: names, wildcards, and WalT's words <c>my-nodes</c>, <c>free-nodes</c> and
    /// <c>all-nodes</c>. An error for each name that the server does not know.
    /// </summary>
    public async Task<IReadOnlyList<WaltNodeInfo>> ResolveAsync(IReadOnlyList<WaltNodeRef> references, IOutput output,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<WaltNodeInfo> all = await Server.GetNodesAsync(cancellationToken).ConfigureAwait(false);
        foreach (WaltNodeInfo node in all) _session.WaltNodeNames[node.Name] = node.Ip;
        if (references.Count == 0) return all;
        HashSet<string> words = [.. references.Select(r => r.Name).Where(NodeWords.All.Contains)];
        var wanted = new NameFilter(references.Select(r => r.Name).Where(n => !words.Contains(n)));
        bool hasNames = words.Count < references.Count;
        WaltNodeInfo[] found = [.. all.Where(n => (hasNames && wanted.Matches(n.Name)) | words.Any(w => NodeWords.Means(w, n, Server.User)))];
        foreach (string name in wanted.Unmatched) output.WriteError(Errors.From(Failures.WaltNodeNotFound(name)));
        return found;
    }

    /// <summary>All images with their nodes; their names are remembered for completion.</summary>
    public async Task<IReadOnlyList<WaltImageInfo>> GetImagesAsync(bool refresh, CancellationToken cancellationToken)
    {
        IReadOnlyList<WaltImageInfo> images = await Server.GetImagesWithNodesAsync(refresh, cancellationToken).ConfigureAwait(false);
        foreach (WaltImageInfo image in images) Remember(image);
        return images;
    }

    public void Remember(WaltImageInfo image)
    {
        _session.ImageNames.TryAdd(image.Name, 0);
        if (image.User != Server.User) _session.ImageLinks.TryAdd(image.Link, string.Join(", ", image.Models));
    }

    /// <summary>A device that is no longer there by that name is not completed any more.</summary>
    public void ForgetDevice(string name)
    {
        _session.WaltNodeNames.TryRemove(name, out _);
        _session.DeviceNames.TryRemove(name, out _);
    }

    public void Forget(string image) => _session.ImageNames.TryRemove(image, out _);

    /// <summary>Names of the user's own images; wildcards stand for those that there are.</summary>
    public async Task<IReadOnlyList<string>> ResolveOwnImagesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (!names.Any(System.Management.Automation.WildcardPattern.ContainsWildcardCharacters)) return names;
        IReadOnlyList<WaltImageInfo> images = await GetImagesAsync(refresh: false, cancellationToken).ConfigureAwait(false);
        return [.. names.SelectMany(name => System.Management.Automation.WildcardPattern.ContainsWildcardCharacters(name)
            ? images.Where(i => i.User == Server.User && new NameFilter([name]).Matches(i.Name)).Select(i => i.Name)
            : [name]).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Puts a boot into the user's history. A history that cannot be written keeps nobody from booting.</summary>
    public async Task<WaltBootRecord> KeepAsync(WaltBootResult result, IOutput output, CancellationToken cancellationToken)
    {
        WaltBootRecord record = WaltBootRecord.From(result, _session.Grid.Time.GetUtcNow(), Deployment?.Id ?? Server.Host, Server.Frontend.Site);
        if (_session.Grid.HomeDirectory.Length == 0) return record;
        try { await new BootHistory(_session.Grid).AppendAsync(record, cancellationToken).ConfigureAwait(false); }
        catch (Core.G5kException e) { output.Verbose($"The history of boots was not written: {e.Message}"); }
        return record;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
