namespace WaltG5k.Core.Deployments;

/// <summary>How long a graph of steps takes when each runs as soon as its needs are done.</summary>
static class Schedule
{
    /// <summary>The longest path, in expected time.</summary>
    public static TimeSpan CriticalPath(IReadOnlyList<PlannedStep> steps) => LongestPath(steps, s => s.Expected);

    /// <summary>The longest path through what is left, and how much of the whole is behind us (0 to 99).</summary>
    public static (TimeSpan Remaining, int Percent) Remaining(IReadOnlyList<PlannedStep> steps,
        IReadOnlyDictionary<string, DeploymentStepInfo> states, DateTimeOffset now)
    {
        TimeSpan whole = CriticalPath(steps);
        TimeSpan left = LongestPath(steps, s => states[s.Name] switch
        {
            { State: StepState.Done or StepState.Skipped } => TimeSpan.Zero,
            { State: StepState.Running, StartedAt: { } start } => Max(s.Expected - (now - start), TimeSpan.Zero),
            _ => s.Expected,
        });
        int percent = whole > TimeSpan.Zero ? (int)Math.Clamp(100 * (1 - left / whole), 0, 99) : 0;
        return (left, percent);
    }

    static TimeSpan LongestPath(IReadOnlyList<PlannedStep> steps, Func<PlannedStep, TimeSpan> length)
    {
        var ends = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (PlannedStep step in steps)   // the list is in an order in which needs come first
            ends[step.Name] = step.Needs.Aggregate(TimeSpan.Zero, (latest, need) => Max(latest, ends.GetValueOrDefault(need))) + length(step);
        return ends.Values.Aggregate(TimeSpan.Zero, Max);
    }

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
