using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-G5kVMDeployment: removes virtual machines and gives their hosts back.</summary>
[Cmdlet(VerbsCommon.Remove, "G5kVMDeployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMDeploymentInfo))]
public sealed class RemoveG5kVMDeploymentCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [VMDeploymentConversion]
    [ArgumentCompleter(typeof(VMDeploymentCompleter))]
    public VMDeploymentRef[] Deployment { get; set; } = [];

    [Parameter]
    public SwitchParameter KeepJob { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        VMDeploymentService service = VMDeploymentLookup.Open(this);
        foreach (string id in VMDeploymentLookup.GetIds(this, Deployment, alive: true))
        {
            try
            {
                VMDeploymentInfo deployment = service.Get(id);
                string what = KeepJob ? "Remove the machines and keep the hosts" : deployment.Jobs.Count > 0
                    ? $"Delete jobs {string.Join(", ", deployment.Jobs)}"
                    : "Release";
                if (!await ConfirmAsync($"deployment {id} of {deployment.MachineCount} machines", what).ConfigureAwait(false)) continue;
                VMDeploymentInfo released = await service.ReleaseAsync(id, KeepJob, cancellationToken).ConfigureAwait(false);
                if (PassThru) Write(released);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
