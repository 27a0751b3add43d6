using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Placement;

namespace WaltG5k;

/// <summary>Failures about virtual machines.</summary>
internal static partial class Failures
{
    public static G5kException TopologyProblem(Core.VirtualMachines.Topologies.TopologyProblem problem) => new(problem.Code, ErrorKind.InvalidData,
        $"{problem}", problem.Target.Length > 0 ? problem.Target : problem.Place,
        problem.Place.Length > 0 ? $"Correct {problem.Place}." : "Correct the topology.");

    public static G5kException TopologyFileTwice(string name, string path) => new(nameof(TopologyFileTwice), ErrorKind.ResourceExists,
        $"{path} holds another of these topologies already; {name} was not written.", path, "Name a folder: it gets a file for each.");

    public static G5kException TopologyFileExists(string path) => new(nameof(TopologyFileExists), ErrorKind.ResourceExists,
        $"{path} is there already.", path, "Add -Force to write over it.");

    public static G5kException PictureNotOpened(string path, Exception inner) => new(nameof(PictureNotOpened), ErrorKind.NotInstalled,
        $"The picture was drawn, and nothing here opens it: {inner.Message}", path, "Copy it to your own machine, and open it in a browser.", inner);

    public static G5kException NoVirtualization(string cluster, int count) => new(nameof(NoVirtualization), ErrorKind.InvalidArgument,
        FormattableString.Invariant(
        $"{count} nodes of {cluster} cannot host virtual machines: the site does not offer hardware virtualisation on them."), cluster,
        "Get-G5kNode | Where-Object CanHostMachines");

    public static G5kException MachineNotPlaced(PlacementRefusal refusal) => new(nameof(MachineNotPlaced), ErrorKind.ResourceUnavailable,
        $"{refusal.Machine.Id}: {refusal.Reason}", refusal.Machine, refusal.Remedy.Text);
}
