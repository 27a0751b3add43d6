using System.IO.Pipelines;

namespace WaltG5k.Tests.Walt;

/// <summary>
/// One end of a connection in memory. Unlike a socket's, its data on the way is always work of the thread pool, so that a clock that jumps when
/// nothing happens never jumps over it.
/// </summary>
sealed class DuplexStream : Stream
{
    readonly Stream _input;
    readonly Stream _output;
    readonly CancellationTokenSource _closed = new();

    DuplexStream(PipeReader input, PipeWriter output) => (_input, _output) = (input.AsStream(), output.AsStream());

    public static (Stream Client, Stream Server) CreatePair()
    {
        Pipe up = new(new PipeOptions(pauseWriterThreshold: 0)), down = new(new PipeOptions(pauseWriterThreshold: 0));
        return (new DuplexStream(down.Reader, up.Writer), new DuplexStream(up.Reader, down.Writer));
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            return await _input.ReadAsync(buffer, linked.Token);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(DuplexStream));
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        return _output.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);
    public override void Flush() => _output.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            _output.Dispose();      // the other end reads the end of the stream
        }
        base.Dispose(disposing);
    }
}
