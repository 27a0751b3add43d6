using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Scheduling;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>
/// usagepolicycheck: what the user may still take, and has taken, of each cluster in the day period of today, or of the next working day. In
/// core·seconds.
/// </summary>
sealed class UsagePolicyCommand(OarPart part) : OarCommand(part)
{
    /// <summary>Two hours of the whole cluster.</summary>
    const int QuotaSeconds = 7200;
    readonly OarPart _part = part;

    static readonly OptionRule[] s_rules =
    [
        OptionRule.Flag("totals|t"), OptionRule.Flag("list|l"), OptionRule.Flag("version|V"), OptionRule.Flag("help|h"), OptionRule.Value("sites"),
    ];

    public override IReadOnlyList<string> Names { get; } = ["usagepolicycheck"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server)
    {
        ParsedOptions options = OptionParser.Parse(context.Arguments, s_rules);
        string[] sites = options.Value("sites")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [.. _part.Servers.Keys];
        if (options.Errors.Count > 0 || Array.Find(sites, s => _part.FindServer(s) is null) is not null)
        {
            string? unknown = Array.Find(sites, s => _part.FindServer(s) is null);
            context.WriteErrorLine(options.Errors.Count > 0 ? string.Join('\n', options.Errors) : $"Unknown site: {unknown}");
            return Task.FromResult(1);
        }
        (long start, long stop) = DayPeriod.OfDayAt(server.Now);
        var jobs = new Dictionary<string, object?>();
        var totals = new Dictionary<string, object?>();
        var limits = new Dictionary<string, object?>();
        foreach (string site in sites)
        {
            OarServer checkedServer = _part.Servers[site];
            Dictionary<string, Dictionary<string, long>> used = checkedServer.Read(_ => CountUse(checkedServer, context.User, start, stop));
            jobs[site] = used.ToDictionary(u => u.Key, object? (u) => u.Value.ToDictionary(c => c.Key, object? (c) => c.Value));
            totals[site] = used.Values.SelectMany(u => u).GroupBy(c => c.Key).ToDictionary(g => g.Key, object? (g) => g.Sum(c => c.Value));
            limits[site] = GetLimits(checkedServer);
        }
        var document = new Dictionary<string, object?>
        {
            ["start_time"] = start, ["stop_time"] = stop, ["jobs"] = jobs, ["total_jobs"] = totals, ["limits"] = limits,
        };
        context.WriteLine(server.Read(random => PerlJson.Write(document, random)));
        return Task.FromResult(0);
    }

    static Dictionary<string, object?> GetLimits(OarServer server)
    {
        var limits = new Dictionary<string, object?>();
        IEnumerable<ResourceUnit> nodes = server.Table.Units.Where(u => u.Node is not null && u.State != "Dead");
        foreach (IGrouping<string, ResourceUnit> cluster in nodes.GroupBy(u => u.Node!.Cluster.Name))
        {
            long cores = cluster.Sum(u => u.RowCount);
            limits[cluster.Key] = new Dictionary<string, object?> { ["time"] = cores * QuotaSeconds, ["nb_cores"] = cores };
        }
        return limits;
    }

    // By job and cluster. Jobs of an hour at most that were submitted less than ten minutes before their start do not count, nor best-effort ones.
    static Dictionary<string, Dictionary<string, long>> CountUse(OarServer server, string user, long start, long stop)
    {
        var used = new Dictionary<string, Dictionary<string, long>>();
        foreach (OarJob job in server.Jobs.Values.Where(j => j.User == user && j.Units is not null && !j.Submission.IsBestEffort))
        {
            long from = job.Progress.StartTime > 0 ? job.Progress.StartTime : job.Progress.ScheduledStart ?? 0;
            long to = job.Progress.StopTime > 0 ? job.Progress.StopTime : from + job.Walltime;
            if (from == 0 || from >= stop || to <= start || (job.Walltime <= 3600 && from - job.Submission.SubmissionTime < 600)) continue;
            long seconds = Math.Min(to, stop) - Math.Max(from, start);
            used[job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)] = server.Table.UnitsOf(job.Units!).Where(u => u.Node is not null)
                .GroupBy(u => u.Node!.Cluster.Name).ToDictionary(g => g.Key, g => g.Sum(u => u.RowCount) * seconds);
        }
        return used;
    }
}
