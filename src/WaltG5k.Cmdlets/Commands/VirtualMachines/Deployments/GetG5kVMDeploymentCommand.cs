using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.VirtualMachines.Deploying;

namespace WaltG5k.Commands;

/// <summary>Get-G5kVMDeployment: the newest deployment of virtual machines, some by id, or all.</summary>
[Cmdlet(VerbsCommon.Get, "G5kVMDeployment", DefaultParameterSetName = IdSet)]
[OutputType(typeof(VMDeploymentInfo))]
public sealed class GetG5kVMDeploymentCommand : G5kCmdlet
{
    const string IdSet = "Id", AllSet = "All";

    [Parameter(Position = 0, ParameterSetName = IdSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VMDeploymentCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(Id);
        IReadOnlyList<VMDeploymentInfo> all = VMDeploymentLookup.Open(this).GetAll();
        IEnumerable<VMDeploymentInfo> searched = Id.Length == 0 && !All ? all.Take(1) : all;
        foreach (VMDeploymentInfo deployment in searched)
            if (wanted.Matches(deployment.Id)) Write(deployment);
        foreach (string id in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Deployment", id, Failures.Suggest("Get-G5kVMDeployment -All", id, all.Select(d => d.Id))));
        return Task.CompletedTask;
    }
}
