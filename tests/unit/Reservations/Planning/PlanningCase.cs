using System.Globalization;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;

namespace WaltG5k.Tests.Reservations.Planning;

/// <summary>A small random world, its jobs on whole minutes, and a question about it.</summary>
sealed class PlanningCase
{
    const int Minutes = 240;
    /// <summary>A Tuesday, 8:00 in Paris: the day hours begin inside the window.</summary>
    static readonly DateTimeOffset s_origin = new(2026, 3, 24, 7, 0, 0, TimeSpan.Zero);

    readonly Random _random;
    readonly Dictionary<PlanElement, List<(int From, int To)>> _jobs = [];

    public PlanningCase(int seed)
    {
        _random = new Random(seed);
        Seed = seed;
        string[] sites = ["nancy", "rennes"];
        Schedules = [.. sites.Select(MakeSite)];
        Walltime = new Walltime(TimeSpan.FromMinutes(_random.Next(1, 90)));
        Query = MakeQuery();
    }

    public int Seed { get; }
    public IReadOnlyList<SiteSchedule> Schedules { get; }
    public Walltime Walltime { get; }
    public SlotQuery Query { get; }
    public static DateTimeOffset At(int minute) => s_origin.AddMinutes(minute);

    /// <summary>By the definition: no job and no guard time touches ours.</summary>
    public bool IsFree(PlanElement element, DateTimeOffset start) =>
        _jobs[element].TrueForAll(j => start + Walltime.Duration + TimeSpan.FromMinutes(1) <= At(j.From) || start >= At(j.To + 1));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: {Query}");

    SiteSchedule MakeSite(string site)
    {
        var nodes = new List<NodeElement>();
        foreach (string cluster in (string[])["a", "b"])
        {
            int count = _random.Next(1, 4);
            for (int n = 1; n <= count; n++)
            {
                string host = $"{site[0]}{cluster}-{n}.{site}.grid5000.fr";
                DiskElement[] disks = [.. Enumerable.Range(1, _random.Next(0, 3))
                    .Select(d => Remember(jobs => new DiskElement(site, host, $"disk{d}.{host}") { Busy = Merge(jobs) }))];
                nodes.Add(Remember(jobs => new NodeElement(site, site[0] + cluster, host)
                {
                    Busy = Merge(jobs),
                    KavlanNics = _random.Next(1, 3),
                    Health = _random.Next(6) switch { 0 => NodeHealth.Standby, 1 => NodeHealth.Suspected, _ => NodeHealth.Alive },
                    MaxWalltime = _random.Next(5) == 0 ? TimeSpan.FromMinutes(45) : null,
                    Disks = disks,
                }));
            }
        }
        return new SiteSchedule(site)
        {
            Nodes = nodes,
            Vlans = [.. Enumerable.Range(1, 2).Select(i => Remember(jobs => new VlanElement(site, i, VlanKind.Local) { Busy = Merge(jobs) })),
                Remember(jobs => new VlanElement(site, 14, VlanKind.Global) { Busy = Merge(jobs) })],
            Subnets = [.. Enumerable.Range(0, 8).Select(i =>
                Remember(jobs => new SubnetElement(site, $"10.144.{4 * i}.0/22", 0x0A900000u + (uint)(1024 * i)) { Busy = Merge(jobs) }))],
        };
    }

    /// <summary>Overlapping, nested, touching, past and empty jobs all occur.</summary>
    T Remember<T>(Func<List<(int From, int To)>, T> make) where T : PlanElement
    {
        var jobs = new List<(int From, int To)>();
        int count = _random.Next(0, 5);
        for (int i = 0; i < count; i++)
        {
            int from = i > 0 && _random.Next(3) == 0 ? jobs[^1].To : _random.Next(-60, Minutes);
            jobs.Add((from, from + _random.Next(1, 80)));
        }
        T element = make(jobs);
        _jobs[element] = jobs;
        return element;
    }

    static System.Collections.Immutable.ImmutableArray<BusyPeriod> Merge(List<(int From, int To)> jobs) =>
        BusyPeriod.Merge(jobs.Select(j => new BusyPeriod(At(j.From).ToUnixTimeSeconds(), At(j.To).ToUnixTimeSeconds() + 60)));

    SlotQuery MakeQuery()
    {
        var nodes = new List<NodeDemand>();
        int demands = _random.Next(5) == 0 ? _random.Next(5, 7) : _random.Next(1, 4);   // many and few are counted in different ways
        for (int i = 0; i < demands; i++)
        {
            int least = _random.Next(1, 3);
            nodes.Add(new NodeDemand($"demand {i}", least)
            {
                Maximum = least + _random.Next(0, 4),
                Filter = new NodeFilter
                {
                    Sites = _random.Next(2) == 0 ? [] : [_random.Next(2) == 0 ? "nancy" : "rennes"],
                    Clusters = _random.Next(3) == 0 ? ["na", "rb"] : [],
                    KavlanNics = _random.Next(1, 3),
                    Disks = _random.Next(4) == 0 ? _random.Next(1, 3) : 0,
                },
            });
        }
        return new SlotQuery
        {
            Nodes = nodes,
            Vlans = _random.Next(3) switch { 0 => [], 1 => [new VlanDemand(VlanKind.Local, _random.Next(1, 3)) { Sites = ["nancy"] }],
            _ => [new VlanDemand(VlanKind.Global)] },
            Subnets = _random.Next(3) == 0 ? [new SubnetDemand("rennes", _random.Next(20, 23)),
            new SubnetDemand("rennes", _random.Next(20, 23), _random.Next(1, 3))] : [],
            Walltime = Walltime,
            Earliest = At(_random.Next(-20, 30)),
            Latest = At(_random.Next(30, Minutes)),
            Hours = (SlotHours)_random.Next(0, 4),
            Criterion = (SlotCriterion)_random.Next(0, 3),
            Excluded = _random.Next(3) == 0 ? new HashSet<string> { "na-1", "nb-2", "rb" } : new HashSet<string>(),
            MaximumSlots = _random.Next(1, 4),
        };
    }
}
