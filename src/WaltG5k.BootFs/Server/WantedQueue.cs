namespace WaltG5k.BootFs;

/// <summary>Blocks that a client asked for, in its order, neighbours merged into runs.</summary>
sealed class WantedQueue
{
    readonly Queue<BlockRange> _runs = new();
    BlockRange _head;
    BlockRange _tail;

    public uint Blocks { get; private set; }

    public void Add(uint block)
    {
        Blocks++;
        if (_tail.Count > 0 && _tail.First + _tail.Count == block)
        {
            _tail = _tail with { Count = _tail.Count + 1 };
            return;
        }
        if (_tail.Count > 0) _runs.Enqueue(_tail);
        _tail = new BlockRange(block, 1);
    }

    /// <summary>The next blocks, at most so many; <see cref="Take"/> takes them off.</summary>
    public bool TryPeek(uint most, out BlockRange run)
    {
        if (_head.Count == 0 && !_runs.TryDequeue(out _head)) (_head, _tail) = (_tail, default);
        run = _head with { Count = Math.Min(most, _head.Count) };
        return run.Count > 0;
    }

    public void Take(uint count)
    {
        Blocks -= count;
        _head = new BlockRange(_head.First + count, _head.Count - count);
    }

    public void Clear()
    {
        _runs.Clear();
        _head = _tail = default;
        Blocks = 0;
    }
}
