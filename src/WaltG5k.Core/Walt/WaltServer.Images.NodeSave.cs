using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>
    /// Makes an image of a node as it is now: its own image, with the files that were created or changed on the node since its boot. What was deleted
    /// there is in the new image all the same.
    /// </summary>
    /// <param name="overwrites">Replace an image of that name; nodes that boot it are rebooted.</param>
    /// <param name="onLine">Gets each line of the build's output.</param>
    /// <exception cref="G5kException"><c>ImageNameInvalid</c>, <c>ImageExists</c>, <c>ImageBuildFailed</c>, <c>WaltServerDiskFull</c>.</exception>
    public Task<WaltImageInfo> SaveNodeImageAsync(string node, string name, bool overwrites, Action<string>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        PythonDict request = PythonDict.Of(("mode", "node-diff"), ("image_name", WaltImageName.Require(name)), ("node_name", node));
        return BuildAsync(name, request, overwrites, onLine, async (session, id, _, output, token) =>
        {
            RpcResult result = await session.CallAsync(
                new RpcCall("run_image_build_from_node_diff", id) { Timeout = s_buildTimeout, IsIdempotent = false }, token).ConfigureAwait(false);
            if (output.Count == 0) output.AddRange([.. result.Output, .. result.Errors]);
            return result.Value.IsTrue;
        }, cancellationToken);
    }
}
