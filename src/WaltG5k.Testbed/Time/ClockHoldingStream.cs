namespace WaltG5k.Testbed.Time;

/// <summary>
/// A client's channel to a service that answers every request at once, such as HTTP: keeps a clock of speed 0 where it is from a request until its
/// answer comes. Data on its way through the kernel is no work that the clock could see.
/// </summary>
sealed class ClockHoldingStream(Stream inner, VirtualClock clock) : Stream
{
    IDisposable? _busy;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A read of no bytes only waits for data: the answer is still to be read.
            if (buffer.Length > 0) Release();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IDisposable busy = clock.Busy();
        Interlocked.Exchange(ref _busy, busy)?.Dispose();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    public override void Flush() => inner.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Release();
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    void Release() => Interlocked.Exchange(ref _busy, null)?.Dispose();
}
