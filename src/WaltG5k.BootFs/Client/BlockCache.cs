using System.Runtime.InteropServices;

namespace WaltG5k.BootFs;

/// <summary>
/// Blocks that the client holds: those pushed and not read yet, which are kept, and those that were read, which make room for others. Memory is taken
/// from the system in pieces as it is needed, never more than the limit.
/// </summary>
sealed unsafe class BlockCache : IDisposable
{
    const int Piece = 1 << 20;
    const int None = -1;

    readonly ImageShape _shape;
    readonly int _slotsPerPiece;
    readonly nint[] _pieces;
    readonly Slot[] _slots;
    readonly Dictionary<uint, int> _places;
    readonly Stack<int> _free = new();
    readonly int _pushSlots;
    Line _unread = new();
    Line _read = new();
    int _used;
    ulong _pushed;

    struct Slot
    {
        public uint Block;
        /// <summary>The how many-th pushed block it is; 0 once it was read.</summary>
        public ulong Number;
        public bool IsVerified;
        public int Before;
        public int After;
    }

    /// <summary>Slots in the order in which they came.</summary>
    sealed class Line
    {
        public int First = None;
        public int Last = None;
    }

    /// <param name="memory">Bytes; at least 32 blocks are kept all the same.</param>
    public BlockCache(ImageShape shape, long memory)
    {
        _shape = shape;
        _slotsPerPiece = Piece / shape.BlockSize;
        long wanted = Math.Max(32, memory / shape.BlockSize);
        bool isWhole = wanted >= shape.Blocks + 16L;
        int count = (int)(isWhole ? shape.Blocks + 16 : wanted);
        _slots = new Slot[count];
        _pieces = new nint[(count + _slotsPerPiece - 1) / _slotsPerPiece];
        _places = new Dictionary<uint, int>(Math.Min(count, 4096));
        // Some slots are always left for what is asked for: a pushed working set must not stop its neighbours from being kept.
        _pushSlots = count - (isWhole ? 16 : Math.Max(8, count / 16));
    }

    /// <summary>Bytes that may be pushed and unread at a time.</summary>
    public ulong PushCapacity => (ulong)_pushSlots * (ulong)_shape.BlockSize;
    /// <summary>Bytes of pushed blocks that were not read yet.</summary>
    public ulong UnreadBytes { get; private set; }
    /// <summary>Bytes of pushed blocks that were read.</summary>
    public ulong UsedBytes { get; private set; }
    public int UnreadBlocks { get; private set; }
    public int Count => _places.Count;
    /// <summary>Bytes taken from the system.</summary>
    public long Memory { get; private set; }

    public bool Contains(uint block) => _places.ContainsKey(block);

    /// <summary>Puts in a pushed block that has not been verified.</summary>
    /// <exception cref="ProtocolException">The server pushed more than it was allowed.</exception>
    public void AddPushed(uint block, ReadOnlySpan<byte> data)
    {
        if (_places.ContainsKey(block)) return;
        if (UnreadBlocks >= _pushSlots || TakeSlot() is not int slot) throw new ProtocolException("more was pushed than was allowed");
        Fill(slot, block, data, isVerified: false);
        _slots[slot].Number = ++_pushed;
        UnreadBlocks++;
        UnreadBytes += (ulong)data.Length;
        Append(_unread, slot);
    }

    /// <summary>Puts in a block that was asked for and is right; nothing where there is no room.</summary>
    public void AddRead(uint block, ReadOnlySpan<byte> data)
    {
        if (_places.ContainsKey(block) || TakeSlot() is not int slot) return;
        Fill(slot, block, data, isVerified: true);
        Append(_read, slot);
    }

    /// <summary>A block's bytes; from then on it counts as read. Empty when it is not there.</summary>
    public Span<byte> Get(uint block, out bool isVerified)
    {
        isVerified = false;
        if (!_places.TryGetValue(block, out int slot)) return default;
        ref Slot entry = ref _slots[slot];
        isVerified = entry.IsVerified;
        if (entry.Number != 0)
        {
            PassOver(entry.Number);
            Remove(_unread, slot);
            entry.Number = 0;
            UnreadBlocks--;
            UnreadBytes -= (ulong)_shape.LengthOf(block);
            UsedBytes += (ulong)_shape.LengthOf(block);
        }
        else
        {
            Remove(_read, slot);
        }
        Append(_read, slot);
        return Bytes(slot);
    }

    public void MarkVerified(uint block) => _slots[_places[block]].IsVerified = true;

    /// <summary>Takes out a block that <see cref="Get"/> has just given.</summary>
    public void Drop(uint block)
    {
        int slot = _places[block];
        Remove(_read, slot);
        Release(slot);
    }

    /// <summary>Gives back the memory of the blocks that were read, where all were: a boot is over.</summary>
    public void Trim()
    {
        if (UnreadBlocks > 0) return;
        _places.Clear();
        _free.Clear();
        _unread = new Line();
        _read = new Line();
        _used = 0;
        for (int i = 0; i < _pieces.Length; i++)
        {
            NativeMemory.Free((void*)_pieces[i]);
            _pieces[i] = 0;
        }
        Memory = 0;
    }

    /// <summary>Drops what was pushed so long before a block that is read now that it will hardly be read.</summary>
    void PassOver(ulong number)
    {
        ulong slack = (ulong)_pushSlots / 2;
        while (_unread.First is int first and not None && _slots[first].Number + slack < number)
        {
            Remove(_unread, first);
            UnreadBlocks--;
            UnreadBytes -= (ulong)_shape.LengthOf(_slots[first].Block);
            Release(first);
        }
    }

    int? TakeSlot()
    {
        if (_free.TryPop(out int slot)) return slot;
        if (_used < _slots.Length) return _used++;
        if (_read.First == None) return null;
        slot = _read.First;
        Remove(_read, slot);
        _places.Remove(_slots[slot].Block);
        return slot;
    }

    void Release(int slot)
    {
        _places.Remove(_slots[slot].Block);
        _free.Push(slot);
    }

    void Fill(int slot, uint block, ReadOnlySpan<byte> data, bool isVerified)
    {
        ref nint piece = ref _pieces[slot / _slotsPerPiece];
        if (piece == 0)
        {
            piece = (nint)NativeMemory.Alloc(Piece);
            Memory += Piece;
        }
        _slots[slot] = new Slot { Block = block, IsVerified = isVerified };
        _places[block] = slot;
        data.CopyTo(Bytes(slot));
    }

    Span<byte> Bytes(int slot) =>
        new((byte*)_pieces[slot / _slotsPerPiece] + (long)(slot % _slotsPerPiece) * _shape.BlockSize, _shape.LengthOf(_slots[slot].Block));

    void Append(Line line, int slot)
    {
        _slots[slot].Before = line.Last;
        _slots[slot].After = None;
        if (line.Last == None) line.First = slot;
        else _slots[line.Last].After = slot;
        line.Last = slot;
    }

    void Remove(Line line, int slot)
    {
        (int before, int after) = (_slots[slot].Before, _slots[slot].After);
        if (before == None) line.First = after;
        else _slots[before].After = after;
        if (after == None) line.Last = before;
        else _slots[after].Before = before;
    }

    public void Dispose()
    {
        for (int i = 0; i < _pieces.Length; i++)
        {
            NativeMemory.Free((void*)_pieces[i]);
            _pieces[i] = 0;
        }
    }
}
