using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;

namespace WaltG5k.Bench;

/// <summary>The search for a slot on sites that are booked out for weeks, the merging of what was read included.</summary>
static class PlannerScenario
{
    const int Runs = 15;
    /// <summary>Until the compiler has made its best of it.</summary>
    const int WarmUps = 25;
    static readonly DateTimeOffset s_now = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Measurement> Run() =>
    [
        Measure(539, 12_500, 20, SlotCriterion.Free),
        Measure(539, 12_500, 20, SlotCriterion.Max),
        Measure(5_000, 200_000, 500, SlotCriterion.Free),
        Measure(5_000, 200_000, 500, SlotCriterion.Max),
    ];

    static Measurement Measure(int nodes, int periods, double limit, SlotCriterion criterion)
    {
        BusyPeriod[][] jobs = MakeJobs(nodes, periods);
        SlotQuery query = new()
        {
            Nodes =
            [
                new NodeDemand("server node", 1) { IsServer = true, Filter = new NodeFilter { KavlanNics = 2 } },
                new NodeDemand("nodes at site 0", nodes / 20) { Maximum = nodes / 10, Filter = new NodeFilter { Sites = ["site0"] } },
                new NodeDemand("nodes anywhere", nodes / 10),
            ],
            Vlans = [new VlanDemand(VlanKind.Global)],
            Walltime = new Walltime(TimeSpan.FromHours(3)),
            Earliest = s_now,
            Latest = s_now.AddDays(28),
            Criterion = criterion,
        };
        var times = new List<double>();
        for (int run = -WarmUps; run < Runs; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            SlotSearch found = SlotFinder.Find(query, MakeSchedules(jobs), s_now);
            if (run >= 0) times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (found.Slots.Count == 0) throw new InvalidOperationException($"No slot: {found.Refusal?.Message}");
        }
        times.Sort();
        return Measurement.AtMost(string.Create(CultureInfo.InvariantCulture,
            $"slot search {criterion}, {nodes} nodes, {periods} busy intervals, median"), times[Runs / 2], limit, "ms");
    }

    static BusyPeriod[][] MakeJobs(int nodes, int periods)
    {
        var random = new Random(20260324);
        long now = s_now.ToUnixTimeSeconds();
        long span = 28L * 86400 / (periods / nodes + 1);
        return [.. Enumerable.Range(0, nodes + 10)
            .Select(i => i >= nodes ? [] : Enumerable.Range(0, periods / nodes + (i < periods % nodes ? 1 : 0)).Select(k =>
        {
            long from = now + k * span + random.Next((int)span / 2);
            return new BusyPeriod(from, from + random.Next(600, (int)span) + 60);
        }).ToArray())];
    }

    static SiteSchedule[] MakeSchedules(BusyPeriod[][] jobs)
    {
        int perSite = (jobs.Length - 10) / 10 + 1;
        return [.. Enumerable.Range(0, 10).Select(s => new SiteSchedule($"site{s}")
        {
            Nodes = [.. Enumerable.Range(s * perSite, Math.Max(0, Math.Min(perSite, jobs.Length - 10 - s * perSite))).Select(i =>
                new NodeElement($"site{s}", $"cluster{s}-{i % 5}", $"node-{i}") { Busy = BusyPeriod.Merge(jobs[i]), KavlanNics = i % 3 })],
            Vlans = [new VlanElement($"site{s}", 10 + s, VlanKind.Global) { Busy = BusyPeriod.Merge(jobs[^(s + 1)]) }],
        })];
    }
}
