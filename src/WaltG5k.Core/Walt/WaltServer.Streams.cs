using System.Text;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Core.Walt.Streams;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    public const int StreamPort = 12347;

    /// <summary>From the connection to the server's READY.</summary>
    static readonly TimeSpan s_streamOpening = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Opens a stream: waits until the server is ready, sends the parameters; what then flows belongs to the request. The caller disposes it. A
    /// parameter that the server does not like ends the stream without a word.
    /// </summary>
    /// <exception cref="G5kException"><c>WaltStreamRefused</c>, <c>WaltStreamTimeout</c>, or what the front-end's channel throws.</exception>
    public Task<WaltStream> OpenStreamAsync(WaltStreamRequest request, PythonDict parameters, CancellationToken cancellationToken = default)
    {
        Reporter.Verbose($"WalT server {Host}: stream {request} {parameters}");
        return OpenStreamAsync(request, async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{(int)request}\n")), token).ConfigureAwait(false);
            string? ready = await stream.ReadLineAsync(token).ConfigureAwait(false);
            if (ready?.TrimEnd('\r') != "READY") throw StreamErrors.Refused(Host, request,
                ready is null ? "it closed the connection." : $"it answered '{Shorten(ready)}'.");
            await stream.WriteAsync(PickleWriter.Write(parameters), token).ConfigureAwait(false);
            await stream.FlushAsync(token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <summary>A TCP connection to a port of a node, through the server.</summary>
    /// <exception cref="G5kException"><c>NodePortUnreachable</c>, <c>WaltStreamRefused</c>, <c>WaltStreamTimeout</c>, or what the front-end's channel
    /// throws.</exception>
    public Task<WaltStream> ConnectNodeAsync(string nodeIp, int port, CancellationToken cancellationToken = default)
    {
        Reporter.Verbose(FormattableString.Invariant($"WalT server {Host}: connect {nodeIp}:{port}"));
        PythonDict parameters = PythonDict.Of(("node_ip", nodeIp), ("node_port", (long)port));
        return OpenStreamAsync(WaltStreamRequest.TcpToNode, async (stream, token) =>
        {
            // Alone among the requests this one has no READY: the parameters follow at once, and the first line says how it went.
            byte[] opening = [.. Encoding.ASCII.GetBytes(FormattableString.Invariant($"{(int)WaltStreamRequest.TcpToNode}\n")),
                .. PickleWriter.Write(parameters)];
            await stream.WriteAsync(opening, token).ConfigureAwait(false);
            await stream.FlushAsync(token).ConfigureAwait(false);
            string? status = await stream.ReadLineAsync(token).ConfigureAwait(false);
            if (status == "READY") status = await stream.ReadLineAsync(token).ConfigureAwait(false);
            if (status?.TrimEnd('\r') == "OK") return;
            throw new G5kException("NodePortUnreachable", ErrorKind.ConnectionError,
                FormattableString.Invariant(
                $"{nodeIp}:{port} cannot be reached from the WalT server {Host}: {(status is null ? "it closed the connection." : Shorten(status))}"), nodeIp,
                "Is the node booted, and does something listen there? Get-WaltNode");
        }, cancellationToken);
    }

    async Task<WaltStream> OpenStreamAsync(WaltStreamRequest request, Func<WaltStream, CancellationToken, Task> open,
        CancellationToken cancellationToken)
    {
        using TimeLimit limit = new(s_streamOpening, Time, cancellationToken);
        WaltStream? stream = null;
        try
        {
            stream = new WaltStream(await Frontend.ConnectAsync(Host, StreamPort, limit.Token).ConfigureAwait(false), Host, Time);
            await open(stream, limit.Token).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (e is OperationCanceledException && limit.IsOver)
                throw StreamErrors.TimedOut(Host, $"did not open the stream {request} in {s_streamOpening.TotalSeconds:0} s");
            if (e is IOException or ObjectDisposedException or InvalidDataException) throw StreamErrors.Refused(Host, request, e.Message, e);
            throw;
        }
    }

    static string Shorten(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
