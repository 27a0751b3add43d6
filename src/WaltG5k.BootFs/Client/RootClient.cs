namespace WaltG5k.BootFs;

/// <summary>
/// The client's logic, without sockets and clocks: a driver brings what arrived, takes what is to be sent and says what time it is. Reads outlive
/// connections: after an outage the client says what it has and asks again for what is missing. Used from one thread.
/// </summary>
sealed partial class RootClient : IDisposable
{
    /// <summary>Bytes of reads that are filled at a time; further reads wait. A single read may be larger.</summary>
    public const int ActiveBytes = 4 << 20;
    /// <summary>The longest single read.</summary>
    public const int LongestRead = 32 << 20;

    readonly RootClientOptions _options;
    readonly LinkedList<PendingRead> _active = new();
    readonly Queue<PendingRead> _waiting = new();
    readonly Queue<CompletedRead> _done = new();
    readonly Dictionary<uint, Want> _wants = new();
    readonly Queue<uint> _toAsk = new();
    BlockCache? _cache;
    HashList? _hashes;
    BlockSet? _had;
    byte[]? _digest;
    int _activeBytes;
    ulong _reads;
    ulong _waits;
    ulong _demanded;
    ulong _damaged;
    ulong _usedAtOnce;

    /// <summary>A block that reads wait for.</summary>
    sealed class Want
    {
        public bool IsAsked;
        /// <summary>How often it came damaged.</summary>
        public int Damaged;
    }

    public RootClient(RootClientOptions options)
    {
        _options = options;
        _digest = options.Digest;
    }

    /// <summary>The image's sizes; null until a server was found that has it.</summary>
    public ImageShape? Shape { get; private set; }
    public bool IsReady => _hashes?.IsComplete == true;
    public byte[]? Digest => IsReady ? _digest : null;
    /// <summary>Bytes of blocks that are held.</summary>
    public long Memory => _cache?.Memory ?? 0;
    public int PendingReads => _active.Count + _waiting.Count;
    public BootCounts Counts => new(_pushed, (_cache?.UsedBytes ?? 0) + _usedAtOnce, _demanded, _reads, _waits, _damaged);

    /// <summary>Orders a read within the image; <see cref="TryTake"/> gives it when it is done.</summary>
    public void Read(ulong cookie, long offset, int length)
    {
        _reads++;
        if (Shape is null || offset < 0 || length <= 0 || length > LongestRead || offset > Shape.Size - length)
        {
            _done.Enqueue(new CompletedRead(cookie, null, 0));
            return;
        }
        _waiting.Enqueue(new PendingRead(Shape, cookie, offset, length));
        Activate();
    }

    public bool TryTake(out CompletedRead read) => _done.TryDequeue(out read);

    /// <summary>Gives back memory that a boot took, when all is quiet.</summary>
    public void Trim()
    {
        if (PendingReads == 0 && IsPushOver) _cache?.Trim();
    }

    void Activate()
    {
        while (_waiting.TryPeek(out PendingRead? read) && (_active.Count == 0 || _activeBytes + read.Length <= ActiveBytes))
        {
            _waiting.Dequeue();
            read.Begin();
            _activeBytes += read.Length;
            for (uint block = read.First; block <= read.Last; block++)
            {
                if (TryGetVerified(block, out ReadOnlySpan<byte> data)) read.Fill(block, data);
                else if (_wants.TryAdd(block, new Want())) _toAsk.Enqueue(block);
            }
            if (!read.IsDone) _waits++;
            _active.AddLast(read);
            if (read.IsDone) Complete(_active.Last!);
        }
        Ask();
        OfferCredit();
    }

    /// <summary>A block of the cache that is right; a pushed one is looked at when it is first read.</summary>
    bool TryGetVerified(uint block, out ReadOnlySpan<byte> data)
    {
        data = _cache!.Get(block, out bool isVerified);
        if (data.IsEmpty) return false;
        if (isVerified) return true;
        if (_hashes!.IsRight(block, data))
        {
            _cache.MarkVerified(block);
            return true;
        }
        NoteDamage(block);
        _cache.Drop(block);
        data = default;
        return false;
    }

    /// <summary>A block that came on demand, or that was pushed while reads waited for it.</summary>
    void Arrived(uint block, ReadOnlySpan<byte> data, bool isPushed)
    {
        if (!_wants.TryGetValue(block, out Want? want))
        {
            if (isPushed) _cache!.AddPushed(block, data);
            return;
        }
        if (!_hashes!.IsRight(block, data))
        {
            NoteDamage(block);
            want.IsAsked = false;
            _toAsk.Enqueue(block);
            if (++want.Damaged % 3 != 0) return;
            // Another connection may be better; after some of them there is no hope.
            if (want.Damaged >= 9) Fail(block);
            else throw new ProtocolException($"block {block} came damaged {want.Damaged} times");
            return;
        }
        _wants.Remove(block);
        if (isPushed) _usedAtOnce += (ulong)data.Length;
        for (LinkedListNode<PendingRead>? node = _active.First; node is not null;)
        {
            LinkedListNode<PendingRead> present = node;
            node = node.Next;
            present.Value.Fill(block, data);
            if (present.Value.IsDone) Complete(present);
        }
        _cache!.AddRead(block, data);
    }

    void Fail(uint block)
    {
        _options.Log($"block {block} cannot be had undamaged: its reads fail");
        _wants.Remove(block);
        for (LinkedListNode<PendingRead>? node = _active.First; node is not null;)
        {
            LinkedListNode<PendingRead> present = node;
            node = node.Next;
            if (!present.Value.Lacks(block)) continue;
            present.Value.Fail();
            Complete(present);
        }
    }

    void Complete(LinkedListNode<PendingRead> node)
    {
        PendingRead read = node.Value;
        _active.Remove(node);
        _activeBytes -= read.Length;
        _done.Enqueue(new CompletedRead(read.Cookie, read.IsFailed ? null : read.Buffer, read.Length));
    }

    void NoteDamage(uint block)
    {
        _damaged++;
        _options.Log($"block {block} came damaged: asking again");
    }

    public void Dispose() => _cache?.Dispose();
}
