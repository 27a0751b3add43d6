using WaltG5k.Core;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.VirtualMachines;

/// <summary>A testbed with the service that makes machines, on a clock that jumps.</summary>
sealed class VMLab : IAsyncDisposable, IReporter
{
    public const string Site = "nancy";

    VMLab(TestbedGrid grid) => (Grid, Service, Nodes) = (grid, new VMService(grid, this), new NodeExecutor(grid));

    public TestbedGrid Grid { get; }
    public VMService Service { get; }
    public NodeExecutor Nodes { get; }
    public List<string> Warnings { get; } = [];
    public IFrontend Frontend => Grid.GetFrontend(Site);
    public string Home => Path.Combine(Grid.HomeDirectory, ".walt-g5k", "vm");

    public static async Task<VMLab> OpenAsync(params string[] faults) =>
        new(await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults }));

    public static VMRequest Request(params string[] templates) => new(Site)
    {
        Machines = VMTemplate.Expand(templates.Select(VMTemplate.Parse)),
        Walltime = Walltime.Parse("1:00"),
        Image = new Core.VirtualMachines.Disks.FileLocation("/grid5000/virt-images/debian12-x64-base.qcow2"),
    };

    public async Task<G5kVM> MakeAsync(VMRequest request)
    {
        VMPlan plan = Assert.Single(await Service.PlanAsync(request));
        return await Service.CreateAsync(plan);
    }

    public async Task<G5kVM> MakeReadyAsync(VMRequest request) => await ReadyAsync((await MakeAsync(request)).Name);

    public Task<G5kVM> ReadyAsync(string name) => Service.WaitReadyAsync(name, Nodes, TimeSpan.FromMinutes(10));

    public async Task<G5kVM?> FindAsync(string name)
    {
        await foreach (G5kVM vm in Service.ReadAsync((n, _) => n == name, e => throw e)) return vm;
        return null;
    }

    public async Task<string> RunAsync(G5kVM vm, string command)
    {
        NodeCommandResult result = (await Nodes.RunAllAsync([vm.ToTarget()], NodeCommand.Script(command)))[0];
        Assert.True(result.IsSuccess, result.Reason);
        return result.Output.Trim();
    }

    /// <summary>Jobs that live, and folders of machines.</summary>
    public async Task AssertNothingLeftAsync()
    {
        Assert.Empty(await OarClient.For(Grid, Site).FindJobsAsync(Grid.User));
        Assert.Empty(Directory.Exists(Home) ? Directory.EnumerateFileSystemEntries(Home) : []);
        Assert.Empty(Service.Names);
        Assert.Empty(Grid.World.Guests.All);
    }

    public async ValueTask DisposeAsync()
    {
        await Nodes.DisposeAsync();
        await Grid.DisposeAsync();
    }

    void IReporter.Verbose(string message) { }
    void IReporter.Warning(string message) => Warnings.Add(message);
    void IReporter.Progress(ProgressUpdate update) { }
}
