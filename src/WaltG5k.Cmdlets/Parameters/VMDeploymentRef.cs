using WaltG5k.Core.Deployments;
using WaltG5k.Core.VirtualMachines.Deploying;

namespace WaltG5k.Parameters;

/// <summary>A deployment of virtual machines by its id, or the object itself.</summary>
public sealed class VMDeploymentRef
{
    public VMDeploymentRef(string id) => Id = id;

    public VMDeploymentRef(VMDeploymentInfo deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        Id = deployment.Id;
    }

    public string Id { get; }
    public override string ToString() => Id;
}

/// <summary>Deployments of virtual machines from ids, or from anything that belongs to one.</summary>
public sealed class VMDeploymentConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(item => item switch
    {
        VMDeploymentRef reference => reference,
        VMDeploymentInfo deployment => new VMDeploymentRef(deployment),
        DeployedMachine machine => new VMDeploymentRef(machine.DeploymentId),
        DeploymentStepInfo step => new VMDeploymentRef(step.DeploymentId),
        Finding finding => new VMDeploymentRef(finding.DeploymentId),
        _ => new VMDeploymentRef($"{item}"),
    }).ToArray();
}
