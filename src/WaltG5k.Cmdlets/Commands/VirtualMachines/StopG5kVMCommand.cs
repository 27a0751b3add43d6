using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Jobs;

namespace WaltG5k.Commands;

/// <summary>Stop-G5kVM: lets guests switch themselves off, and ends their jobs. Disks stay.</summary>
[Cmdlet(VerbsLifecycle.Stop, "G5kVM", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVM))]
public sealed class StopG5kVMCommand : G5kVMCmdlet
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string Action => Force ? "Delete its job at once" : "Switch off and end its job";

    internal override async Task ActAsync(VMService service, string name, CancellationToken cancellationToken)
    {
        G5kVM vm = await service.StopAsync(name, Force, cancellationToken).ConfigureAwait(false);
        if (PassThru) Write(vm);
    }
}
