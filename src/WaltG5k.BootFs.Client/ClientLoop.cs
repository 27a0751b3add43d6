using System.Buffers;

namespace WaltG5k.BootFs;

/// <summary>Runs a client on one thread: waits for the server's bytes and the front's reads, connects and connects again.</summary>
sealed unsafe class ClientLoop(RootClient client, ServerSocket server, IFront front, Action<string> log)
{
    const long ConnectLimit = 5_000;
    /// <summary>A boot is over when nothing was read for so long; its memory is given back.</summary>
    const long Quiet = 30_000;
    /// <summary>Messages taken from a ready socket before the front is looked at again.</summary>
    const int Rounds = 16;

    bool _isConnecting;
    bool _hasBegun;
    bool _isTrimmed;
    long _connectingSince;
    long _readAt = Environment.TickCount64;

    /// <summary>Refusals before the image was ever there end the client: nothing would become better.</summary>
    static bool IsFinal(FailureCode code) =>
        code is FailureCode.VersionNotSupported or FailureCode.UnknownImage or FailureCode.OtherImage or FailureCode.BadMessage;

    /// <summary>Called once, when reads can be served.</summary>
    public Action Ready { get; init; } = () => { };

    /// <summary>0 when the front is over; 1 when the image cannot be had.</summary>
    public int Run()
    {
        Libc.PollEntry* entries = stackalloc Libc.PollEntry[2];
        while (!front.IsOver)
        {
            long now = Environment.TickCount64;
            if (!server.IsOpen && now >= client.ConnectAt) Connect(now);
            entries[0] = new Libc.PollEntry { File = server.File,
                Events = (short)(Libc.PollIn | (_isConnecting || client.Output.Length > 0 ? Libc.PollOut : 0)) };
            entries[1] = new Libc.PollEntry { File = _hasBegun ? front.File : -1, Events = Libc.PollIn };
            Libc.Poll(entries, 2, Wait(now));
            now = Environment.TickCount64;
            if (server.IsOpen) ServeServer(entries[0].Returned, now);
            if (client.Refusal is (FailureCode code, string text) && !_hasBegun && IsFinal(code))
            {
                log($"the server refuses: {text}");
                return 1;
            }
            if (client.IsReady && !_hasBegun) Begin();
            if (_hasBegun)
            {
                if (entries[1].Returned != 0)
                {
                    front.Receive(client);
                    _readAt = now;
                    _isTrimmed = false;
                }
                ServeFront();
                Settle(now);
            }
            if (server.IsOpen && !_isConnecting) Flush(now);
        }
        client.SayBye();
        if (server.IsOpen) Flush(Environment.TickCount64);
        return 0;
    }

    /// <summary>Hands over what is done; a front that orders reads by itself may order more then.</summary>
    void ServeFront()
    {
        bool isMore = true;
        while (isMore)
        {
            front.Step(client);
            isMore = false;
            while (client.TryTake(out CompletedRead read))
            {
                front.Complete(read);
                if (read.Buffer is not null) ArrayPool<byte>.Shared.Return(read.Buffer);
                isMore = true;
            }
        }
    }

    void Begin()
    {
        _hasBegun = true;
        front.Begin(client.Shape!);
        Ready();
    }

    int Wait(long now)
    {
        long until = _isConnecting ? _connectingSince + ConnectLimit : client.NextTick;
        if (_hasBegun && !_isTrimmed) until = Math.Min(until, _readAt + Quiet);
        return (int)Math.Clamp(until - now, 0, 10_000);
    }

    void Settle(long now)
    {
        if (_isTrimmed || now - _readAt < Quiet || client.PendingReads > 0) return;
        _isTrimmed = true;
        client.Report();
        client.Trim();
    }

    void Connect(long now)
    {
        _isConnecting = true;
        _connectingSince = now;
        if (server.Begin() is string failure) Break(now, failure);
    }

    void ServeServer(short returned, long now)
    {
        if (_isConnecting)
        {
            if ((returned & (Libc.PollOut | Libc.PollError | Libc.PollHangUp)) != 0)
            {
                if (server.Finish() is string failure)
                {
                    Break(now, failure);
                    return;
                }
                _isConnecting = false;
                client.Connected(now);
            }
            else if (now - _connectingSince >= ConnectLimit)
            {
                Break(now, "no answer");
            }
            return;
        }
        for (int i = 0; i < Rounds && (returned & (Libc.PollIn | Libc.PollError | Libc.PollHangUp)) != 0; i++)
        {
            int? count = server.Receive(client.Input.Span);
            if (count == -1) break;
            if (count is null or 0)
            {
                Break(now, count is null ? "broken" : "closed by the server");
                return;
            }
            client.Received(count.Value, now);
            if (client.Fault is not null) break;
        }
        client.Tick(now);
        if (client.Fault is string fault) Break(now, fault);
    }

    void Flush(long now)
    {
        while (client.Output.Length > 0)
        {
            int? count = server.Send(client.Output);
            if (count is null) Break(now, "broken");
            if (count is null or 0) return;
            client.Sent(count.Value);
        }
    }

    void Break(long now, string why)
    {
        if (!client.IsConnected) log($"no connection: {why}");
        else if (!client.IsReady) log($"connection given up: {why}");
        server.Close();
        _isConnecting = false;
        client.Disconnected(now, why);
    }
}
