namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>
/// vm5k's orders of visiting: machines come in their order, hosts are asked from a starting point on and around. Unlike there, a host that has no
/// room for one machine is asked again for the next, and nothing is left out.
/// </summary>
sealed class HostVisitor(PlacementBoard board, Distribution distribution, int seed)
{
    readonly SeededNumbers _numbers = new(seed);
    int _next;

    /// <summary>The host for a unit; -1: none has room.</summary>
    public int Choose(PlacementUnit unit)
    {
        int count = board.Hosts.Count;
        if (count == 0) return -1;
        int start = distribution == Distribution.Random ? (_next + _numbers.Below(count + 1)) % count : _next;
        for (int step = 0, host = start; step < count; step++, host = host + 1 == count ? 0 : host + 1)
        {
            if (!board.Fits(unit, host)) continue;
            _next = distribution == Distribution.RoundRobin ? (host + 1) % count : host;
            return host;
        }
        return -1;
    }
}

/// <summary>Numbers that are the same for a seed on every machine, for ever (SplitMix64, public domain).</summary>
sealed class SeededNumbers(int seed)
{
    ulong _state = (ulong)(uint)seed;

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }
}
