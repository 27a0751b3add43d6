using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-G5kVM: job, address, disk, folder and open ports of machines, whatever their state.</summary>
[Cmdlet(VerbsCommon.Remove, "G5kVM", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveG5kVMCommand : G5kVMCmdlet
{
    internal override string Action => "Remove with its job and disk";

    internal override async Task ActAsync(VMService service, string name, CancellationToken cancellationToken)
    {
        await Session.PortForwards.CloseAllAsync(name).ConfigureAwait(false);
        await service.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
    }

    internal override Task ActOnOrphanAsync(VMService service, G5kVMRef orphan, CancellationToken cancellationToken) =>
        service.RemoveOrphanAsync(orphan.Name, orphan.Site!, cancellationToken);
}
