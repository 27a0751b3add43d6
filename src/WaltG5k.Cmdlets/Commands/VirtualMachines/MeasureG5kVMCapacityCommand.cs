using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Measure-G5kVMCapacity: how many more machines of a size fit, and what limits their number.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "G5kVMCapacity")]
[OutputType(typeof(VMCapacity), typeof(VMHostCapacity))]
public sealed class MeasureG5kVMCapacityCommand : VMHostCmdlet
{
    [Parameter(Position = 0)]
    [VMTemplateConversion]
    public VMTemplate[] Template { get; set; } = [new VMTemplate("vm", 1, new VirtualMachine("vm"))];

    [Parameter]
    public SwitchParameter PerHost { get; set; }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<VMHost> hosts = await GetHostsAsync(cancellationToken).ConfigureAwait(false);
        foreach (VMTemplate template in Template)
        {
            VMCapacity capacity = VMCapacity.Measure(hosts, template.Machine, BaseOptions);
            if (!PerHost) Write(capacity);
            else foreach (VMHostCapacity host in capacity.Hosts) Write(host);
        }
    }
}
