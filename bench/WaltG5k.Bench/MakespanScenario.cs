using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>
/// A deployment on two sites with 20 nodes, as a graph and in the order of <c>walt g5k</c>: same steps, same emulated durations, virtual time.
/// <c>walt g5k</c> reserves for a date 120 s ahead, which is the first of its steps; the ratio is also given as if it did not.
/// </summary>
static class MakespanScenario
{
    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        TimeSpan graph = await DeployAsync(null, TimeSpan.Zero);
        TimeSpan sequence = await DeployAsync(InPluginOrder, TimeSpan.Zero);
        TimeSpan plugin = await DeployAsync(InPluginOrder, TimeSpan.FromSeconds(120));
        return
        [
            new("deployment, 2 sites, 20 nodes: as a graph", $"{graph.TotalSeconds:0} s (virtual)", "", null),
            new("deployment, 2 sites, 20 nodes: in the plugin's order, from its date on", $"{plugin.TotalSeconds:0} s (virtual)", "", null),
            new("deployment, 2 sites, 20 nodes: in the plugin's order, at our date", $"{sequence.TotalSeconds:0} s (virtual)", "", null),
            Measurement.AtMost("makespan, graph over the plugin's order", graph / plugin, 0.6, "x"),
            new("makespan, were the plugin to start at our date", string.Create(CultureInfo.InvariantCulture, $"{graph / sequence:0.###} x"), "",
            null),
        ];
    }

    static IReadOnlyList<DeploymentStep> InPluginOrder(IReadOnlyList<DeploymentStep> steps) => DeploymentGraph.InPluginOrder(steps, "nancy");

    static async Task<TimeSpan> DeployAsync(Func<IReadOnlyList<DeploymentStep>, IReadOnlyList<DeploymentStep>>? arrange, TimeSpan ahead)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var service = new DeploymentService(grid, SilentReporter.Instance) { Arrange = arrange };
        DeploymentPlan plan = await service.PlanAsync(new DeploymentRequest
        {
            Reserve = new ReservationRequest
            {
                NodeCounts = new Dictionary<string, int> { ["nancy"] = 10, ["rennes"] = 10 },
                ServerSite = "nancy",
                Walltime = new Walltime(TimeSpan.FromHours(2)),
                Start = ahead > TimeSpan.Zero ? ReservationStart.At(grid.Time.GetUtcNow() + ahead) : ReservationStart.Now,
            },
        });
        DeploymentInfo info = await (await service.StartAsync(plan)).Completion;
        if (info.State != DeploymentState.Ready)
            throw new InvalidOperationException($"The deployment is {info.State}: {string.Join("; ", info.Findings)}");
        return info.Duration!.Value;
    }
}
