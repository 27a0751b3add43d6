using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Deployments;

namespace WaltG5k.Commands;

/// <summary>Get-WaltDeploymentStep: the steps of a deployment with the time that each took.</summary>
[Cmdlet(VerbsCommon.Get, "WaltDeploymentStep")]
[OutputType(typeof(DeploymentStepInfo))]
public sealed class GetWaltDeploymentStepCommand : DeploymentCmdlet
{
    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter]
    public StepState[] State { get; set; } = [];

    internal override void WriteParts(DeploymentInfo deployment)
    {
        var wanted = new NameFilter(Name);
        foreach (DeploymentStepInfo step in deployment.Steps)
            if (wanted.Matches(step.Name) && (State.Length == 0 || State.Contains(step.State))) Write(step);
    }
}
