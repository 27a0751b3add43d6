namespace WaltG5k.BootFs;

sealed partial class RootClient
{
    /// <summary>What the server answers is awaited no longer; indexing a large image for the first time takes it some seconds.</summary>
    public const long WelcomeLimit = 15_000;
    /// <summary>After this silence the client asks whether the server is there.</summary>
    public const long QuietLimit = 5_000;
    /// <summary>After this silence the connection is given up.</summary>
    public const long SilenceLimit = 15_000;
    const long ShortestPause = 100;
    const long LongestPause = 5_000;
    const int CreditStep = 128 * 1024;

    readonly FrameReader _input = new();
    readonly FrameWriter _output = new();
    byte[] _hello = [];
    byte[] _nonce = [];
    long _connectedAt;
    long _heardAt;
    long _pingedAt;
    long _pause = ShortestPause;
    bool _isWelcome;
    bool _resumes;
    ulong _pushed;
    ulong _pushedHere;
    ulong _pushNumber;
    ulong _creditSent;
    ulong _ackedHere;

    public bool IsConnected { get; private set; }
    /// <summary>Why the connection has to be closed by the driver; null while it is good.</summary>
    public string? Fault { get; private set; }
    /// <summary>The server's last refusal, with a code.</summary>
    public (FailureCode Code, string Text)? Refusal { get; private set; }
    /// <summary>When to connect next, by the driver's clock.</summary>
    public long ConnectAt { get; private set; }
    public bool IsPushOver { get; private set; }
    public TraceState Trace { get; private set; }
    public int Connections { get; private set; }

    /// <summary>What is to be sent; <see cref="Sent"/> says how much of it was.</summary>
    public ReadOnlySpan<byte> Output => _output.Written;
    public ReadOnlyMemory<byte> OutputMemory => _output.Memory;
    public void Sent(int count) => _output.Consume(count);

    /// <summary>Where the bytes from the server go; <see cref="Received"/> says how many came.</summary>
    public Memory<byte> Input => _input.Free;

    /// <summary>A connection stands: says hello and, after an outage, what is there and what is wanted.</summary>
    public void Connected(long now)
    {
        _input.Clear();
        _output.Clear();
        IsConnected = true;
        Fault = null;
        Connections++;
        _isWelcome = false;
        _connectedAt = _heardAt = _pingedAt = now;
        _pushedHere = _pushNumber = _ackedHere = 0;
        IsPushOver = false;
        _nonce = new byte[32];
        _options.Randomize(_nonce);
        _resumes = IsReady;
        HelloMessage hello = new()
        {
            Nonce = _nonce,
            Boot = _options.Boot,
            Image = _options.Image,
            Digest = _digest,
            Resumes = _resumes,
            WantsNoPush = !_options.Speculates,
            PushLimit = PushLimit,
        };
        hello.Write(_output);
        _creditSent = hello.PushLimit;
        _hello = _output.Written[Limits.Header..].ToArray();
        if (!_resumes) return;
        _had!.WriteHaves(_output);
        _output.Begin(MessageType.Start).End();
        foreach (Want want in _wants.Values) want.IsAsked = false;
        _toAsk.Clear();
        foreach (PendingRead read in _active)
        {
            for (uint block = read.First; block <= read.Last; block++)
            {
                if (read.Lacks(block)) _toAsk.Enqueue(block);
            }
        }
        Ask();
    }

    /// <summary>
    /// Bytes that may have been pushed on this connection in all. Before the image is known it is what the cache will have at least.
    /// </summary>
    ulong PushLimit => _cache is null ? (ulong)_options.Memory / 2 : _pushedHere + _cache.PushCapacity - _cache.UnreadBytes;

    public void Received(int count, long now)
    {
        _input.Filled(count);
        _heardAt = now;
        try
        {
            while (Fault is null && _input.TryRead(out Frame frame)) Handle(ref frame);
            Activate();
        }
        catch (ProtocolException e)
        {
            Fault = e.Message;
        }
    }

    /// <summary>The connection is gone, or could not be made.</summary>
    public void Disconnected(long now, string why)
    {
        if (IsConnected && _isWelcome) _options.Log($"connection lost ({why}); {PendingReads} reads wait");
        IsConnected = false;
        Fault = null;
        _input.Clear();
        _output.Clear();
        ConnectAt = now + _pause;
        _pause = Math.Min(_pause * 2, LongestPause);
    }

    /// <summary>To be called when <see cref="NextTick"/> has come.</summary>
    public void Tick(long now)
    {
        if (!IsConnected || Fault is not null) return;
        if (!_isWelcome)
        {
            if (now - _connectedAt >= WelcomeLimit) Fault = "the server does not answer";
            return;
        }
        if (now - _heardAt >= SilenceLimit) Fault = "the server is silent";
        else if (now - Math.Max(_heardAt, _pingedAt) >= QuietLimit)
        {
            _output.Begin(MessageType.Ping).UInt64((ulong)now).End();
            _pingedAt = now;
        }
    }

    /// <summary>When <see cref="Tick"/> has something to do at the earliest.</summary>
    public long NextTick => !IsConnected ? ConnectAt : !_isWelcome ? _connectedAt + WelcomeLimit
        : Math.Min(_heardAt + SilenceLimit, Math.Max(_heardAt, _pingedAt) + QuietLimit);

    /// <summary>Tells the server how the boot went, for its log.</summary>
    public void Report()
    {
        if (IsConnected && _isWelcome) Counts.Write(_output);
    }

    /// <summary>Ends in order.</summary>
    public void SayBye()
    {
        if (!IsConnected || !_isWelcome) return;
        Report();
        _output.Begin(MessageType.Bye).End();
    }

    void Handle(ref Frame frame)
    {
        if (frame.Type == MessageType.Failure)
        {
            Refuse(ref frame);
            return;
        }
        if (!_isWelcome && frame.Type != MessageType.Welcome) throw new ProtocolException($"a {frame.Type} before the Welcome");
        switch (frame.Type)
        {
            case MessageType.Welcome:
                Greet(ref frame);
                break;
            case MessageType.Pages:
                _hashes!.AddPages(ref frame);
                break;
            case MessageType.Leaves:
                _hashes!.AddLeaves(ref frame);
                break;
            case MessageType.Data:
                TakeData(ref frame);
                break;
            case MessageType.PushEnd:
                IsPushOver = true;
                break;
            case MessageType.Ping:
                _output.Begin(MessageType.Pong).UInt64(frame.UInt64()).End();
                break;
            case MessageType.Pong:
                break;
            case MessageType.Bye:
                Fault = "the server ends";
                break;
            default:
                throw new ProtocolException($"an unknown message {(byte)frame.Type}");
        }
    }

    void Refuse(ref Frame frame)
    {
        Refusal = ((FailureCode)frame.UInt16(), frame.Text(Limits.FailureText));
        Fault = $"{Refusal.Value.Code}: {Refusal.Value.Text}";
    }

    void Greet(ref Frame frame)
    {
        if (_isWelcome) throw new ProtocolException("a second Welcome");
        WelcomeMessage welcome = WelcomeMessage.Read(ref frame, out ReadOnlySpan<byte> signed, out ReadOnlySpan<byte> signature);
        if (!P256.Verify(_options.ServerKey, WelcomeMessage.Transcript(_hello, signed), signature))
            throw new ProtocolException("the server does not have the key that was given for it");
        if (_digest is not null && !welcome.Digest.AsSpan().SequenceEqual(_digest)) throw new ProtocolException("the server offers another image");
        if (_resumes && welcome.Shape != Shape) throw new ProtocolException("the image has another size");
        _isWelcome = true;
        _pause = ShortestPause;
        Refusal = null;
        Trace = welcome.Trace;
        if (welcome.Trace is TraceState.None or TraceState.Unusable or TraceState.NotWanted) IsPushOver = true;
        if (IsReady) return;
        // An outage may have come before the hash list was whole.
        _digest = welcome.Digest;
        Shape = welcome.Shape;
        _cache?.Dispose();
        _cache = new BlockCache(Shape, _options.Memory);
        _hashes = new HashList(Shape, _digest);
        _had = new BlockSet(Shape.Blocks);
    }

    void TakeData(ref Frame frame)
    {
        uint first = frame.UInt32();
        ushort count = frame.UInt16();
        frame.UInt16();
        ulong number = frame.UInt64();
        if (!IsReady || !Shape!.Contains(first, count) || frame.Rest.Length != Shape.LengthOf(first, count))
            throw new ProtocolException("a Data of blocks that are not there");
        bool isPushed = (frame.Flags & MessageFlags.Pushed) != 0;
        if (isPushed)
        {
            if (number <= _pushNumber) throw new ProtocolException("pushed blocks out of order");
            _pushNumber = number;
            _pushed += (ulong)frame.Rest.Length;
            _pushedHere += (ulong)frame.Rest.Length;
        }
        else
        {
            _demanded += (ulong)frame.Rest.Length;
        }
        for (uint block = first; block < first + count; block++)
        {
            if (!_hashes!.Knows(block)) throw new ProtocolException($"block {block} came before its hash");
            Arrived(block, frame.Bytes(Shape.LengthOf(block)), isPushed);
            _had!.Add(block);
        }
        if (isPushed) OfferCredit();
    }

    /// <summary>Asks for the blocks that reads wait for and that were not asked for on this connection, in runs.</summary>
    void Ask()
    {
        if (!IsConnected || Fault is not null || (!_isWelcome && !_resumes) || !IsReady) return;
        while (TryDequeueAsked(out uint first))
        {
            _output.Begin(MessageType.Read).UInt64(_pushNumber);
            bool isMore = true;
            for (int ranges = 0; isMore && ranges < Limits.RangesPerRead; ranges++)
            {
                uint next;
                ushort count = 1;
                bool isAgain = _wants[first].Damaged > 0;
                while ((isMore = TryDequeueAsked(out next)) && next == first + count && _wants[next].Damaged > 0 == isAgain
                    && count < ushort.MaxValue) count++;
                _output.UInt32(first).UInt16(count).UInt16((ushort)(isAgain ? 1 : 0));
                first = next;
            }
            _output.End();
            if (isMore) _toAsk.Enqueue(first);
            if (isMore) _wants[first].IsAsked = false;
        }
    }

    /// <summary>The next block that is still wanted and was not asked for; it counts as asked for then.</summary>
    bool TryDequeueAsked(out uint block)
    {
        while (_toAsk.TryDequeue(out block))
        {
            if (!_wants.TryGetValue(block, out Want? want) || want.IsAsked) continue;
            want.IsAsked = true;
            return true;
        }
        return false;
    }

    /// <summary>Says how much more may be pushed and how much has come, not for every block.</summary>
    void OfferCredit()
    {
        if (!IsConnected || !_isWelcome || !_options.Speculates || _cache is null || IsPushOver) return;
        ulong limit = PushLimit;
        if (limit < _creditSent + CreditStep && _pushedHere < _ackedHere + CreditStep) return;
        _creditSent = Math.Max(limit, _creditSent);
        _ackedHere = _pushedHere;
        _output.Begin(MessageType.Credit).UInt64(_creditSent).UInt64(_pushedHere).End();
    }
}
