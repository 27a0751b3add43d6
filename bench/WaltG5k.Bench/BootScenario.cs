using System.Diagnostics;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>
/// Booting another image: what the driver adds to the emulated steps. The testbed runs at 60 times real time; the longest boot, divided by 60, is what
/// no driver can avoid; the rest of the wall-clock time is overhead (ours and the emulation's).
/// </summary>
static class BootScenario
{
    const double Speed = 60;

    public static async Task<IReadOnlyList<Measurement>> RunAsync() =>
    [
        await MeasureAsync(1, 0.5),
        await MeasureAsync(200, 2),
    ];

    static async Task<Measurement> MeasureAsync(int nodes, double limit)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = Speed, NodeCount = 2000 });
        var service = new DeploymentService(grid, SilentReporter.Instance);
        DeploymentPlan plan = await service.PlanAsync(new DeploymentRequest
        {
            Reserve = new ReservationRequest { NodeCounts = new Dictionary<string, int> { ["nancy"] = nodes }, ServerSite = "nancy", Walltime = new Walltime(TimeSpan.FromHours(10)) },
        });
        DeploymentInfo info = await (await service.StartAsync(plan)).Completion;
        if (info.State != DeploymentState.Ready) throw new InvalidOperationException($"The deployment is {info.State}: {string.Join("; ", info.Findings)}");

        await using WaltServer server = service.OpenServer(info);
        var driver = new WaltBootDriver(server, name => info.Nodes.First(n => n.WaltName == name).Site);
        await BootAsync(driver, info, "debian12");   // code that has run once, as in any session
        (TimeSpan wall, TimeSpan boot) = await BootAsync(driver, info, "pc-x86-64-default");
        return Measurement.AtMost($"Invoke-WaltNodeBoot, {nodes} node(s): wall clock minus emulated boot", wall.TotalSeconds - boot.TotalSeconds / Speed, limit, "s");
    }

    static async Task<(TimeSpan Wall, TimeSpan Boot)> BootAsync(WaltBootDriver driver, DeploymentInfo info, string image)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan longest = TimeSpan.Zero;
        await foreach (WaltBootResult result in driver.BootAsync(new WaltBootRequest { Nodes = [.. info.Nodes.Select(n => n.WaltName)], Image = image }))
        {
            if (!result.IsBooted) throw new InvalidOperationException($"{result.Node}: {result.Error?.Message}");
            if (result.Boot > longest) longest = result.Boot;
        }
        return (Stopwatch.GetElapsedTime(start), longest);
    }
}
