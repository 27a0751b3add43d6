namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>What is known about whether units fit at all.</summary>
enum SearchOutcome
{
    Found,
    /// <summary>There is no placement: everything was tried, or counting rules it out.</summary>
    Impossible,
    /// <summary>The search was given up at its limit.</summary>
    Unknown,
}

/// <summary>
/// Tries all placements, largest units first, hosts that are alike once only, within a fixed number of looks: the same input gives the same answer on
/// any machine. It decides small cases for certain.
/// </summary>
/// <param name="board">With everything on it that has no choice, pinned units above all.</param>
/// <param name="units">Those that may go anywhere, largest first.</param>
sealed class PlacementSearch(PlacementBoard board, PlacementUnit[] units)
{
    /// <summary>Hosts looked at in all: some milliseconds.</summary>
    const int MaximumLooks = 2_000_000;
    /// <summary>The recursion is as deep as there are units.</summary>
    const int MaximumUnits = 2_000;

    readonly int[] _hosts = new int[units.Length];
    int _looks;

    /// <summary>The host of each unit, once found.</summary>
    public IReadOnlyList<int> Hosts => _hosts;

    /// <summary>Fills the board when it finds a placement, and leaves it as it was otherwise.</summary>
    public SearchOutcome Run()
    {
        if (IsRuledOut()) return SearchOutcome.Impossible;
        return units.Length > MaximumUnits ? SearchOutcome.Unknown : Place(0);
    }

    /// <summary>One unit alone fits nowhere, or all together want more than all hosts have left.</summary>
    bool IsRuledOut()
    {
        long cpu = 0, memory = 0;
        for (int h = 0; h < board.Cpu.Length; h++)
        {
            cpu += Math.Max(0, board.Cpu[h]);
            memory += Math.Max(0, board.Memory[h]);
        }
        foreach (PlacementUnit unit in units)
        {
            cpu -= unit.Cpu;
            memory -= unit.Memory;
        }
        return cpu < 0 || memory < 0 || Array.Exists(units, u => !Enumerable.Range(0, board.Cpu.Length).Any(h => board.Fits(u, h)));
    }

    SearchOutcome Place(int index)
    {
        if (index == units.Length) return SearchOutcome.Found;
        PlacementUnit unit = units[index];
        // Of equal units the later never goes to an earlier host: the same placement with the two exchanged was tried already.
        int first = index > 0 && unit.Shape == units[index - 1].Shape ? _hosts[index - 1] : 0;
        for (int host = first; host < board.Cpu.Length; host++)
        {
            if (++_looks > MaximumLooks) return SearchOutcome.Unknown;
            if (!board.Fits(unit, host) || HasTwinBefore(host, first)) continue;
            board.Put(unit, host);
            _hosts[index] = host;
            SearchOutcome outcome = Place(index + 1);
            if (outcome != SearchOutcome.Impossible)
            {
                if (outcome == SearchOutcome.Unknown) board.Take(unit, host);
                return outcome;
            }
            board.Take(unit, host);
        }
        return SearchOutcome.Impossible;
    }

    bool HasTwinBefore(int host, int first)
    {
        for (int other = host - 1; other >= first; other--)
        {
            if (++_looks > MaximumLooks) return false;
            if (board.AreAlike(other, host)) return true;
        }
        return false;
    }
}
