using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>
    /// Routes nodes to an image (name, or <c>default</c>). Nothing is changed unless all nodes exist and none belongs to another user. Answers before
    /// the image is mounted: see <see cref="CheckRoutesAsync"/>.
    /// </summary>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>WaltNodeNotFound</c>, <c>ImageIncompatible</c>, <c>NodeNotOwned</c>.</exception>
    public async Task SetImageAsync(IReadOnlyList<string> nodes, string image, CancellationToken cancellationToken = default)
    {
        if (nodes.Count == 0) return;
        await RequireImageAsync(image, cancellationToken).ConfigureAwait(false);

        // The names are fixed first: set_image itself changes what sets such as my-nodes mean.
        string set = string.Join(',', nodes);
        RpcResult developed = await CallAsync(new RpcCall("develop_node_set", set), cancellationToken).ConfigureAwait(false);
        if (developed.Value.AsString() is not { Length: > 0 } names) throw ServerMessages.Explain(developed.Errors, set, Host);
        IReadOnlyList<string> foreign = await GetForeignNodesAsync(names.Split(','), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WaltNodeInfo> known = await GetNodesAsync(cancellationToken).ConfigureAwait(false);
        if (foreign.Count > 0) throw ServerMessages.NodeNotOwned(foreign[0], known.FirstOrDefault(n => n.Name == foreign[0])?.Owner);

        HashSet<string> chosen = [.. names.Split(',')];
        await _routes.RememberAsync([.. known.Where(n => chosen.Contains(n.Name))], await GetImagesAsync(cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        RpcResult answer = await CallAsync(new RpcCall("set_image", names, image), cancellationToken).ConfigureAwait(false);
        if (!answer.Value.IsTrue) throw ServerMessages.Explain(answer.Errors, image, Host);
    }

    /// <exception cref="G5kException"><c>ImageNotFound</c>.</exception>
    internal async Task RequireImageAsync(string image, CancellationToken cancellationToken)
    {
        RpcResult result = await CallAsync(new RpcCall("has_image", image, true), cancellationToken).ConfigureAwait(false);
        if (!result.Value.IsTrue) throw ServerMessages.ImageNotFound(image, Host);
    }

    /// <summary>Those of the nodes that belong to another user.</summary>
    /// <exception cref="G5kException">As <see cref="GetOwnershipAsync"/>.</exception>
    public async Task<IReadOnlyList<string>> GetForeignNodesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken = default) =>
        (await GetOwnershipAsync(nodes, cancellationToken).ConfigureAwait(false)).Foreign;

    /// <summary>Whether the boot files that the server gives to the node are those of the image.</summary>
    public async Task<bool> IsRoutedAsync(WaltNodeInfo node, WaltImageInfo image, CancellationToken cancellationToken = default)
        => (await CheckRoutesAsync([new WaltRoute(node, image)], cancellationToken).ConfigureAwait(false))[node.Name].IsRouted;

    /// <summary>
    /// Whether changed images are in effect, by node name: by the links on the server where <see cref="ReadImageLinks"/> is set, else by the boot
    /// files, compared with those that the nodes got before <see cref="SetImageAsync"/>. To be asked again until it is so.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, WaltRouteCheck>> CheckRoutesAsync(IReadOnlyList<WaltRoute> routes,
        CancellationToken cancellationToken = default)
    {
        if (ReadImageLinks is { } readLinks)
        {
            try
            {
                IReadOnlyDictionary<string, string> links = await readLinks([.. routes.Select(r => r.Node.Name)], cancellationToken)
                    .ConfigureAwait(false);
                return routes.ToDictionary(r => r.Node.Name, r => CheckLink(links.GetValueOrDefault(r.Node.Name), r.Image));
            }
            catch (G5kException e)
            {
                Reporter.Verbose($"The links of the WalT server {Host} cannot be read, its boot files are compared instead: {e.Message}");
            }
        }
        WaltRouteCheck[] checks = await Task.WhenAll(routes.Select(r => _routes.CheckAsync(r, cancellationToken))).ConfigureAwait(false);
        return routes.Zip(checks).ToDictionary(p => p.First.Node.Name, p => p.Second);
    }

    static WaltRouteCheck CheckLink(string? link, WaltImageInfo image) => link switch
    {
        null or "" => new WaltRouteCheck(false, "the server has no link for the node"),
        _ when image.Id.Length > 0 && link.Trim().Split('/').Contains(image.Id) => new WaltRouteCheck(true, null),
        _ => new WaltRouteCheck(false, $"the node's link is {link.Trim()}"),
    };
}
