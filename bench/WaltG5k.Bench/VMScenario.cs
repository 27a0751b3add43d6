using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>
/// 600 machines on 100 hosts: as a graph, and the same steps with the same emulated durations in the order of vm5k, each for all hosts before the
/// next begins. vm5k has to deploy its hosts; ours need not (-NoDeploy). Its reservation is for a date 60 s ahead, which is the first of its steps.
/// </summary>
static class VMScenario
{
    const int Machines = 600, Hosts = 100;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        TimeSpan standard = await DeployAsync(null, deploys: false, TimeSpan.Zero);
        TimeSpan graph = await DeployAsync(null, deploys: true, TimeSpan.Zero);
        TimeSpan sequence = await DeployAsync(VMGraph.InOrderOfVm5k, deploys: true, TimeSpan.FromSeconds(60));
        return
        [
            new($"{Machines} machines on {Hosts} hosts, as a graph, on the standard environment", $"{standard.TotalSeconds:0} s (virtual)", "", null),
            new($"{Machines} machines on {Hosts} hosts, as a graph, with Kadeploy", $"{graph.TotalSeconds:0} s (virtual)", "", null),
            new($"{Machines} machines on {Hosts} hosts, in vm5k's order, with Kadeploy", $"{sequence.TotalSeconds:0} s (virtual)", "", null),
            Measurement.AtMost("makespan, graph over vm5k's order, both with Kadeploy", graph / sequence, 0.5, "x"),
            // Not the same work: vm5k always deploys its hosts.
            new("makespan, graph on the standard environment over vm5k's order", FormattableString.Invariant($"{standard / sequence:0.###} x"), "", null),
        ];
    }

    static async Task<TimeSpan> DeployAsync(Func<IReadOnlyList<Step<VMDeploymentContext>>, IReadOnlyList<Step<VMDeploymentContext>>>? arrange,
        bool deploys, TimeSpan ahead)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var service = new VMDeploymentService(grid, SilentReporter.Instance) { Arrange = arrange };
        VMDeploymentPlan plan = await service.PlanAsync(new VMDeploymentRequest
        {
            Machines = VMTemplate.Expand([VMTemplate.Parse($"{Machines}x2cpu,4GB")]),
            Wish = new VMHostWish { Clusters = ["gros"], Counts = new Dictionary<string, int> { ["nancy"] = Hosts } },
            Environment = deploys ? VMDeploymentRequest.DefaultEnvironment : null,
            AuthorizedKeys = ["ssh-ed25519 AAAA bench"],
            Reserve = new ReservationRequest
            {
                NodeCounts = new Dictionary<string, int>(),
                Walltime = new Walltime(TimeSpan.FromHours(2)),
                Start = ahead > TimeSpan.Zero ? ReservationStart.At(grid.Time.GetUtcNow() + ahead) : ReservationStart.Now,
            },
        });
        VMDeploymentInfo info = await (await service.StartAsync(plan)).Completion;
        if (info.State != DeploymentState.Ready || info.MachinesReady != Machines)
            throw new InvalidOperationException($"{info.State}, {info.MachinesReady} machines: {string.Join("; ", info.Findings.Take(5))}");
        if (Environment.GetEnvironmentVariable("WALTG5K_BENCH_STEPS") is not null)
            foreach (DeploymentStepInfo step in info.Steps)
                Console.WriteLine(FormattableString.Invariant(
                $"{step.Name,-24} {(step.StartedAt - info.CreatedAt)?.TotalSeconds,6:0} + {step.Duration?.TotalSeconds,5:0} s  {step.Note}"));
        return info.Duration!.Value;
    }
}
