namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// Shares elements out among demands: a maximum flow between a handful of demands and the kinds of elements. An element of a kind serves any one of
/// the demands in the kind's mask.
/// </summary>
sealed class DemandFlow(ulong[] masks, int demandCount)
{
    readonly int[,] _flow = new int[demandCount, masks.Length];
    readonly int[] _left = new int[masks.Length];
    readonly int[] _given = new int[demandCount];
    readonly int[] _from = new int[demandCount], _via = new int[demandCount];
    readonly bool[] _isReached = new bool[demandCount];
    readonly int[] _queue = new int[demandCount];

    /// <summary>How many elements the demand has got.</summary>
    public int Given(int demand) => _given[demand];
    /// <summary>How many elements of a kind the demand has got.</summary>
    public int Flow(int demand, int kind) => _flow[demand, kind];
    /// <summary>After a failed <see cref="Fill"/>: the demands that compete for what is short.</summary>
    public bool IsShort(int demand) => _isReached[demand];

    public void Clear()
    {
        Array.Clear(_flow);
        Array.Clear(_left);
        Array.Clear(_given);
    }

    /// <summary>Adds elements of a kind.</summary>
    public void Offer(int kind, int count) => _left[kind] += count;

    /// <summary>Gives the demand up to <paramref name="wanted"/> elements; what others have got they keep, though perhaps of another kind.</summary>
    /// <returns>Whether it has that many now.</returns>
    public bool Fill(int demand, int wanted)
    {
        while (_given[demand] < wanted)
        {
            int added = Augment(demand, wanted - _given[demand]);
            if (added == 0) return false;
            _given[demand] += added;
        }
        return true;
    }

    /// <summary>
    /// Finds a way to a kind with elements left, over demands that can be served by another kind instead, and shifts as much as it carries.
    /// </summary>
    int Augment(int demand, int wanted)
    {
        Array.Clear(_isReached);
        int head = 0, tail = 0;
        _queue[tail++] = demand;
        _isReached[demand] = true;
        _from[demand] = -1;
        while (head < tail)
        {
            int current = _queue[head++];
            for (int kind = 0; kind < masks.Length; kind++)
            {
                if ((masks[kind] >> current & 1) == 0) continue;
                if (_left[kind] > 0) return Shift(current, kind, wanted);
                for (int other = 0; other < demandCount; other++)
                {
                    if (_isReached[other] || _flow[other, kind] == 0) continue;
                    _isReached[other] = true;
                    _from[other] = current;
                    _via[other] = kind;
                    _queue[tail++] = other;
                }
            }
        }
        return 0;
    }

    int Shift(int last, int kind, int wanted)
    {
        int amount = Math.Min(wanted, _left[kind]);
        for (int d = last; _from[d] >= 0; d = _from[d]) amount = Math.Min(amount, _flow[d, _via[d]]);
        _left[kind] -= amount;
        _flow[last, kind] += amount;
        for (int d = last; _from[d] >= 0; d = _from[d])
        {
            _flow[d, _via[d]] -= amount;
            _flow[_from[d], _via[d]] += amount;
        }
        return amount;
    }
}
