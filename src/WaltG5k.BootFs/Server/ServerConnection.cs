using System.Net.Sockets;

namespace WaltG5k.BootFs;

/// <summary>A client's socket around its <see cref="ServerSession"/>: one loop reads, one writes, a clock looks after silence.</summary>
sealed class ServerConnection : IDisposable
{
    /// <summary>A client that says nothing for so long is gone; one that lives asks each 5 s.</summary>
    static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_helloLimit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    /// <summary>
    /// Linux: bytes in the socket that were not sent yet, beyond which it takes no more; what is asked for waits behind no more than these.
    /// </summary>
    const int NotSentLowWater = 25;
    const int NotSentBytes = 128 * 1024;

    readonly Socket _socket;
    readonly ServerParts _parts;
    readonly ServerSession _session;
    readonly Lock _lock = new();
    readonly SemaphoreSlim _wake = new(0, 1);
    long _heardAt;
    string _why = "closed by the client";

    public ServerConnection(Socket socket, ServerParts parts)
    {
        _socket = socket;
        _parts = parts;
        _session = new ServerSession(parts, socket.RemoteEndPoint?.ToString() ?? "?");
        _heardAt = parts.Time.GetTimestamp();
        socket.NoDelay = true;
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, NotSentLowWater, BitConverter.GetBytes(NotSentBytes));
    }

    /// <summary>Ends when the connection does. Does not throw for what a client does.</summary>
    public async Task RunAsync(string? refusal, CancellationToken cancellationToken)
    {
        using CancellationTokenSource closing = new();
        using CancellationTokenRegistration ending = cancellationToken.Register(() =>
        {
            lock (_lock) _session.End();
            _why = "the server ends";
            Wake();
        });
        await using (_parts.Time.CreateTimer(_ => Look(closing), null, s_look, s_look).ConfigureAwait(false))
        {
            if (refusal is not null) _session.Refuse(FailureCode.TooManyClients, refusal);
            Task reading = ReadAsync(closing);
            await WriteAsync(closing.Token).ConfigureAwait(false);
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The client was faster.
            }
            await closing.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
        lock (_lock) _session.Close(_why);
    }

    async Task ReadAsync(CancellationTokenSource closing)
    {
        try
        {
            while (true)
            {
                int count = await _socket.ReceiveAsync(_session.Input, closing.Token).ConfigureAwait(false);
                if (count == 0) break;
                HelloMessage? hello;
                lock (_lock)
                {
                    _heardAt = _parts.Time.GetTimestamp();
                    _session.Received(count);
                    hello = _session.UnansweredHello;
                }
                if (hello is not null) await AnswerAsync(hello).ConfigureAwait(false);
                Wake();
            }
        }
        catch (SocketException e)
        {
            _why = e.SocketErrorCode.ToString();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await closing.CancelAsync().ConfigureAwait(false);
        Wake();
    }

    async Task AnswerAsync(HelloMessage hello)
    {
        try
        {
            ServedImage image = await _parts.Images.GetAsync(hello.Image, hello.Digest).ConfigureAwait(false);
            lock (_lock) _session.Welcome(image);
        }
        catch (ProtocolException e)
        {
            lock (_lock) _session.Refuse(e.Code, e.Message);
        }
    }

    async Task WriteAsync(CancellationToken closed)
    {
        byte[] buffer = new byte[Limits.Header + Limits.Body];
        try
        {
            while (!closed.IsCancellationRequested)
            {
                int count;
                bool isEnding;
                lock (_lock)
                {
                    count = TakeNext(buffer);
                    isEnding = _session.IsEnding;
                }
                if (count > 0) await SendAsync(buffer.AsMemory(0, count), closed).ConfigureAwait(false);
                else if (isEnding) return;
                else await _wake.WaitAsync(closed).ConfigureAwait(false);
            }
        }
        catch (SocketException e)
        {
            _why = e.SocketErrorCode.ToString();
        }
        catch (OperationCanceledException)
        {
        }
    }

    int TakeNext(byte[] buffer)
    {
        try
        {
            return _session.TakeNext(buffer);
        }
        catch (IOException e)
        {
            _session.Refuse(FailureCode.ImageUnreadable, e.Message);
            return _session.TakeNext(buffer);
        }
    }

    async Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken closed)
    {
        while (data.Length > 0) data = data[await _socket.SendAsync(data, closed).ConfigureAwait(false)..];
    }

    void Look(CancellationTokenSource closing)
    {
        lock (_lock)
        {
            if (_session.IsRecordDue) _session.Keep();
            if (_parts.Time.GetElapsedTime(_heardAt) < (_session.IsWelcome ? s_silence : s_helloLimit)) return;
            _why = "silence";
        }
        try
        {
            closing.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _wake.Dispose();
    }
}
