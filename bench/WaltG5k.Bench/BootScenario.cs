using System.Diagnostics;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Bench;

/// <summary>
/// Booting another image: what the driver adds to the emulated steps. The testbed runs at 60 times real time; what a boot by kexec takes
/// there by its model, divided by 60, is what no driver can avoid; the rest of the wall-clock time is overhead (ours and the emulation's).
/// </summary>
static class BootScenario
{
    const double Speed = 60;

    /// <summary>Sites take part in this order; the first has the server.</summary>
    static readonly string[] s_sites = ["nancy", "rennes", "grenoble", "lille", "nantes"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        List<Measurement> report = [];
        List<(int Nodes, double Bytes)> memory = [];
        foreach ((int nodes, double limit) in new[] { (1, 0.5), (50, 1.0), (200, 2.0), (1000, 8.0) })
        {
            (Measurement overhead, double bytes) = await MeasureAsync(nodes, limit);
            report.Add(overhead);
            memory.Add((nodes, bytes));
        }
        // Linear: a node more costs the same among many as among few.
        double few = (memory[2].Bytes - memory[1].Bytes) / (memory[2].Nodes - memory[1].Nodes),
            many = (memory[3].Bytes - memory[2].Bytes) / (memory[3].Nodes - memory[2].Nodes);
        report.Add(Measurement.AtMost("Invoke-WaltNodeBoot: allocated per node, 200 to 1000 nodes", many / 1e3, 1000, "kB"));
        report.Add(Measurement.AtMost("Invoke-WaltNodeBoot: the same, against 50 to 200 nodes", many / few, 2, "times"));
        return report;
    }

    static async Task<(Measurement Overhead, double Bytes)> MeasureAsync(int nodes, double limit)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = Speed, NodeCount = 8 * nodes + 2000 });
        var service = new DeploymentService(grid, SilentReporter.Instance);
        string[] sites = nodes > 200 ? s_sites : s_sites[..1];
        DeploymentPlan plan = await service.PlanAsync(new DeploymentRequest
        {
            Reserve = new ReservationRequest { NodeCounts = sites.ToDictionary(s => s, _ => nodes / sites.Length), ServerSite = s_sites[0],
                Walltime = new Walltime(TimeSpan.FromHours(10)) },
        });
        DeploymentInfo info = await (await service.StartAsync(plan)).Completion;
        if (info.State != DeploymentState.Ready)
            throw new InvalidOperationException($"The deployment is {info.State}: {string.Join("; ", info.Findings)}");

        await using WaltServer server = service.OpenServer(info);
        Dictionary<string, string> siteOf = info.Nodes.ToDictionary(n => n.WaltName, n => n.Site);
        var driver = new WaltBootDriver(server, name => siteOf[name]);
        await BootAsync(driver, info, "debian12");   // code that has run once, as in any session
        long before = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan wall = await BootAsync(driver, info, "pc-x86-64-default");
        double bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        TimeSpan roundTrip = SiteLatency.RoundTrip(grid.World, s_sites[0], sites[^1]);
        TimeSpan boot = BootDurations.KexecFetch(roundTrip) + BootDurations.KexecJump + BootDurations.NetworkSystem(roundTrip, BootRoot.Nfs);
        return (Measurement.AtMost($"Invoke-WaltNodeBoot, {nodes} node(s): wall clock minus emulated boot",
            wall.TotalSeconds - boot.TotalSeconds / Speed, limit, "s"), bytes);
    }

    static async Task<TimeSpan> BootAsync(WaltBootDriver driver, DeploymentInfo info, string image)
    {
        long start = Stopwatch.GetTimestamp();
        await foreach (WaltBootResult result in driver.BootAsync(
            new WaltBootRequest { Nodes = [.. info.Nodes.Select(n => n.WaltName)], Image = image, ThrottleLimit = 1000 }))
        {
            if (!result.IsBooted) throw new InvalidOperationException($"{result.Node}: {result.Error?.Message}");
        }
        return Stopwatch.GetElapsedTime(start);
    }
}
