using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Scheduling;

/// <summary>Which units are free when: a list of intervals, the last without end. Dates are epoch seconds.</summary>
public sealed class Timeline
{
    readonly List<long> _starts;
    readonly List<UnitSet> _free;

    public Timeline(long from, UnitSet free) : this([from], [free.Clone()])
    {
    }

    Timeline(List<long> starts, List<UnitSet> free)
    {
        _starts = starts;
        _free = free;
    }

    /// <summary>Where units are free from one date to another and nothing else ever is: the inside of a container job.</summary>
    public static Timeline Within(long start, long end, UnitSet units) => new([start, end], [units.Clone(), new UnitSet(units.Capacity)]);

    public Timeline Clone() => new([.. _starts], [.. _free.Select(f => f.Clone())]);

    public void Take(long start, long end, UnitSet units)
    {
        if (end <= start || end <= _starts[0]) return;
        int first = start <= _starts[0] ? 0 : Split(start);
        int last = Split(end);
        for (int i = first; i < last; i++) _free[i].ExceptWith(units);
    }

    public UnitSet FreeDuring(long start, long end)
    {
        int i = IndexAt(start);
        UnitSet free = _free[i].Clone();
        while (++i < _starts.Count && _starts[i] < end) free.IntersectWith(_free[i]);
        return free;
    }

    /// <summary>From when on one of the units is taken, at a date or later; <see cref="long.MaxValue"/>: never.</summary>
    public long FreeUntil(UnitSet units, long from)
    {
        for (int i = IndexAt(from); i < _starts.Count; i++)
        {
            if (!_free[i].Contains(units)) return Math.Max(from, _starts[i]);
        }
        return long.MaxValue;
    }

    /// <summary>The first date from which on enough is free for a duration.</summary>
    public (long Start, UnitSet Units)? FindFirst(long from, long duration, ResourceSelector selector)
    {
        for (int i = IndexAt(from); i < _starts.Count; i++)
        {
            if (selector.Select(_free[i]) is null) continue;
            long start = Math.Max(from, _starts[i]);
            if (selector.Select(FreeDuring(start, start + duration)) is { } units) return (start, units);
        }
        return null;
    }

    int IndexAt(long date)
    {
        int i = _starts.BinarySearch(date);
        return i >= 0 ? i : Math.Max(0, ~i - 1);
    }

    // Makes an interval begin at a date, and says which.
    int Split(long date)
    {
        int i = _starts.BinarySearch(date);
        if (i >= 0) return i;
        i = ~i;
        _starts.Insert(i, date);
        _free.Insert(i, _free[i - 1].Clone());
        return i;
    }
}
