using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Deployments;

namespace WaltG5k.Commands;

/// <summary>Get-WaltDeployment: the newest deployment, some by id, or all.</summary>
[Cmdlet(VerbsCommon.Get, "WaltDeployment", DefaultParameterSetName = IdSet)]
[OutputType(typeof(DeploymentInfo))]
public sealed class GetWaltDeploymentCommand : G5kCmdlet
{
    const string IdSet = "Id", AllSet = "All";

    [Parameter(Position = 0, ParameterSetName = IdSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(Id);
        IReadOnlyList<DeploymentInfo> all = Deployments.GetAll();
        IEnumerable<DeploymentInfo> searched = Id.Length == 0 && !All ? all.Take(1) : all;
        foreach (DeploymentInfo deployment in searched)
            if (wanted.Matches(deployment.Id)) Write(deployment);
        foreach (string id in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Deployment", id, Failures.Suggest("Get-WaltDeployment -All", id, all.Select(d => d.Id))));
        return Task.CompletedTask;
    }
}
