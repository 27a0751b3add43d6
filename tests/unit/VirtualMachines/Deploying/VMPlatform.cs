using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Testbed;
using WaltG5k.Testbed.VirtualMachines;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.VirtualMachines.Deploying;

/// <summary>A testbed on a clock that jumps, with what a deployment of virtual machines needs.</summary>
sealed class VMPlatform : IAsyncDisposable
{
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(3));

    VMPlatform(TestbedGrid grid) => Grid = grid;

    public TestbedGrid Grid { get; }
    public CancellationToken Limit => _limit.Token;
    public CollectingReporter Reporter { get; } = new();
    public VMDeploymentService Service => new(Grid, Reporter);
    public ReservationService Reservations => new(Grid, Reporter);
    public IReadOnlyList<Guest> Guests => Grid.World.Guests.All;

    public static async Task<VMPlatform> OpenAsync(params string[] faults) =>
        new(await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults }));

    /// <summary>Machines of a size of which gros takes a few on a host, at nancy.</summary>
    public static VMDeploymentRequest Count(int machines, int hosts = 2, string template = "2cpu,4GB") => new()
    {
        Machines = VMTemplate.Expand([VMTemplate.Parse(FormattableString.Invariant($"{machines}x{template}"))]),
        Reserve = Reserve,
        Wish = new VMHostWish { Clusters = ["gros"], Counts = new Dictionary<string, int> { ["nancy"] = hosts } },
        AuthorizedKeys = ["ssh-ed25519 AAAA test"],
    };

    public static ReservationRequest Reserve => new() { NodeCounts = new Dictionary<string, int>(), Walltime = new Walltime(TimeSpan.FromHours(2)) };

    public async Task<VMDeploymentInfo> DeployAsync(VMDeploymentRequest request)
    {
        VMDeploymentRun run = await StartAsync(request);
        return await run.Completion.WaitAsync(Limit);
    }

    public async Task<VMDeploymentRun> StartAsync(VMDeploymentRequest request, IGrid? grid = null, Action<JournalEntry>? beforeAppend = null)
    {
        var service = new VMDeploymentService(grid ?? Grid, Reporter) { BeforeAppend = beforeAppend };
        return await service.StartAsync(await service.PlanAsync(request, Limit), Limit);
    }

    /// <summary>Fails with the whole story when the deployment is in another state, or fewer machines answer.</summary>
    public static void AssertReady(VMDeploymentInfo info, int machines)
    {
        Assert.True(info.State == DeploymentState.Ready && info.MachinesReady == machines, Story(info));
        string[] addresses = [.. info.Machines.Where(m => m.Stage == VMStage.Ready).Select(m => m.Ip!)];
        Assert.Equal(machines, addresses.Distinct().Count());
    }

    public static string Story(VMDeploymentInfo info) =>
        $"{info.State}, {info.MachinesReady} of {info.MachineCount}\n{string.Join("\n", info.Steps.Select(s => $"  {s.Name} {s.State} {(s.StartedAt - info.CreatedAt)?.TotalSeconds:0} + {s.Duration?.TotalSeconds:0} s {s.Note}"))}\n{string.Join("\n", info.Findings.Select(f => $"  {f}\n    {f.Seen}"))}";

    /// <summary>Jobs that hold resources or will, and that nobody has deleted.</summary>
    public IReadOnlyList<JobModel> LiveJobs
    {
        get
        {
            lock (Grid.World.Sync) return [.. Grid.World.Jobs.Values.Where(j => j.User == Grid.User && j.State is not ("Terminated" or "Error")
                && !j.Details.Events.Any(e => e.Type == "FRAG_JOB_REQUEST"))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        _limit.Dispose();
    }
}
