using System.Net.Sockets;
using System.Text;
using WaltG5k.Core.Frontends.Ssh;

namespace WaltG5k.Core.Walt.Streams;

/// <summary>
/// A stream of a WalT server (tcp 12347) whose opening has been read: raw bytes both ways, or lines. One reader and one writer at a time. The
/// failures of the connection are <see cref="IOException"/>; <see cref="IdleTimeout"/> ends a read in a <see cref="G5kException"/>.
/// </summary>
public sealed class WaltStream : Stream
{
    /// <summary>A longer line is none.</summary>
    const int MaximumLine = 16 << 20;

    readonly Stream _inner;
    readonly string _host;
    readonly TimeProvider _time;
    byte[] _buffer = new byte[4096];
    int _start;
    int _end;

    internal WaltStream(Stream inner, string host, TimeProvider time) => (_inner, _host, _time) = (inner, host, time);

    /// <summary>How long a read may wait for anything at all (<c>WaltStreamTimeout</c>); without end by default.</summary>
    public TimeSpan IdleTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The next line (UTF-8, faulty bytes replaced) without its end; null at the end of the stream. A last line may lack its end.</summary>
    /// <exception cref="G5kException"><c>WaltStreamTimeout</c>.</exception>
    /// <exception cref="InvalidDataException">A line of more than 16 MiB.</exception>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken = default)
    {
        int searched = _start;
        while (true)
        {
            int index = Array.IndexOf(_buffer, (byte)'\n', searched, _end - searched);
            if (index >= 0)
            {
                string line = Encoding.UTF8.GetString(_buffer, _start, index - _start);
                _start = index + 1;
                return line;
            }
            if (_end - _start > MaximumLine) throw new InvalidDataException(
                $"The WalT server {_host} sends a line of more than {MaximumLine >> 20} MiB.");
            searched = _end - MakeRoom();
            int count = await ReadInnerAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                string rest = Encoding.UTF8.GetString(_buffer, _start, _end - _start);
                _start = _end = 0;
                return rest.Length > 0 ? rest : null;
            }
            _end += count;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end) return await ReadInnerAsync(buffer, cancellationToken).ConfigureAwait(false);
        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    /// <summary>
    /// Says that nothing more will be written; the other direction stays open. False where the channel cannot close one direction alone.
    /// </summary>
    public bool CloseOutput()
    {
        switch (_inner)
        {
            case NetworkStream network:
                network.Socket.Shutdown(SocketShutdown.Send);
                return true;
            case ProcessStream process:
                process.CloseOutput();
                return true;
            default:
                return false;
        }
    }

    async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (IdleTimeout == Timeout.InfiniteTimeSpan) return await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource expiry = new(IdleTimeout, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            return await _inner.ReadAsync(buffer, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw StreamErrors.TimedOut(_host, $"sent nothing for {IdleTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>Makes sure that something can be read; gives by how much the pending bytes were moved to the front.</summary>
    int MakeRoom()
    {
        if (_end < _buffer.Length) return 0;
        int moved = _start;
        byte[] target = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
        Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
        _buffer = target;
        _end -= moved;
        _start = 0;
        return moved;
    }

    public override void Flush() => _inner.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
