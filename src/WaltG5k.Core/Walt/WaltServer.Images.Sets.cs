using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>
    /// The images, each with the nodes that boot it. <paramref name="refresh"/> makes the server look through its storage first, for images that were
    /// made behind its back.
    /// </summary>
    public async Task<IReadOnlyList<WaltImageInfo>> GetImagesWithNodesAsync(bool refresh = false, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<WaltImageInfo> images = await _http.GetImagesAsync(refresh ? "?refresh=true" : "", cancellationToken).ConfigureAwait(false);
        ILookup<string, string> nodes = (await GetNodesAsync(cancellationToken).ConfigureAwait(false))
            .ToLookup(n => n.Image, n => n.Name, StringComparer.Ordinal);
        return [.. images.Select(i => i with { Nodes = [.. nodes[i.FullName].Order(StringComparer.Ordinal)] })];
    }

    /// <summary>
    /// An image of this user, with the nodes that boot it. A user without any image gets clones of the default ones at this occasion, as WalT does
    /// it.
    /// </summary>
    /// <param name="image">A name, or <c>user/name</c> with one's own user.</param>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageNotOwned</c>.</exception>
    public async Task<WaltImageInfo> GetOwnImageAsync(string image, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image);
        await RequireImageAsync(name, cancellationToken).ConfigureAwait(false);
        return await FindOwnImageAsync(name, cancellationToken).ConfigureAwait(false) ?? throw ServerMessages.ImageNotFound(name, Host);
    }

    /// <summary>As <see cref="GetOwnImageAsync"/>, but null where there is none.</summary>
    public async Task<WaltImageInfo?> FindOwnImageAsync(string image, CancellationToken cancellationToken = default)
    {
        string fullName = WaltImageName.GetFullName(User, RequireOwn(image));
        return (await GetImagesWithNodesAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(i => i.FullName == fullName);
    }

    /// <summary>Gives the image a second name; both share what is on the disk.</summary>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageExists</c>, <c>ImageNameInvalid</c>, <c>ImageNotOwned</c>.</exception>
    public async Task<WaltImageInfo> DuplicateImageAsync(string image, string newName, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image);
        newName = WaltImageName.Require(newName);
        await ChangeImageAsync(new RpcCall("duplicate_image", name, newName), name, newName, cancellationToken).ConfigureAwait(false);
        return await GetOwnImageAsync(newName, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageExists</c>, <c>ImageInUse</c>, <c>ImageNameInvalid</c>,
    /// <c>ImageNotOwned</c>.</exception>
    public async Task<WaltImageInfo> RenameImageAsync(string image, string newName, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image);
        newName = WaltImageName.Require(newName);
        await ChangeImageAsync(new RpcCall("rename_image", name, newName), name, newName, cancellationToken).ConfigureAwait(false);
        return await GetOwnImageAsync(newName, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageInUse</c>, <c>ImageNotOwned</c>.</exception>
    public Task RemoveImageAsync(string image, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image);
        return ChangeImageAsync(new RpcCall("remove_image", name), name, name, cancellationToken);
    }

    /// <summary>The name of an image of this user.</summary>
    /// <exception cref="G5kException"><c>ImageNotOwned</c>: only images of one's own can be worked on; <c>ImageNameInvalid</c>.</exception>
    internal string RequireOwn(string image)
    {
        if (image.Split('/') is not [var owner, var name]) return WaltImageName.Require(image);
        return owner == User ? WaltImageName.Require(name) : throw new G5kException("ImageNotOwned", ErrorKind.PermissionDenied,
            $"The image {image} belongs to user '{owner}': clone it first.", image, $"Import-WaltImage walt:{WaltImageName.WithoutLatest(image)}");
    }

    async Task ChangeImageAsync(RpcCall call, string image, string newName, CancellationToken cancellationToken)
    {
        RpcResult result = await CallAsync(call with { IsIdempotent = false }, cancellationToken).ConfigureAwait(false);
        if (!result.Value.IsTrue) throw await ExplainImageAsync(result, image, newName, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Why the server refused something about an image; an image in use is told with its nodes.</summary>
    async Task<G5kException> ExplainImageAsync(RpcResult result, string image, string newName, CancellationToken cancellationToken)
    {
        G5kException failure = ImageMessages.Explain(result.Errors, image, newName, Host);
        return failure.Code == "ImageInUse" && await FindOwnImageAsync(newName, cancellationToken).ConfigureAwait(false) is { Nodes.Count: > 0 } used
            ? ImageMessages.InUse(used, failure.Message)
            : failure.Code == "ImageInUse" && await FindOwnImageAsync(image, cancellationToken).ConfigureAwait(false) is { Nodes.Count: > 0 } source
            ? ImageMessages.InUse(source, failure.Message) : failure;
    }
}
