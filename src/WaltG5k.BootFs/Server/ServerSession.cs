using System.Security.Cryptography;

namespace WaltG5k.BootFs;

/// <summary>What all connections of a server share.</summary>
sealed record ServerParts(ImageCatalog Images, TraceStore Traces, BootBook Boots, ServerKey Key, TimeProvider Time, Action<string> Log);

/// <summary>
/// One connection on the server, without its socket: messages go in, and the next message to send comes out, what was asked for before what is
/// pushed. Used under one lock.
/// </summary>
sealed partial class ServerSession(ServerParts parts, string peer)
{
    /// <summary>A node that boots asks again sooner; one that is booted anew says no goodbye, and is heard of last by its silence a minute later.</summary>
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    readonly FrameReader _input = new();
    readonly FrameWriter _control = new();
    readonly WantedQueue _wanted = new();
    readonly PushWindow _window = new(parts.Time);
    readonly List<uint> _asked = [];
    readonly Dictionary<uint, ulong> _pushedAt = [];
    HelloMessage? _hello;
    byte[] _helloBody = [];
    ServedImage? _image;
    PushPlan? _plan;
    BlockSet? _known;
    BlockSet? _leavesSent;
    BlockSet? _askedSet;
    ulong _credit;
    long _recordUntil;
    long _askedAt;
    bool _isStarted;
    bool _pushEnded;
    bool _isEnding;

    /// <summary>The client's Hello came; the image is to be looked up and <see cref="Welcome"/> or <see cref="Refuse"/> called.</summary>
    public HelloMessage? UnansweredHello => _image is null && !_isEnding ? _hello : null;
    /// <summary>Nothing more is to be read; what is left is sent and the connection closed.</summary>
    public bool IsEnding => _isEnding;
    public bool IsWelcome => _image is not null;
    public ulong PushedBytes { get; private set; }
    public ulong DemandedBytes { get; private set; }
    public BootCounts? Reported { get; private set; }
    public string Peer => peer;
    public string ImageName => _image?.Name ?? _hello?.Image ?? "?";

    public Memory<byte> Input => _input.Free;

    public void Received(int count)
    {
        _input.Filled(count);
        try
        {
            // Messages after the Hello wait until it was answered.
            while (!_isEnding && UnansweredHello is null && _input.TryRead(out Frame frame)) Handle(ref frame);
        }
        catch (ProtocolException e)
        {
            Refuse(e.Code, e.Message);
        }
    }

    /// <summary>Answers the Hello.</summary>
    public void Welcome(ServedImage image)
    {
        _image = image;
        _known = new BlockSet(image.Shape.Blocks);
        _leavesSent = new BlockSet((uint)image.Shape.Pages);
        _askedSet = new BlockSet(image.Shape.Blocks);
        _credit = _hello!.PushLimit;
        _recordUntil = parts.Boots.EndOf(_hello.Boot);
        (IReadOnlyList<BlockRange> ranges, long bytes, TraceState state) = _hello.WantsNoPush
            ? ([], 0, TraceState.NotWanted)
            : parts.Traces.Get(image);
        _plan = new PushPlan(ranges);
        _pushEnded = ranges.Count == 0;
        WelcomeMessage welcome = new() { Nonce = RandomNumberGenerator.GetBytes(32), Digest = image.Digest, Shape = image.Shape, Trace = state,
            TraceBytes = (ulong)bytes };
        welcome.WriteUnsigned(_control);
        _control.Bytes(parts.Key.Sign(WelcomeMessage.Transcript(_helloBody, _control.OpenBody))).End();
        if (!_hello.Resumes)
        {
            const int step = 4096;
            for (int page = 0; page < image.Shape.Pages; page += step)
            {
                int count = Math.Min(step, image.Shape.Pages - page);
                _control.Begin(MessageType.Pages).UInt32((uint)page).Bytes(image.Pages.AsSpan(page * Limits.Hash, count * Limits.Hash)).End();
            }
        }
        _isStarted = !_hello.Resumes;
        parts.Log(
            $"{peer}: {(_hello.Resumes ? "goes on with" : "boots")} {image.Name} {Convert.ToHexStringLower(image.Digest)[..12]}, {Describe(state, bytes)}");
        Received(0);
    }

    static string Describe(TraceState state, long bytes) => state switch
    {
        TraceState.Pushed => $"trace of {bytes} bytes",
        TraceState.Unusable => "its trace cannot be used: blocks on demand only",
        TraceState.NotWanted => "nothing is to be pushed",
        _ => "no trace yet: blocks on demand only",
    };

    public void Refuse(FailureCode code, string text)
    {
        if (_isEnding) return;
        parts.Log($"{peer}: refused, {code}: {text}");
        _control.Begin(MessageType.Failure).UInt16((ushort)code).Text(text.Length > 400 ? text[..400] : text).End();
        _isEnding = true;
        _wanted.Clear();
    }

    /// <summary>The server stops: what is being sent is the last.</summary>
    public void End()
    {
        if (_isEnding) return;
        _control.Begin(MessageType.Bye).End();
        _isEnding = true;
        _wanted.Clear();
    }

    public void Ping() => _control.Begin(MessageType.Ping).UInt64(0).End();

    void Handle(ref Frame frame)
    {
        if (_hello is null && frame.Type != MessageType.Hello) throw new ProtocolException("no Hello");
        switch (frame.Type)
        {
            case MessageType.Hello:
                if (_hello is not null) throw new ProtocolException("a second Hello");
                _helloBody = frame.Body.ToArray();
                _hello = HelloMessage.Read(ref frame);
                break;
            case MessageType.Have:
                if (_isStarted) throw new ProtocolException("a Have after the Start");
                _known!.ReadHave(ref frame);
                break;
            case MessageType.Start:
                _isStarted = true;
                break;
            case MessageType.Read:
                HandleRead(ref frame);
                break;
            case MessageType.Credit:
                _credit = Math.Max(_credit, frame.UInt64());
                _window.NoteReceived(frame.UInt64());
                break;
            case MessageType.Report:
                Reported = BootCounts.Read(ref frame);
                break;
            case MessageType.Ping:
                _control.Begin(MessageType.Pong).UInt64(frame.UInt64()).End();
                break;
            case MessageType.Pong:
                break;
            case MessageType.Bye:
                _isEnding = true;
                _wanted.Clear();
                break;
            default:
                throw new ProtocolException($"an unknown message {(byte)frame.Type}");
        }
    }

    void HandleRead(ref Frame frame)
    {
        ulong seen = frame.UInt64();
        _askedAt = parts.Time.GetTimestamp();
        bool isRecorded = _askedAt < _recordUntil;
        for (int ranges = 0; frame.Rest.Length > 0; ranges++)
        {
            uint first = frame.UInt32(), count = frame.UInt16();
            bool isAgain = (frame.UInt16() & 1) != 0;
            if (ranges >= Limits.RangesPerRead) throw new ProtocolException("too many ranges in a Read") { Code = FailureCode.LimitExceeded };
            if (!_image!.Shape.Contains(first, count)) throw new ProtocolException("a Read beyond the image");
            for (uint block = first; block < first + count; block++)
            {
                if (isRecorded && _askedSet!.Add(block)) _asked.Add(block);
                // What is under way already comes sooner than anything sent now.
                if (!isAgain && _pushedAt.TryGetValue(block, out ulong at) && at > seen) continue;
                if (_wanted.Blocks >= Limits.WantedBlocks)
                    throw new ProtocolException("too many blocks are wanted at a time") { Code = FailureCode.LimitExceeded };
                _wanted.Add(block);
            }
        }
    }

    /// <summary>The connection is over: what its boot asked for goes into the trace.</summary>
    public void Close(string why)
    {
        if (_image is null) return;
        string counts = Reported is BootCounts c
            ? $", the node used {c.UsedBytes} of {c.PushedBytes} pushed bytes, {c.Waits} of {c.Reads} reads waited" : "";
        parts.Log($"{peer}: {_image.Name} ends ({why}), {PushedBytes} bytes pushed, {DemandedBytes} on demand{counts}");
        Keep();
    }

    /// <summary>Puts what was asked for so far into the trace.</summary>
    public void Keep()
    {
        if (_image is null || _asked.Count == 0) return;
        int added = parts.Traces.Contribute(_image, _asked);
        if (added > 0) parts.Log($"{peer}: {added} blocks are new in the trace of {_image.Name}");
        _asked.Clear();
    }

    /// <summary>Whether reads were recorded, and their time is over or they have paused.</summary>
    public bool IsRecordDue =>
        _asked.Count > 0 && (parts.Time.GetTimestamp() >= _recordUntil || parts.Time.GetElapsedTime(_askedAt) >= s_pause);
}
