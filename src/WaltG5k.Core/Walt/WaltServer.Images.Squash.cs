using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    static readonly TimeSpan s_squashTimeout = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Makes one layer of all layers of an image. Where nodes boot it they are rebooted; unless <paramref name="confirmed"/> nothing is done then,
    /// and the answer is false.
    /// </summary>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageNotOwned</c>, <c>ImageBusy</c>, <c>WaltServerDiskFull</c>.</exception>
    public async Task<bool> SquashImageAsync(string image, bool confirmed, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image);
        RpcCall call = new("squash_image", name, confirmed) { Timeout = s_squashTimeout, IsIdempotent = false };
        RpcResult result = await CallWithAccountAsync(call, null, cancellationToken).ConfigureAwait(false);
        string status = result.Value.AsString() ?? throw Unexpected("squash_image", result.Value);
        if (status == "NEEDS_CONFIRM") return false;
        if (!status.StartsWith("OK", StringComparison.Ordinal)) throw ImageMessages.Explain(result.Errors, name, name, Host);
        WarnOfReboots(result);
        return true;
    }

    /// <summary>Nodes that a changed image should have rebooted, and did not: the change itself is done.</summary>
    void WarnOfReboots(RpcResult result)
    {
        foreach (string error in result.Errors.Where(e => ServerMessages.TryReadNodes(e, out _, out string what) && !ServerMessages.IsRebooted(what)))
            Reporter.Warning($"WalT server {Host}: {error}");
    }
}
