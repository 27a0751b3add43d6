using System.Numerics;

namespace WaltG5k.Testbed.Oar.Resources;

/// <summary>A set of a site's units (nodes, VLANs, subnets) by index: one bit each, so that thousands of nodes stay cheap to intersect.</summary>
public sealed class UnitSet(int capacity)
{
    readonly ulong[] _words = new ulong[(capacity + 63) / 64];

    public int Capacity { get; } = capacity;

    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words) count += BitOperations.PopCount(word);
            return count;
        }
    }

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public bool this[int index]
    {
        get => (_words[index >> 6] & (1UL << index)) != 0;
        set
        {
            if (value) _words[index >> 6] |= 1UL << index;
            else _words[index >> 6] &= ~(1UL << index);
        }
    }

    public UnitSet Clone()
    {
        var copy = new UnitSet(Capacity);
        _words.CopyTo(copy._words, 0);
        return copy;
    }

    public UnitSet IntersectWith(UnitSet other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] &= other._words[i];
        return this;
    }

    public UnitSet UnionWith(UnitSet other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] |= other._words[i];
        return this;
    }

    public UnitSet ExceptWith(UnitSet other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] &= ~other._words[i];
        return this;
    }

    public bool Overlaps(UnitSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & other._words[i]) != 0) return true;
        }
        return false;
    }

    public bool Contains(UnitSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((other._words[i] & ~_words[i]) != 0) return false;
        }
        return true;
    }

    /// <summary>The first units of the set, or null when there are fewer.</summary>
    public UnitSet? TakeFirst(int count)
    {
        var taken = new UnitSet(Capacity);
        foreach (int index in Indexes())
        {
            if (count-- == 0) return taken;
            taken[index] = true;
        }
        return count <= 0 ? taken : null;
    }

    public IEnumerable<int> Indexes()
    {
        for (int i = 0; i < _words.Length; i++)
        {
            for (ulong word = _words[i]; word != 0; word &= word - 1) yield return (i << 6) + BitOperations.TrailingZeroCount(word);
        }
    }
}
