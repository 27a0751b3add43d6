using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>A deployment on two sites with 20 nodes, as a graph and in the order of <c>walt g5k</c>: same steps, same emulated durations, virtual time.</summary>
static class MakespanScenario
{
    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        TimeSpan graph = await DeployAsync(null);
        TimeSpan plugin = await DeployAsync(steps => DeploymentGraph.InPluginOrder(steps, "nancy"));
        return
        [
            new("deployment, 2 sites, 20 nodes: as a graph", $"{graph.TotalSeconds:0} s (virtual)", "", null),
            new("deployment, 2 sites, 20 nodes: one step after the other", $"{plugin.TotalSeconds:0} s (virtual)", "", null),
            Measurement.AtMost("makespan, graph over sequence", graph / plugin, 0.6, "x"),
        ];
    }

    static async Task<TimeSpan> DeployAsync(Func<IReadOnlyList<DeploymentStep>, IReadOnlyList<DeploymentStep>>? arrange)
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
            },
        });
        DeploymentInfo info = await (await service.StartAsync(plan)).Completion;
        if (info.State != DeploymentState.Ready) throw new InvalidOperationException($"The deployment is {info.State}: {string.Join("; ", info.Findings)}");
        return info.Duration!.Value;
    }
}
