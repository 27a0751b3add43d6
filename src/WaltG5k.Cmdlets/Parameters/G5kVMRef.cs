using WaltG5k.Core.Execution;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Parameters;

/// <summary>A virtual machine by its name; wildcards stand for all that match.</summary>
public sealed record G5kVMRef(string Name)
{
    /// <summary>Where it was found; null: wherever it is.</summary>
    public string? Site { get; init; }
    /// <summary>Whether it is one that only a front-end knows.</summary>
    public bool IsOrphan { get; init; }
    /// <summary>One of a deployment, which is as its object says; null: one in a job, which is asked about.</summary>
    public G5kVM? Deployed { get; init; }
    public override string ToString() => Name;
}

/// <summary>Virtual machines from names, sets of them (<c>web-[1-4]</c>), wildcards, or objects that stand for one.</summary>
public sealed class G5kVMConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).SelectMany(ToMachines).ToArray();

    static IEnumerable<G5kVMRef> ToMachines(object item) => item switch
    {
        G5kVMRef machine => [machine],
        G5kVM vm => [new G5kVMRef(vm.Name) { Site = vm.Site, IsOrphan = vm.State == VMState.Orphan }],
        DeployedMachine machine => [new G5kVMRef(machine.Name) { Site = machine.Site, Deployed = ToVM(machine) }],
        VMDeploymentInfo deployment => deployment.Machines.Select(m => new G5kVMRef(m.Name) { Site = m.Site, Deployed = ToVM(m) }),
        VirtualMachine machine => [new G5kVMRef(machine.Id)],
        NodeCommandResult result => [new G5kVMRef(result.Name)],
        NodeCommandFold fold => fold.Results.Select(r => new G5kVMRef(r.Name)),
        _ => NodeNames.Expand($"{item}").Select(name => new G5kVMRef(name)),
    };

    static G5kVM ToVM(DeployedMachine machine) => new(machine.Name, machine.Site)
    {
        State = machine.Stage == VMStage.Ready ? VMState.Running : VMState.Failed,
        Reason = machine.Reason, Host = machine.Host, Ip = machine.Ip, Mac = machine.Mac, Cpu = machine.Cpu, Memory = machine.Memory,
        Network = VMNetwork.Bridge,
    };
}
