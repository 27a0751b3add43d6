using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltDeployment: releases a platform: deletes its jobs and closes its journal.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltDeployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(DeploymentInfo))]
public sealed class RemoveWaltDeploymentCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string id in DeploymentLookup.GetIds(this, Deployment))
        {
            try
            {
                DeploymentInfo deployment = Deployments.Get(id);
                string jobs = deployment.Jobs.Count > 0 ? $"Delete jobs {string.Join(", ", deployment.Jobs)}" : "Release";
                if (!await ConfirmAsync($"deployment {id}", jobs).ConfigureAwait(false)) continue;
                DeploymentInfo released = await Deployments.ReleaseAsync(id, cancellationToken).ConfigureAwait(false);
                if (PassThru) Write(released);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
