using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace WaltG5k.Lab.Services;

/// <summary>QEMU's control socket: the reset button of a node.</summary>
static class QemuControl
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Null, or why the node could not be reset.</summary>
    public static async Task<string?> ResetAsync(string socketPath, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), limit.Token).ConfigureAwait(false);
            using NetworkStream stream = new(socket);
            using StreamReader reader = new(stream, Encoding.UTF8);
            await reader.ReadLineAsync(limit.Token).ConfigureAwait(false);
            return await OrderAsync(stream, reader, "qmp_capabilities", limit.Token).ConfigureAwait(false)
                ?? await OrderAsync(stream, reader, "system_reset", limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "its QEMU does not answer";
        }
    }

    static async Task<string?> OrderAsync(NetworkStream stream, StreamReader reader, string order, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($$"""{"execute":"{{order}}"}""" + "\n"), cancellationToken).ConfigureAwait(false);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            // Events come in between.
            using JsonDocument answer = JsonDocument.Parse(line);
            if (answer.RootElement.TryGetProperty("return", out _)) return null;
            if (answer.RootElement.TryGetProperty("error", out JsonElement error)) return error.GetProperty("desc").GetString() ?? "refused";
        }
        return "its QEMU has ended";
    }
}
