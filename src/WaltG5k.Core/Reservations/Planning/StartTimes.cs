using System.Collections.Immutable;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Possible starts: every second from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
readonly record struct StartRange(long First, long Last);

/// <summary>Computes when a job of one length can start. All lists are in order and do not overlap.</summary>
static class StartTimes
{
    /// <summary>
    /// Starts in the window at which an element stays free for <paramref name="length"/> seconds, the guard time after the job included.
    /// </summary>
    public static List<StartRange> Find(ImmutableArray<BusyPeriod> busy, long length, StartRange window)
    {
        var starts = new List<StartRange>();
        long free = window.First;
        foreach (BusyPeriod period in busy)
        {
            if (period.To <= free) continue;
            long last = Math.Min(period.From - length, window.Last);
            if (last >= free) starts.Add(new StartRange(free, last));
            free = period.To;
            if (free > window.Last) return starts;
        }
        if (free <= window.Last) starts.Add(new StartRange(free, window.Last));
        return starts;
    }

    /// <summary>Starts that are in at least <paramref name="least"/> of the lists: any two of a node's disks, all subnets of a block.</summary>
    public static List<StartRange> InAtLeast(int least, IReadOnlyList<List<StartRange>> lists)
    {
        var changes = new List<(long Time, int Change)>();
        foreach (List<StartRange> list in lists)
        {
            foreach (StartRange range in list)
            {
                changes.Add((range.First, 1));
                changes.Add((range.Last + 1, -1));
            }
        }
        changes.Sort();   // at one time the ends come first: neighbours of two lists do not overlap
        var common = new List<StartRange>();
        int depth = 0;
        long opened = 0;
        foreach ((long time, int change) in changes)
        {
            if (change > 0 && ++depth == least) opened = time;
            if (change < 0 && depth-- == least && time > opened) Append(common, new StartRange(opened, time - 1));
        }
        return common;
    }

    /// <summary>Starts of the first list that are not in the second.</summary>
    public static List<StartRange> Except(List<StartRange> starts, List<StartRange> others)
    {
        var left = new List<StartRange>();
        int next = 0;
        foreach (StartRange range in starts)
        {
            long first = range.First;
            while (next < others.Count && others[next].Last < first) next++;
            for (int i = next; i < others.Count && others[i].First <= range.Last && first <= range.Last; i++)
            {
                if (others[i].First > first) left.Add(new StartRange(first, others[i].First - 1));
                first = others[i].Last + 1;
            }
            if (first <= range.Last) left.Add(new StartRange(first, range.Last));
        }
        return left;
    }

    static void Append(List<StartRange> list, StartRange range)
    {
        if (list.Count > 0 && list[^1].Last + 1 == range.First) list[^1] = list[^1] with { Last = range.Last };
        else list.Add(range);
    }
}
