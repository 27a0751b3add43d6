using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Parameters;
using WaltG5k.Completers;

namespace WaltG5k.Commands;

/// <summary>Resume-WaltDeployment: goes on with a deployment whose process is gone.</summary>
[Cmdlet(VerbsLifecycle.Resume, "WaltDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(DeploymentInfo))]
public sealed class ResumeWaltDeploymentCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    /// <summary>Set in the main OAR job of an unattended deployment.</summary>
    [Parameter]
    public SwitchParameter Unattended { get; set; }

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
        var service = new DeploymentService(new ReportedGrid(Session.Grid, Session.Relay), Session.Relay);
        foreach (string id in DeploymentLookup.GetIds(this, Deployment))
        {
            try { await ResumeAsync(service, id, cancellationToken).ConfigureAwait(false); }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    async Task ResumeAsync(DeploymentService service, string id, CancellationToken cancellationToken)
    {
        if (!await ConfirmAsync($"deployment {id}", "Resume").ConfigureAwait(false)) return;
        Session.Add(await service.ResumeAsync(id, Unattended, cancellationToken).ConfigureAwait(false));
        if (Wait) await new DeploymentWait(Session, this, Timeout).WaitAsync(id, PassThru, cancellationToken).ConfigureAwait(false);
        else if (PassThru) Write(service.Get(id));
    }
}
