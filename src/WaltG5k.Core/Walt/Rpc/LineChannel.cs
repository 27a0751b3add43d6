using System.Text;

namespace WaltG5k.Core.Walt.Rpc;

/// <summary>
/// Lines over a stream, one reader at a time. One read is always under way, also between calls: so a connection that the server has closed is known
/// before it is used again.
/// </summary>
sealed class LineChannel : IAsyncDisposable
{
    /// <summary>A longer line is no answer of a WalT server.</summary>
    const int MaximumLine = 16 << 20;

    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly Stream _stream;
    byte[] _buffer = new byte[4096];
    int _start;
    int _end;
    Task<int>? _read;

    public LineChannel(Stream stream) => _stream = stream;

    /// <summary>False once the server has closed the connection or has sent something unasked.</summary>
    public bool IsQuiet
    {
        get
        {
            _read ??= StartRead();
            return !_read.IsCompleted && _start == _end;
        }
    }

    public async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(s_utf8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next line without its end, or null at the end of the stream.</summary>
    /// <exception cref="DecoderFallbackException">The line is not UTF-8.</exception>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        int searched = _start;
        while (true)
        {
            int index = Array.IndexOf(_buffer, (byte)'\n', searched, _end - searched);
            if (index >= 0)
            {
                string line = s_utf8.GetString(_buffer, _start, index - _start);
                _start = index + 1;
                if (_start == _end) _start = _end = 0;
                return line;
            }
            searched = _end;
            if (_end - _start > MaximumLine) throw new InvalidDataException($"a line of more than {MaximumLine >> 20} MiB");
            if (_read is null && MakeRoom() is var moved && moved > 0) searched -= moved;
            int count = await (_read ??= StartRead()).WaitAsync(cancellationToken).ConfigureAwait(false);
            _read = null;
            if (count == 0) return null;
            _end += count;
        }
    }

    /// <summary>The read goes on when its waiter is cancelled; closing the stream ends it.</summary>
    Task<int> StartRead()
    {
        MakeRoom();
        return _stream.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask();
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

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        // The read that was under way ends by the disposal; its failure is nobody's concern.
        _ = _read?.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
