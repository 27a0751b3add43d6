namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Starts over which a query stays met.</summary>
/// <param name="Nodes">How many nodes there are all through, where they were counted.</param>
readonly record struct SlotWindow(long First, long Last, int Nodes);

/// <summary>Picks from the steps of a sweep the windows that a criterion wants.</summary>
static class SlotWindows
{
    public static IReadOnlyList<SlotWindow> Find(PlanningProblem problem, SlotCriterion criterion, int maximum)
    {
        if (criterion == SlotCriterion.Free) return FindMet(problem, maximum);
        if (criterion == SlotCriterion.First) return FindGrowing(problem, maximum);
        List<SlotWindow> growing = FindGrowing(problem, int.MaxValue);
        growing.Reverse();
        return [.. growing.Take(maximum)];
    }

    static List<SlotWindow> FindMet(PlanningProblem problem, int maximum)
    {
        var windows = new List<SlotWindow>();
        bool isOpen = false;
        foreach (SweepStep step in new EventSweep(problem, countsNodes: false).Run())
        {
            if (step.IsFeasible && isOpen) windows[^1] = windows[^1] with { Last = step.To };
            else if (step.IsFeasible)
            {
                if (windows.Count == maximum) break;
                windows.Add(new SlotWindow(step.From, step.To, 0));
            }
            else if (windows.Count == maximum) break;
            isOpen = step.IsFeasible;
        }
        return windows;
    }

    /// <summary>The earliest window, then the next one with more nodes, and so on until there are as many as are wanted.</summary>
    static List<SlotWindow> FindGrowing(PlanningProblem problem, int maximum)
    {
        int most = problem.Demands.Where(d => d.Source is NodeDemand).Sum(d => d.Most);
        var windows = new List<SlotWindow>();
        var open = new List<int>();   // windows that could still grow at their end, by index
        foreach (SweepStep step in new EventSweep(problem, countsNodes: true).Run())
        {
            open.RemoveAll(i => !step.IsFeasible || step.Nodes < windows[i].Nodes);
            foreach (int i in open) windows[i] = windows[i] with { Last = step.To };
            bool isFull = windows.Count == maximum || (windows.Count > 0 && windows[^1].Nodes == most);
            if (isFull && open.Count == 0) break;
            if (isFull || !step.IsFeasible || (windows.Count > 0 && step.Nodes <= windows[^1].Nodes)) continue;
            windows.Add(new SlotWindow(step.From, step.To, step.Nodes));
            open.Add(windows.Count - 1);
        }
        return windows;
    }
}
