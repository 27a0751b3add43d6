using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Commands;

/// <summary>Import-G5kVMTopology: topologies from files; each mistake is an error with its line.</summary>
[Cmdlet(VerbsData.Import, "G5kVMTopology", DefaultParameterSetName = PathSet)]
[OutputType(typeof(VMTopology))]
public sealed class ImportG5kVMTopologyCommand : TopologyCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        bool isLiteral = ParameterSetName == LiteralSet;
        return ReadAsync(isLiteral ? LiteralPath : Path, isLiteral, Take, cancellationToken);
    }

    void Take(string file, TopologyReading reading)
    {
        foreach (TopologyProblem problem in reading.Problems)
        {
            if (problem.IsWarning) Warn($"{problem}");
            else WriteFailure(Failures.TopologyProblem(problem));
        }
        if (reading.Topology is not { } topology) return;
        Write(topology.Name.Length > 0 ? topology : topology with { Name = System.IO.Path.GetFileNameWithoutExtension(file) });
    }
}
