using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-G5kVMDeploymentStep: the steps of a deployment of virtual machines with the time that each took.</summary>
[Cmdlet(VerbsCommon.Get, "G5kVMDeploymentStep")]
[OutputType(typeof(DeploymentStepInfo))]
public sealed class GetG5kVMDeploymentStepCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [VMDeploymentConversion]
    [ArgumentCompleter(typeof(VMDeploymentCompleter))]
    public VMDeploymentRef[] Deployment { get; set; } = [];

    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(Name);
        foreach (string id in VMDeploymentLookup.GetIds(this, Deployment, alive: false))
        {
            try
            {
                foreach (DeploymentStepInfo step in VMDeploymentLookup.Open(this).Get(id).Steps)
                    if (wanted.Matches(step.Name)) Write(step);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
        return Task.CompletedTask;
    }
}
