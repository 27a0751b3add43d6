namespace WaltG5k.Core.Kadeploy;

/// <summary>How long an instance of a macro-step has taken on a cluster, and which time limit that speaks for.</summary>
public sealed record KadeployStepMeasurement
{
    public required string Site { get; init; }
    public required string Cluster { get; init; }
    /// <summary><c>BroadcastEnvKascade</c>.</summary>
    public required string MacroStep { get; init; }
    /// <summary>Nodes that went through it, each operation for itself.</summary>
    public int Count { get; init; }
    public int FailureCount { get; init; }
    /// <summary>Those that were killed because their time was over.</summary>
    public int TimedOutCount { get; init; }
    /// <summary>Of the nodes that got through it. Null: none did.</summary>
    public TimeSpan? Median { get; init; }
    /// <summary>Nineteen of twenty were through by then.</summary>
    public TimeSpan? Percentile95 { get; init; }
    public TimeSpan? Maximum { get; init; }
    /// <summary>The limit that Kadeploy used last; zero: none.</summary>
    public TimeSpan Timeout { get; init; }
    /// <summary>
    /// Half as much again as the slowest in twenty, and never less than the slowest of all with a tenth to spare. Null: too little is known.
    /// </summary>
    public TimeSpan? AdvisedTimeout { get; init; }
    public string Advice { get; init; } = "";

    public override string ToString() => $"{MacroStep} on {Cluster}";

    /// <summary>Measures every instance of every cluster.</summary>
    public static IReadOnlyList<KadeployStepMeasurement> Measure(IEnumerable<KadeployStatistic> statistics) =>
    [
        .. statistics.Where(s => !s.IsCancelled)
            .SelectMany(s => s.Steps.Select(step => (Record: s, Step: step, IsOver: IsOver(s, step))))
            .GroupBy(x => (x.Record.Site, Cluster: ClusterOf(x.Record.Node), x.Step.Name))
            .OrderBy(g => g.Key.Site, StringComparer.Ordinal).ThenBy(g => g.Key.Cluster, StringComparer.Ordinal)
            .ThenBy(g => PlaceOf(g.First().Record, g.Key.Name))
            .Select(g => Create(g.Key.Site, g.Key.Cluster, g.Key.Name, [.. g])),
    ];

    /// <summary>The node got through that step: it succeeded, or failed in a later one.</summary>
    static bool IsOver(KadeployStatistic record, KadeployStatisticStep step) => record.IsSuccess || record.Steps[^1] != step;

    static KadeployStepMeasurement Create(string site, string cluster, string macroStep,
        IReadOnlyList<(KadeployStatistic Record, KadeployStatisticStep Step, bool IsOver)> all)
    {
        const int Enough = 5;
        TimeSpan[] times = [.. all.Where(x => x.IsOver).Select(x => x.Step.Duration).Order()];
        TimeSpan limit = all.MaxBy(x => x.Record.StartedAt).Step.Timeout;
        int timedOut = all.Count(x => !x.IsOver && x.Step.Timeout > TimeSpan.Zero && x.Step.Duration >= x.Step.Timeout);
        TimeSpan? advised = times.Length < Enough ? null : RoundUp(Max(Percentile(times, 0.95) * 1.5, times[^1] * 1.1));
        return new KadeployStepMeasurement
        {
            Site = site,
            Cluster = cluster,
            MacroStep = macroStep,
            Count = all.Count,
            FailureCount = all.Count(x => !x.IsOver),
            TimedOutCount = timedOut,
            Median = times.Length == 0 ? null : Percentile(times, 0.5),
            Percentile95 = times.Length == 0 ? null : Percentile(times, 0.95),
            Maximum = times.Length == 0 ? null : times[^1],
            Timeout = limit,
            AdvisedTimeout = advised,
            Advice = Advise(macroStep, limit, timedOut, advised, times.Length),
        };
    }

    static string Advise(string macroStep, TimeSpan limit, int timedOut, TimeSpan? advised, int known)
    {
        if (advised is not { } time) return FormattableString.Invariant($"Only {known} nodes got through it: too few to advise.");
        string option = FormattableString.Invariant($"{macroStep}:0:{time.TotalSeconds:0}");
        if (limit == TimeSpan.Zero) return $"It has no limit; {option} would be one.";
        if (limit < time) return timedOut > 0 ? $"Nodes were killed too early: raise the limit with {option}."
            : $"The limit is close to what it takes: {option} is safer.";
        return limit > time * 3 ? $"A node that hangs is waited for too long: {option} is enough." : "The limit fits.";
    }

    static TimeSpan Percentile(TimeSpan[] sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>To whole tens of seconds.</summary>
    static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromSeconds(Math.Max(10, Math.Ceiling(time.TotalSeconds / 10) * 10));

    static int PlaceOf(KadeployStatistic record, string name) => record.Steps.TakeWhile(s => s.Name != name).Count();

    static string ClusterOf(string node)
    {
        string host = node.Split('.')[0];
        int dash = host.LastIndexOf('-');
        return dash > 0 ? host[..dash] : host;
    }
}
