using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Bench;

/// <summary>Ten thousand machines of mixed sizes on a thousand hosts, three quarters full, with rules that keep some apart.</summary>
static class PlacementScenario
{
    const int Runs = 11, WarmUps = 5, Hosts = 1_000, Machines = 10_000;
    const double Limit = 200;

    public static IReadOnlyList<Measurement> Run() => [.. Enum.GetValues<Distribution>().Select(Measure)];

    static Measurement Measure(Distribution distribution)
    {
        VMHost[] hosts = [.. Enumerable.Range(1, Hosts).Select(i => new VMHost($"gros-{i}.nancy.grid5000.fr") { Cpu = 36, Memory = 98_304 })];
        VirtualMachine[] machines =
        [
            .. Enumerable.Range(0, Machines).Select(i =>
                new VirtualMachine($"vm-{i}") { Cpu = 1 + i % 4, Memory = 2_048 * (1 + i % 6),
                Groups = i % 20 == 0 ? ["web"] : i % 50 == 1 ? ["db"] : [] }),
        ];
        var options = new PlacementOptions { Distribution = distribution, Apart = ["web", "web/db"] };
        var times = new List<double>();
        for (int run = -WarmUps; run < Runs; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            PlacementResult result = VMPlacer.Place(hosts, machines, options);
            if (run >= 0) times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (distribution != Distribution.NByHosts && !result.IsComplete)
                throw new InvalidOperationException($"{distribution}: {result.Refusals[0]}");
        }
        times.Sort();
        return Measurement.AtMost(string.Create(CultureInfo.InvariantCulture,
            $"placement {distribution}, {Machines} machines on {Hosts} hosts, median"), times[Runs / 2], Limit, "ms");
    }
}
