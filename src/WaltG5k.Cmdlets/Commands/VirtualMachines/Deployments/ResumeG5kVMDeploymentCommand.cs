using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Resume-G5kVMDeployment: goes on with a deployment of virtual machines whose process is gone.</summary>
[Cmdlet(VerbsLifecycle.Resume, "G5kVMDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(VMDeploymentInfo))]
public sealed class ResumeG5kVMDeploymentCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [VMDeploymentConversion]
    [ArgumentCompleter(typeof(VMDeploymentCompleter))]
    public VMDeploymentRef[] Deployment { get; set; } = [];

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(2);

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        using IDisposable listening = Session.Relay.Attach(this);
        var service = new VMDeploymentService(new ReportedGrid(Session.Grid, Session.Relay), Session.Relay);
        foreach (string id in VMDeploymentLookup.GetIds(this, Deployment, alive: true))
        {
            try
            {
                if (!await ConfirmAsync($"deployment {id}", "Resume").ConfigureAwait(false)) continue;
                Session.Add(await service.ResumeAsync(id, cancellationToken).ConfigureAwait(false));
                if (Wait) await new VMDeploymentWait(Session, this, Timeout).WaitAsync(id, PassThru, cancellationToken).ConfigureAwait(false);
                else if (PassThru) Write(service.Get(id));
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
