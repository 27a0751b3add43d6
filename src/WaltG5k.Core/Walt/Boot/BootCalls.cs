using System.Collections.Concurrent;

namespace WaltG5k.Core.Walt;

/// <summary>What the nodes of one boot request ask of the server, put together to calls for many nodes.</summary>
sealed class BootCalls
{
    readonly WaltServer _server;
    readonly Func<string, string> _siteOf;
    readonly Coalescer<Outcome> _route;
    readonly Coalescer<WaltRouteCheck> _verify;
    /// <summary>Nodes that do not answer keep the server waiting for 15 s: they go in a call of their own.</summary>
    readonly Coalescer<string?> _rebootAnswering, _rebootSilent;
    readonly Coalescer<string?> _firmware;
    readonly Lazy<Task<Dictionary<string, WaltImageInfo>>> _images;
    readonly Func<string, Coalescer<string?>> _newHardReboot;
    readonly ConcurrentDictionary<string, Coalescer<string?>> _hardReboots = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, WaltRoute> _routes = new(StringComparer.Ordinal);

    sealed record Outcome(WaltRoute? Route, G5kException? Error);

    public BootCalls(WaltServer server, Func<string, string> siteOf, string? image, CancellationToken cancellationToken)
    {
        (_server, _siteOf) = (server, siteOf);
        string cause = image is null ? "reboot requested" : "image change";
        _route = new((nodes, token) => RouteAllAsync(nodes, image!, token), server.Time, cancellationToken);
        _verify = new((nodes, token) => server.CheckRoutesAsync([.. nodes.Select(n => _routes[n])], token), server.Time, cancellationToken);
        _firmware = new(ReadFirmwareAsync, server.Time, cancellationToken);
        _images = new(async () => (await server.GetImagesAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(i => i.FullName, StringComparer.Ordinal));
        _rebootAnswering = NewReboot();
        _rebootSilent = NewReboot();
        _newHardReboot = _ => new(server.HardRebootAsync, server.Time, cancellationToken);

        // Without the hook: the driver orders hard reboots itself, and counts them.
        Coalescer<string?> NewReboot() => new((nodes, token) => server.RebootAsync(nodes, hardOnly: false, cause, offerHardReboot: false, token),
            server.Time, cancellationToken);
    }

    /// <summary>Routes the node to the request's image and gives the image that this is.</summary>
    /// <exception cref="G5kException">The node belongs to another user, the image does not fit it…</exception>
    public async Task<WaltRoute> RouteAsync(string node)
    {
        Outcome outcome = await _route.InvokeAsync(node).ConfigureAwait(false);
        return outcome.Error is null ? _routes[node] = outcome.Route! : throw outcome.Error;
    }

    /// <summary>The node and the image that it boots already.</summary>
    public async Task<WaltRoute> GetPresentRouteAsync(WaltNodeInfo node) =>
        new(node, (await _images.Value.ConfigureAwait(false)).GetValueOrDefault(node.Image) ?? new WaltImageInfo(node.Image));

    /// <summary><c>bios</c>, <c>uefi</c>, or null where nobody knows.</summary>
    public Task<string?> GetFirmwareAsync(string node) => _firmware.InvokeAsync(node);

    public Task<WaltRouteCheck> CheckRouteAsync(string node) => _verify.InvokeAsync(node);

    /// <summary>Null, or why the node did not take the order.</summary>
    public Task<string?> RebootAsync(WaltNodeInfo node) => (node.IsBooted ? _rebootAnswering : _rebootSilent).InvokeAsync(node.Name);

    public Task<string?> HardRebootAsync(string node) => _hardReboots.GetOrAdd(_siteOf(node), _newHardReboot).InvokeAsync(node);

    async Task<IReadOnlyDictionary<string, Outcome>> RouteAllAsync(IReadOnlyList<string> nodes, string image, CancellationToken cancellationToken)
    {
        Dictionary<string, Outcome> outcomes = new(StringComparer.Ordinal);
        Dictionary<string, WaltNodeInfo> before = await GetNodesAsync(cancellationToken).ConfigureAwait(false);
        foreach (string node in nodes.Where(n => !before.ContainsKey(n))) outcomes[node] = new(null, ServerMessages.NodeNotFound(node, _server.Host));
        string[] present = [.. nodes.Where(before.ContainsKey)];
        IReadOnlyList<string> foreign = present.Length == 0
            ? []
            : await _server.GetForeignNodesAsync(present, cancellationToken).ConfigureAwait(false);
        foreach (string node in foreign) outcomes[node] = new(null, ServerMessages.NodeNotOwned(node, before[node].Owner));

        // The server refuses an image for a whole set when one model does not fit.
        foreach (IGrouping<string, string> ofModel in present.Except(foreign).GroupBy(n => before[n].Model, StringComparer.Ordinal))
        {
            try
            {
                await _server.SetImageAsync([.. ofModel], image, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e)
            {
                foreach (string node in ofModel) outcomes[node] = new(null, e);
            }
        }
        Dictionary<string, WaltNodeInfo> after = await GetNodesAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, WaltImageInfo> images = (await _server.GetImagesAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(i => i.FullName, StringComparer.Ordinal);
        foreach (string node in nodes.Where(n => !outcomes.ContainsKey(n)))
        {
            outcomes[node] = after.TryGetValue(node, out WaltNodeInfo? info)
                ? new(new WaltRoute(info, images.GetValueOrDefault(info.Image) ?? new WaltImageInfo(info.Image)), null)
                : new(null, ServerMessages.NodeNotFound(node, _server.Host));
        }
        return outcomes;
    }

    async Task<IReadOnlyDictionary<string, string?>> ReadFirmwareAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> known = new Dictionary<string, string>();
        try
        {
            if (_server.ReadFirmware is { } read) known = await read(nodes, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            _server.Reporter.Verbose($"The firmware of nodes could not be looked up: {e.Message}");
        }
        return nodes.ToDictionary(n => n, known.GetValueOrDefault);
    }

    async Task<Dictionary<string, WaltNodeInfo>> GetNodesAsync(CancellationToken cancellationToken) =>
        (await _server.GetNodesAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(n => n.Name, StringComparer.Ordinal);
}
