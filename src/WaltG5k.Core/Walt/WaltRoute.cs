namespace WaltG5k.Core.Walt;

/// <summary>A node and the image that it was told to boot.</summary>
public sealed record WaltRoute(WaltNodeInfo Node, WaltImageInfo Image);

/// <summary>Whether the server would serve the image to the node now.</summary>
/// <param name="Note">How that is known where it is not plain, or what is missing.</param>
public sealed record WaltRouteCheck(bool IsRouted, string? Note);
