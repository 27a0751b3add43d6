using System.Net.Sockets;
using System.Text;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>A connection to tcp 12347: lines, single bytes and raw data, in any order. What is read as a line is never more than the line.</summary>
internal sealed class StreamConnection(Socket socket) : IAsyncDisposable
{
    const int MaximumLine = 1 << 20;

    readonly NetworkStream _stream = new(socket);
    readonly byte[] _buffer = new byte[4096];
    int _start;
    int _end;

    /// <summary>The address of the WalT network from which a node speaks; null for anybody else.</summary>
    public string? NodeIp => NodeAddresses.GetNodeIp(socket);

    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_start == _end) return await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <summary>The next byte.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    public async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await _stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (_end == 0) throw new EndOfStreamException();
        }
        return _buffer[_start++];
    }

    /// <summary>The next line without its end; null at the end of the stream.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        using MemoryStream line = new();
        try
        {
            while (await ReadByteAsync(cancellationToken).ConfigureAwait(false) is var next && next != '\n')
            {
                if (line.Length >= MaximumLine) throw new IOException("a line without end");
                line.WriteByte(next);
            }
        }
        catch (EndOfStreamException) when (line.Length == 0)
        {
            return null;
        }
        catch (EndOfStreamException)
        {
            // A last line without its end.
        }
        return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
    }

    public Task WriteAsync(string text, CancellationToken cancellationToken) => WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken).AsTask();

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
