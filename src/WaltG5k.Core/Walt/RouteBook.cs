using System.Collections.Concurrent;
using WaltG5k.Core.Walt.Http;

namespace WaltG5k.Core.Walt;

/// <summary>
/// Finds out over HTTP alone whether a changed image has reached a node's boot files. <c>set_image</c> answers before the image is mounted and the
/// node's links are switched, and nothing in the API tells when that is done. What is known of an image's boot files in advance is nothing, so they
/// are compared with what the node got before the order:
/// <list type="bullet">
/// <item>the image is the very same (a clone keeps the id): nothing has to change;</item>
/// <item>a file differs from before, and again at a second look or from then on for other nodes of the same image and model: the change is
/// there;</item>
/// <item>nothing differs: the images may have the same kernel and initrd, as after <c>walt image shell</c>. After <see cref="BlindDelay"/> the route
/// is taken as settled, with a note that says so. Reading the links on the server is the exact way, see
/// <see cref="WaltServer.ReadImageLinks"/>.</item>
/// </list>
/// </summary>
sealed class RouteBook(WaltHttp http, TimeProvider time)
{
    /// <summary>Ten times what mounting an image takes on an idle server.</summary>
    public static readonly TimeSpan BlindDelay = TimeSpan.FromSeconds(10);

    /// <summary>The files most likely to differ come first: the first difference decides.</summary>
    static readonly string[] s_files = ["initrd", "kernel", "start.ipxe"];

    /// <param name="OldImageId">The image in effect before; null when that is not certain.</param>
    /// <param name="Before">Marks of the boot files before; null when they were not looked at.</param>
    sealed record Route(string? OldImageId, string?[]? Before, long OrderedAt)
    {
        public string? LastSeen { get; init; }
        /// <summary>The id of the image that was found in effect.</summary>
        public string? SettledOn { get; init; }
        public string? Note { get; init; }
    }

    readonly ConcurrentDictionary<string, Route> _routes = new(StringComparer.Ordinal);
    /// <summary>The first boot file that differs from others, as seen once the image was in effect on some node.</summary>
    readonly ConcurrentDictionary<(string ImageId, string Model), string> _seen = new();

    /// <summary>Notes what the nodes would boot now. To be called right before the image is changed.</summary>
    public async Task RememberAsync(IReadOnlyList<WaltNodeInfo> nodes, IReadOnlyList<WaltImageInfo> images, CancellationToken cancellationToken)
    {
        Dictionary<string, string> ids = images.ToDictionary(i => i.FullName, i => i.Id, StringComparer.Ordinal);
        await Task.WhenAll(nodes.Select(async node =>
        {
            // A change that may still be under way: the files of before that one remain the reference.
            if (_routes.TryGetValue(node.Name, out Route? unsettled) && unsettled.SettledOn is null)
            {
                _routes[node.Name] = unsettled with { OldImageId = null, OrderedAt = time.GetTimestamp(), LastSeen = null };
                return;
            }
            string?[] marks = await Task.WhenAll(s_files.Select(f => http.GetBootFileMarkAsync(f, node.Ip, cancellationToken))).ConfigureAwait(false);
            _routes[node.Name] = new Route(ids.GetValueOrDefault(node.Image), marks, time.GetTimestamp());
        })).ConfigureAwait(false);
    }

    public async Task<WaltRouteCheck> CheckAsync(WaltRoute request, CancellationToken cancellationToken)
    {
        (WaltNodeInfo node, WaltImageInfo image) = request;
        Route route = _routes.GetOrAdd(node.Name, _ => new Route(null, null, time.GetTimestamp()));
        if (route.SettledOn == image.Id) return new WaltRouteCheck(true, route.Note);
        if (route.OldImageId == image.Id) return Settle(node, route, image, "the node had this image already");

        (string? difference, bool hasFiles) = await FindDifferenceAsync(node, route.Before, cancellationToken).ConfigureAwait(false);
        if (difference is not null)
        {
            if (difference == route.LastSeen || _seen.GetValueOrDefault((image.Id, node.Model)) == difference)
            {
                _seen[(image.Id, node.Model)] = difference;
                return Settle(node, route, image, null);
            }
            _routes[node.Name] = route with { LastSeen = difference };
            return new WaltRouteCheck(false, null);
        }
        if (!hasFiles) return new WaltRouteCheck(false, "the server has no boot files for the node yet");
        return time.GetElapsedTime(route.OrderedAt) >= BlindDelay
            ? Settle(node, route, image, $"the boot files do not tell the images apart: trusted after {BlindDelay.TotalSeconds:0} s")
            : new WaltRouteCheck(false, "the boot files are those of before");
    }

    WaltRouteCheck Settle(WaltNodeInfo node, Route route, WaltImageInfo image, string? note)
    {
        _routes[node.Name] = route with { SettledOn = image.Id, Note = note };
        return new WaltRouteCheck(true, note);
    }

    /// <summary>The first boot file that is not as before, and whether there are boot files at all.</summary>
    async Task<(string? Difference, bool HasFiles)> FindDifferenceAsync(WaltNodeInfo node, string?[]? before, CancellationToken cancellationToken)
    {
        bool hasFiles = false;
        for (int i = 0; i < s_files.Length; i++)
        {
            string? mark = await http.GetBootFileMarkAsync(s_files[i], node.Ip, cancellationToken).ConfigureAwait(false);
            hasFiles |= mark is not null;
            if (before is not null && mark is not null && mark != before[i]) return ($"{s_files[i]} {mark}", true);
        }
        return (null, hasFiles);
    }
}
