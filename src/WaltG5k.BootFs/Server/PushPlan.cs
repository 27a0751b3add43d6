namespace WaltG5k.BootFs;

/// <summary>Where a connection stands in a trace: gives the next run of blocks that the client does not have.</summary>
sealed class PushPlan(IReadOnlyList<BlockRange> ranges)
{
    int _index;
    uint _done;

    /// <summary>The next run of at most <paramref name="most"/> blocks that are not in <paramref name="known"/>; false at the end.</summary>
    public bool TryPeek(BlockSet known, uint most, out BlockRange run)
    {
        while (_index < ranges.Count)
        {
            BlockRange range = ranges[_index];
            while (_done < range.Count && known[range.First + _done]) _done++;
            if (_done == range.Count)
            {
                _index++;
                _done = 0;
                continue;
            }
            uint first = range.First + _done, count = 1;
            while (count < most && _done + count < range.Count && !known[first + count]) count++;
            run = new BlockRange(first, count);
            return true;
        }
        run = default;
        return false;
    }
}
