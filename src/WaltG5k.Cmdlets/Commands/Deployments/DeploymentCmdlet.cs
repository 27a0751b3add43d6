using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A cmdlet that reads deployments one by one: those given, or the newest one.</summary>
public abstract class DeploymentCmdlet : G5kCmdlet
{
    /// <summary>Deployments by id or as objects; by default the newest one.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    internal abstract void WriteParts(DeploymentInfo deployment);

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string id in DeploymentLookup.GetIdsOrLast(this, Deployment))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try { WriteParts(Deployments.Get(id)); }
            catch (G5kException e) { WriteFailure(e); }
        }
        return Task.CompletedTask;
    }
}
