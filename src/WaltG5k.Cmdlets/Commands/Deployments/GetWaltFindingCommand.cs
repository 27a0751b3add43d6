using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Deployments;

namespace WaltG5k.Commands;

/// <summary>Get-WaltFinding: what went wrong, or nearly, in a deployment.</summary>
[Cmdlet(VerbsCommon.Get, "WaltFinding")]
[OutputType(typeof(Finding))]
public sealed class GetWaltFindingCommand : DeploymentCmdlet
{
    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string[] Code { get; set; } = [];

    [Parameter]
    public FindingSeverity[] Severity { get; set; } = [];

    internal override void WriteParts(DeploymentInfo deployment)
    {
        var wanted = new NameFilter(Code);
        foreach (Finding finding in deployment.Findings)
            if (wanted.Matches(finding.Code) && (Severity.Length == 0 || Severity.Contains(finding.Severity))) Write(finding);
    }
}
