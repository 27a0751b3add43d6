using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>A TCP channel from the front-end: the standard input and output of an ssh that has asked the shared connection for it.</summary>
sealed class SshChannel : Stream
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    /// <summary>What ssh says on being granted a channel, when it is asked to say more than usual.</summary>
    const string Granted = "master session id";

    readonly Process _process;
    readonly int _id;
    readonly Stream _output, _input;
    int _closed;

    SshChannel(Process process)
    {
        _process = process;
        _id = process.Id;
        _output = process.StandardOutput.BaseStream;
        _input = process.StandardInput.BaseStream;
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="G5kException"><c>ChannelRefused</c>, <c>ChannelTimeout</c>.</exception>
    public static async Task<Stream> OpenAsync(SshFrontend frontend, SshMaster master, string host, int port, TimeProvider time,
        CancellationToken cancellationToken)
    {
        long before = master.Log.Count;
        string address = string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}");
        Process process = SshProcess.Start([.. SshProcess.Shared(master.Socket).Skip(1), "-v", "-W", address, "--", SshProcess.AnyHost]);
        var channel = new SshChannel(process);
        using var limit = new CancellationTokenSource(s_limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (await IsGrantedAsync(process.StandardError, stop.Token).ConfigureAwait(false))
            {
                _ = DrainAsync(process.StandardError);
                return channel;
            }
        }
        catch (OperationCanceledException e)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw TimedOut(frontend, host, port, $"has not answered within {s_limit.TotalSeconds:0} s", e);
        }
        await channel.DisposeAsync().ConfigureAwait(false);
        throw await GetFailureAsync(frontend, master, before, host, port, time, cancellationToken).ConfigureAwait(false);
    }

    public override int Read(byte[] buffer, int offset, int count) => _output.Read(buffer, offset, count);
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _output.ReadAsync(buffer, cancellationToken);
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Write(byte[] buffer, int offset, int count) => _input.Write(buffer, offset, count);
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.WriteAsync(buffer, cancellationToken);
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Flush() => _input.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => _input.FlushAsync(cancellationToken);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _closed, 1) == 0)
        {
            CloseInput(); // the far side sees the end only when this one has: that ssh is gone does not tell it
            _output.Dispose();
            Signals.Send(_id, Signals.Kill);
            _ = _process.WaitForExitAsync(CancellationToken.None)
                .ContinueWith(_ => _process.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        base.Dispose(disposing);
    }

    void CloseInput()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // The far side was faster.
        }
    }

    static async Task<bool> IsGrantedAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        while (await errors.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (line.Contains(Granted, StringComparison.Ordinal)) return true;
        return false;
    }

    static async Task DrainAsync(StreamReader errors)
    {
        try
        {
            while (await errors.ReadLineAsync().ConfigureAwait(false) is not null) { }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It is closed.
        }
    }

    /// <summary>Why a channel was not granted is printed by the shared connection, a moment before or after.</summary>
    static async Task<G5kException> GetFailureAsync(SshFrontend frontend, SshMaster master, long before, string host, int port, TimeProvider time,
        CancellationToken cancellationToken)
    {
        for (int i = 0; i < 10 && !master.Ended.IsCompleted; i++)
        {
            if (master.Log.Since(before).FirstOrDefault(l => l.Contains("open failed", StringComparison.Ordinal)) is { } line)
            {
                string reason = line[(line.LastIndexOf("open failed: ", StringComparison.Ordinal) + "open failed: ".Length)..]
                    .Replace("connect failed: ", "", StringComparison.Ordinal);
                return reason.Contains("timed out", StringComparison.Ordinal)
                    ? TimedOut(frontend, host, port, "does not answer", null)
                    : Refused(frontend, host, port, reason);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken).ConfigureAwait(false);
        }
        return master.Ended.IsCompleted
            ? SshFailures.Make(SshFailureReason.ConnectionLost, frontend.Site, frontend.Destination, master.Log.LastLine)
            : Refused(frontend, host, port, "no reason was given");
    }

    static G5kException Refused(SshFrontend frontend, string host, int port, string reason) => new("ChannelRefused", ErrorKind.ConnectionError,
        $"{host}:{port} cannot be reached from {frontend.Name}: {reason}.", host,
        $"Is the service up? Try: ssh {frontend.Destination} nc -vz {host} {port}");

    static G5kException TimedOut(SshFrontend frontend, string host, int port, string what, Exception? cause) =>
        new("ChannelTimeout", ErrorKind.OperationTimeout,
        $"{host}:{port} {what}, seen from {frontend.Name}.", host,
        $"Is the machine up and in a VLAN that is reachable from there? Try: ssh {frontend.Destination} ping -c 3 {host}", cause);
}
