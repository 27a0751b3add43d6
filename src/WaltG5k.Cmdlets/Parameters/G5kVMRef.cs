using WaltG5k.Core.Execution;
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
        VirtualMachine machine => [new G5kVMRef(machine.Id)],
        NodeCommandResult result => [new G5kVMRef(result.Name)],
        NodeCommandFold fold => fold.Results.Select(r => new G5kVMRef(r.Name)),
        _ => NodeNames.Expand($"{item}").Select(name => new G5kVMRef(name)),
    };
}
