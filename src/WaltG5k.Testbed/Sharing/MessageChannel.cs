using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WaltG5k.Testbed.Sharing;

/// <summary>One JSON object per line, in both directions, over a stream. One reader and one writer at a time.</summary>
sealed class MessageChannel<TIn, TOut>(Stream stream, JsonTypeInfo<TIn> incoming, JsonTypeInfo<TOut> outgoing) : IDisposable
    where TIn : class
{
    readonly StreamReader _reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);

    /// <summary>The next message, or null: the other side has closed, or died.</summary>
    public async Task<TIn?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line
                ? JsonSerializer.Deserialize(line, incoming)
                : null;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Sends a message; false: the other side is gone.</summary>
    public async Task<bool> SendAsync(TOut message, CancellationToken cancellationToken)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, outgoing), (byte)'\n'];
        try
        {
            await stream.WriteAsync(line, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => _reader.Dispose();
}
