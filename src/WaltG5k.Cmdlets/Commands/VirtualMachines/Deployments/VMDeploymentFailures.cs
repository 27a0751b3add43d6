using WaltG5k.Core;

namespace WaltG5k.Commands;

/// <summary>What is wrong with what a user asks of virtual machines.</summary>
internal static class VMDeploymentFailures
{
    public static G5kException NothingAsked() => new("NoMachines", ErrorKind.InvalidArgument, "No virtual machines are asked for.", null,
        "Give a template (New-G5kVMDeployment 10x2cpu,4GB -Site nancy), or pipe a topology: Import-G5kVMTopology shop.xml | New-G5kVMDeployment");

    public static G5kException NodeNotReserved(string node) =>
        new("NodeNotReserved", ErrorKind.ObjectNotFound, $"No running job of yours holds {node}.", node,
        "Reserve it (New-G5kReservation), name it in full (gros-1.nancy), or leave the nodes out: New-G5kVMDeployment finds and reserves hosts itself.");

    public static G5kException NoDeployment() =>
        new("NoDeployment", ErrorKind.ObjectNotFound, "There is no deployment of virtual machines.", null,
        "Deploy some: New-G5kVMDeployment 10x2cpu,4GB -Site nancy");
}
