using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Commands;

/// <summary>Test-G5kVMTopology: whether a topology can be used; warnings tell every mistake with its line.</summary>
[Cmdlet(VerbsDiagnostic.Test, "G5kVMTopology", DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(bool))]
public sealed class TestG5kVMTopologyCommand : TopologyCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    public VMTopology[] InputObject { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double CpuOvercommit { get; set; } = 1;

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName != ObjectSet)
        {
            bool isLiteral = ParameterSetName == LiteralSet;
            await ReadAsync(isLiteral ? LiteralPath : Path, isLiteral, Take, cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (VMTopology topology in InputObject) Answer(topology.Name, TopologyCheck.Run(topology, Capacity));
    }

    PlacementOptions Capacity => new() { CpuOvercommit = CpuOvercommit };

    void Take(string file, TopologyReading reading)
    {
        // The reading has found all but what depends on the ratio.
        IEnumerable<TopologyProblem> room = reading.Topology is { } topology
            ? TopologyCheck.Run(topology, Capacity).Where(p => p.Code == "HostOverfull")
            : [];
        Answer(file, [.. reading.Problems, .. room]);
    }

    void Answer(string name, IReadOnlyList<TopologyProblem> problems)
    {
        foreach (TopologyProblem problem in problems) Warn(problem.Place.Length > 0 || name.Length == 0 ? $"{problem}" : $"{name}: {problem}");
        Write(problems.All(p => p.IsWarning));
    }
}
