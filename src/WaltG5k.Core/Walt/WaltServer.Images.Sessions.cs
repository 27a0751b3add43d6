using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>Begins work on an image. The caller disposes the session; what was not saved is lost then.</summary>
    /// <param name="purpose">What others are told who want to work on the image meanwhile: <c>shell session</c>.</param>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageNotOwned</c>, <c>ImageBusy</c>, <c>ImageLayersExhausted</c>.</exception>
    public Task<WaltImageSession> OpenImageSessionAsync(string image, string purpose, CancellationToken cancellationToken = default) =>
        OpenImageSessionAsync(image, purpose, null, cancellationToken);

    async Task<WaltImageSession> OpenImageSessionAsync(string image, string purpose, RpcSession? own, CancellationToken cancellationToken)
    {
        string name = RequireOwn(image);
        RpcSession session = own ?? await OpenWorkSessionAsync(null, null, cancellationToken).ConfigureAwait(false);
        try
        {
            RpcResult result = await session.CallAsync(new RpcCall("create_image_shell_session", name, purpose) { IsIdempotent = false },
                cancellationToken).ConfigureAwait(false);
            if (result.Value is PythonNone) throw ImageMessages.Explain(result.Errors, name, name, Host);
            if (result.Value is PythonSequence { Items: [PythonInteger id, PythonString fullName, PythonString container, PythonString] })
                return new WaltImageSession(this, session, (long)id.Value, fullName.Value, container.Value, name, WarnOfReboots);
            throw Unexpected("create_image_shell_session", result.Value);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
