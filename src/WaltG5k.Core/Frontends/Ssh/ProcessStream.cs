using System.Diagnostics;

namespace WaltG5k.Core.Frontends.Ssh;

/// <summary>A channel whose two directions are the output and the input of an ssh client. The client ends with the stream.</summary>
sealed class ProcessStream : Stream
{
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    readonly Process _process;
    readonly string _destination;
    readonly string _target;
    readonly Task<string> _errors;
    bool _hasRead;
    bool _disposed;

    public ProcessStream(Process process, string destination, string target)
    {
        (_process, _destination, _target) = (process, destination, target);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="G5kException"><c>FrontendUnreachable</c> or <c>ChannelRefused</c>, at the first read: the channel was never
    /// there.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await _process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0 && !_hasRead && buffer.Length > 0 && !_disposed) await ThrowIfFailedAsync(cancellationToken).ConfigureAwait(false);
        _hasRead |= count > 0;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _process.StandardInput.BaseStream.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _process.StandardInput.BaseStream.FlushAsync(cancellationToken);

    /// <summary>Says that nothing more will be written.</summary>
    public void CloseOutput() => _process.StandardInput.Close();

    async Task ThrowIfFailedAsync(CancellationToken cancellationToken)
    {
        string errors;
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(s_grace, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            if (_process.ExitCode == 0) return;
            errors = (await _errors.WaitAsync(s_grace, TimeProvider.System, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (TimeoutException)
        {
            return; // ssh lives on: the far end has closed one direction
        }
        if (errors.Contains("open failed", StringComparison.Ordinal))
            throw new G5kException("ChannelRefused", ErrorKind.ConnectionError, $"{_target} cannot be reached from {_destination}: {errors}",
                _target, $"Is the service up? Try: ssh {_destination} nc -vz {_target.Replace(':', ' ')}");
        throw new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, $"{_destination} cannot be reached by ssh: {errors}", _destination,
            $"Try: ssh {_destination}");
    }

    public override void Flush() => _process.StandardInput.BaseStream.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            try { _process.Kill(entireProcessTree: true); }
            catch (InvalidOperationException) { /* it has ended by itself */ }
            _process.Dispose();
        }
        base.Dispose(disposing);
    }
}
